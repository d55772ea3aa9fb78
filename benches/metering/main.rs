//! What metering costs: `cargo bench -p hebe-benches --bench metering`, and with `-- --json FILE` for machines too.
//!
//! Times are medians of thread CPU time. Metered and unmetered take turns, and a ratio is the median of the ratios
//! of neighbours; `quiet` is the ratio of the lower deciles. Warm execution is measured in several processes: what is
//! printed is their median, and as ± half of the distance between their quartiles. It fails when metered and
//! unmetered runs do not give the same, never for a time.

mod execution;
mod loading;
mod programs;
mod report;
mod sampler;
mod shapes;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio, exit},
};

use hebe_benches::large;
use hebe_host_ei::{Profile, Revision};
use hebe_vm::validate::validate;
use serde_json::{Value, json};
use wasmi::CompilationMode;

use execution::Row;
use loading::{Load, compile};
use programs::Program;
use report::{heading, worst};
use sampler::Sampler;

/// How often warm execution is measured, each time in a process of its own.
const PROCESSES: usize = 7;

fn main() {
    let options = Options::parse();
    let scale = if options.quick { 0.1 } else { 1.0 };
    let (kernels, micro_loops) = (programs::kernels(), programs::micro_loops());
    if options.child {
        let sampler = Sampler { budget: 200_000.0 * scale };
        kernels
            .iter()
            .chain(&micro_loops)
            .for_each(|program| println!("{}", Row::measure(program, sampler).write()));
        return;
    }
    let rows: Vec<Vec<Row>> = (0..PROCESSES).map(|_| child(options.quick)).collect();
    let (of_kernels, of_loops): (Vec<&[Row]>, Vec<&[Row]>) =
        rows.iter().map(|rows| rows.split_at(kernels.len())).unzip();
    let kernel_rows = execution::table("Contracts, warm", &kernels, &of_kernels);
    let micro_rows = execution::table("Micro loops, warm", &micro_loops, &of_loops);
    let load = Sampler { budget: 60_000.0 * scale };

    let codes: Vec<&[u8]> = kernels.iter().map(|kernel| &*kernel.code).collect();
    let (typical, large) = (large::repeat(&codes, 25_000), large::repeat(&codes, 200_000));
    let mut contracts: Vec<(&str, &[u8], &Program)> =
        kernels.iter().map(|kernel| (kernel.name, &*kernel.code, kernel)).collect();
    contracts.push(("all again, to 25 KB", &typical, &kernels[0]));
    contracts.push(("all again, to 200 KB", &large, &kernels[0]));
    let loading = loading::table(&contracts, load);

    let report = json!({
        "kernels": kernel_rows,
        "micro_loops": micro_rows,
        "loading": loading,
        "shapes": shapes(&typical, load),
        "refused": refused(load),
    });
    if let Some(file) = options.json
        && let Err(error) = fs::write(&file, format!("{report:#}\n"))
    {
        fail(&format!("cannot write {}: {error}", file.display()));
    }
}

/// What another process measured of all programs.
fn child(quick: bool) -> Vec<Row> {
    let mut command = Command::new(std::env::current_exe().expect("a benchmark has a path"));
    command.arg("--child").args(quick.then_some("--quick")).stderr(Stdio::inherit());
    let output = command.output().expect("this program runs");
    assert!(output.status.success(), "{}", output.status);
    let text = String::from_utf8(output.stdout).expect("numbers");
    text.lines().map(|line| Row::read(line).expect("a row")).collect()
}

/// Prints what each shape takes against a typical contract.
fn shapes(typical: &[u8], sampler: Sampler) -> Value {
    heading(
        "Shapes",
        "         ns per byte of code:       ÷    8 parts   size   translated, metered:",
        "  bytes validate  meter    sum typical ÷ one part ratio   ns per byte    ratio",
    );
    let mut rows = Vec::new();
    let mut ratios = Vec::new();
    for (name, make) in shapes::SHAPES {
        let (part, code) = (make(1), make(shapes::PARTS));
        // Again for each: the machine may be slower by now.
        let usual = Load::of(typical, sampler);
        let (small, load) = (Load::of(&part, sampler), Load::of(&code, sampler));
        let eager = compile(&code, CompilationMode::Eager, sampler);
        let (ratio, growth) = (load.sum() / usual.sum(), load.sum() / small.sum());
        let translated = eager.metered * 1e3 / code.len() as f64;
        println!(
            "{name:28}{:7} {:8.2} {:6.2} {:6.2} {ratio:7.2} {growth:10.2} {:5.2} {translated:13.2} {:8.2}",
            code.len(),
            load.validate,
            load.meter,
            load.sum(),
            load.size,
            eager.ratio
        );
        ratios.push((*name, ratio));
        rows.push(json!({
            "name": name, "bytes": code.len(), "validate_ns_per_byte": load.validate,
            "meter_ns_per_byte": load.meter, "sum_ns_per_byte": load.sum(), "to_typical": ratio,
            "growth": growth, "size_ratio": load.size, "translated_ns_per_byte": translated,
            "translated_ratio": eager.ratio,
        }));
    }
    let (name, most) = worst(&ratios);
    println!("{:28}{most:38.2}  {name}", "worst to typical");
    json!({ "rows": rows, "worst": most, "worst_name": name })
}

/// Prints why shapes beyond the limits are refused, and what that takes.
fn refused(sampler: Sampler) -> Value {
    heading("Refused", "             ns per", "  bytes         byte  why");
    let row = |(name, make): &shapes::Shape| {
        let code = make(shapes::PARTS);
        let check = || {
            validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect_err("it is beyond a limit")
        };
        let (reason, time) = (check().to_string(), sampler.time(check) * 1e3 / code.len() as f64);
        println!("{name:28}{:7} {time:12.2}  {reason}", code.len());
        json!({ "name": name, "bytes": code.len(), "ns_per_byte": time, "reason": reason })
    };
    shapes::REFUSED.iter().map(row).collect()
}

#[derive(Default)]
struct Options {
    json: Option<PathBuf>,
    quick: bool,
    /// This is one of the processes that measure execution, for the one that prints.
    child: bool,
}

impl Options {
    fn parse() -> Self {
        let mut options = Self::default();
        let mut arguments = std::env::args_os().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                // Cargo says this to every benchmark.
                Some("--bench") => {}
                Some("--child") => options.child = true,
                Some("--quick") => options.quick = true,
                Some("--json") => match arguments.next() {
                    Some(file) => options.json = Some(file.into()),
                    None => fail("--json wants a file"),
                },
                _ => fail(&format!("unknown argument {argument:?}; there are --json FILE and --quick")),
            }
        }
        options
    }
}

fn fail(why: &str) -> ! {
    eprintln!("metering: {why}");
    exit(2);
}
