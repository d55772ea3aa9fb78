//! How fast Hebe is, beside others: `cargo bench -p hebe-benches --bench speed`, `-- --help` for more.

mod aims;
mod bare;
mod bench;
mod calls;
mod child;
mod cold;
mod draw;
mod evm;
mod extensions;
mod growth;
mod jobs;
mod kernels;
mod light;
mod nest;
mod options;
mod print;
mod resources;
mod sampler;
mod sizes;
mod threads;
mod warm;
mod winch;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use bench::Bench;
use options::{Options, fail};

fn main() {
    let options = Options::parse();
    if let Some(question) = &options.child {
        child::answer(question);
        return;
    }
    let mut bench = Bench::new(options.library.clone(), options.quick);
    let start = Instant::now();
    for name in options::PARTS.into_iter().filter(|name| options.wants(name)) {
        eprintln!("{name} (after {} s)", start.elapsed().as_secs());
        measure(&mut bench, name);
    }
    eprintln!("measured in {} s", start.elapsed().as_secs());
    bench.figures.aims = aims::reached(&bench.figures);
    print_all(&bench, &options);
    write_all(&bench, &options);
}

fn measure(bench: &mut Bench, part: &str) {
    match part {
        "kernels" => kernels::measure(bench),
        "memory" => resources::measure_memory(bench),
        "library" => resources::measure_library(bench),
        _ => child::part(bench, part),
    }
    if part == "warm" {
        child::part(bench, "ethereum");
    }
}

fn print_all(bench: &Bench, options: &Options) {
    let figures = &bench.figures;
    print::values(figures, kernels::GROUP, "Kernels");
    print::ratios(figures, kernels::GROUP, "Kernels, × native", |_| "native".to_owned());
    print::ratios(figures, kernels::GROUP, "Kernels, ÷ revm", |_| "revm".to_owned());
    print::ratios(figures, kernels::GROUP, "Kernels, metered ÷ bare", |engine| format!("bare {engine}"));
    print::ratios(figures, kernels::GROUP, "Kernels, metered ÷ metering=none", |engine| {
        format!("{engine} unmetered")
    });
    if !figures.rows(kernels::GROUP).is_empty() {
        println!(
            "(keccak256 and mulmod are opcodes of the EVM; sha256 and blake2b would be precompiles, so: –)"
        );
    }
    print::values(figures, extensions::GAS_GROUP, "Host's 256-bit and Keccak functions");
    print::ratios(figures, extensions::GAS_GROUP, "Gas, with ÷ without", |_| "without".to_owned());
    print::values(figures, extensions::GROUP, "Host's 256-bit and Keccak functions");
    print::ratios(figures, extensions::GROUP, "Time, with ÷ without", extensions::without);
    print::ratios(figures, extensions::GROUP, "Time, ÷ revm's precompile", |_| "revm".to_owned());
    print::values(figures, cold::GROUP, "From bytes to the first result");
    print::values(figures, warm::GROUP, "Warm");
    print::ratios(figures, warm::GROUP, "Warm, through C ÷ linked in", |engine| format!("{engine} linked"));
    print::ratios(figures, warm::GROUP, "Warm, through C ÷ bare", |engine| format!("bare {engine}"));
    print::ratios(figures, warm::GROUP, "Local Ethereum, wasm ÷ EVM code", |_| "revm".to_owned());
    print::values(figures, calls::GROUP, "One more call");
    print::values(figures, threads::GROUP, "Two threads beside one");
    print::values(figures, resources::MEMORY, "Resident memory");
    print::values(figures, resources::LIBRARY, "The library");
    print::growth(figures, growth::GROUP, growth::BEFORE);
    print::aims(figures, options.all());
    for missing in &bench.missing {
        println!("\nNOT MEASURED: {missing}");
    }
}

fn write_all(bench: &Bench, options: &Options) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project has a folder");
    let target = target();
    let json = options.json.clone().unwrap_or_else(|| target.join("speed.json"));
    write(&json, &format!("{:#}\n", bench.figures.to_json(bench.how())));
    let folder = if options.docs { project.join("docs") } else { target };
    write(&folder.join("speed.svg"), &draw::chart(&bench.figures, &bench.engines));
}

/// Cargo's target folder: the benchmark is in `release/deps` of it.
fn target() -> PathBuf {
    let bench = std::env::current_exe().expect("a benchmark has a path");
    bench.ancestors().nth(3).map_or_else(PathBuf::new, Path::to_path_buf)
}

fn write(file: &Path, text: &str) {
    match fs::write(file, text) {
        Ok(()) => println!("wrote {}", file.display()),
        Err(error) => fail(&format!("cannot write {}: {error}", file.display())),
    }
}
