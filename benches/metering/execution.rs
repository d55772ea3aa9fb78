//! Metered against unmetered, warm.
//!
//! Where the system puts code and memory makes more of a difference than any noise, and is another in each process.

use hebe_host_ei::{Message, Outcome, Profile, Revision, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering, validate::validate};
use serde_json::{Value, json};

use crate::{
    loading::metered,
    programs::Program,
    report::{geometric_mean, heading, worst},
    sampler::{Comparison, Sampler, quantile, sorted},
};

/// Particles to a gas.
const PARTICLES: i64 = 10_000;

/// What came of one program in one process.
pub(crate) struct Row {
    unmetered: f64,
    metered: f64,
    ratio: f64,
    quiet: f64,
    instructions: i64,
}

impl Row {
    pub(crate) fn measure(program: &Program, sampler: Sampler) -> Self {
        let vms = vms();
        let instructions = check(program, &vms);
        let Comparison { unmetered, metered, ratio, quiet } = sampler.compare(
            |metering| (vm(&vms, metering), program.message.clone(), program.host.clone()),
            |(vm, message, host)| vm.execute(Revision::Byzantium, &program.code, message, host),
        );
        Self { unmetered, metered, ratio, quiet, instructions }
    }

    /// A line that [`Row::read`] reads.
    pub(crate) fn write(&self) -> String {
        let Self { unmetered, metered, ratio, quiet, instructions } = self;
        format!("{unmetered} {metered} {ratio} {quiet} {instructions}")
    }

    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut number = || words.next()?.parse().ok();
        let (unmetered, metered, ratio, quiet) = (number()?, number()?, number()?, number()?);
        Some(Self { unmetered, metered, ratio, quiet, instructions: words.next()?.parse().ok()? })
    }
}

/// Prints a table of these programs; each has a row of each process.
pub(crate) fn table(title: &str, programs: &[Program], processes: &[&[Row]]) -> Value {
    heading(
        title,
        "      µs:               metered ÷",
        " unmetered    metered unmetered      ±   quiet  instructions  ns each",
    );
    let mut rows = Vec::new();
    let (mut ratios, mut quiet_ratios) = (Vec::new(), Vec::new());
    for (n, Program { name, .. }) in programs.iter().enumerate() {
        let all = |value: fn(&Row) -> f64| sorted(processes.iter().map(|rows| value(&rows[n])).collect());
        let median = |value| quantile(&all(value), 0.5);
        let (unmetered, metered) = (median(|row| row.unmetered), median(|row| row.metered));
        let (ratio, quiet) = (median(|row| row.ratio), median(|row| row.quiet));
        let spread = (quantile(&all(|row| row.ratio), 0.75) - quantile(&all(|row| row.ratio), 0.25)) / 2.0;
        let instructions = processes[0][n].instructions;
        let each = metered * 1e3 / instructions as f64;
        println!(
            "{name:28}{unmetered:10.2} {metered:10.2} {ratio:9.3} {spread:6.3} {quiet:7.3} {instructions:13} {each:8.2}"
        );
        ratios.push((*name, ratio));
        quiet_ratios.push((*name, quiet));
        rows.push(json!({
            "name": name, "unmetered_us": unmetered, "metered_us": metered, "ratio": ratio,
            "spread": spread, "quiet": quiet, "instructions": instructions,
        }));
    }
    let (mean, quiet_mean) = (geometric_mean(&ratios), geometric_mean(&quiet_ratios));
    let ((name, most), (quiet_name, quiet_most)) = (worst(&ratios), worst(&quiet_ratios));
    println!("{:28}{mean:31.3} {quiet_mean:14.3}", "geometric mean");
    println!("{:28}{most:31.3} {quiet_most:14.3}", "worst");
    json!({
        "rows": rows, "geometric_mean": mean, "worst": most, "worst_name": name,
        "quiet_geometric_mean": quiet_mean, "quiet_worst": quiet_most, "quiet_worst_name": quiet_name,
    })
}

/// Compares what a fresh VM needs from bytes to the first result, for a call without call data, which ends soon.
pub(crate) fn first_call(code: &[u8], program: &Program, sampler: Sampler) -> Comparison {
    let message = Message { input: Vec::new(), ..program.message.clone() };
    sampler.compare(
        |metering| (new_vm(metering), message.clone(), MockHost::default()),
        |(vm, message, host)| {
            let outcome = vm.execute(Revision::Byzantium, code, message, host);
            (vm, outcome)
        },
    )
}

type Vms = [Vm<MockHost>; 2];

fn vms() -> Vms {
    [Metering::None, Metering::Inline].map(new_vm)
}

fn new_vm(metering: Metering) -> Vm<MockHost> {
    Vm::new(Config { metering, ..Config::default() })
}

fn vm(vms: &Vms, metering: Metering) -> &Vm<MockHost> {
    &vms[usize::from(metering == Metering::Inline)]
}

/// Both succeed with the same output, logs and storage. Says how many instructions ran: with the schedule
/// `unit` that is what metering costs, beside the start.
fn check(program: &Program, vms: &Vms) -> i64 {
    let run = |vm: &Vm<MockHost>| {
        let (host, outcome) =
            vm.execute(Revision::Byzantium, &program.code, program.message.clone(), program.host.clone());
        (host, outcome.expect("no fault"))
    };
    let [(plain_host, plain), (host, outcome)] = [&vms[0], &vms[1]].map(run);
    let facts = |outcome: &Outcome| (outcome.status, outcome.output.clone());
    assert_eq!(facts(&plain), (StatusCode::Success, outcome.output.clone()), "{}", program.name);
    assert_eq!(facts(&plain), facts(&outcome), "{}", program.name);
    assert_eq!((plain_host.logs, plain_host.accounts), (host.logs, host.accounts), "{}", program.name);

    let module = validate(&program.code, &Profile::EXTENDED, Revision::Byzantium, false).expect("it ran");
    let start = metered(&module).start().particles();
    // What is left is told rounded down.
    plain.gas_left - outcome.gas_left - (start + PARTICLES - 1) / PARTICLES
}
