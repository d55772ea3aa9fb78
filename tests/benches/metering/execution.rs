//! Metered against unmetered, warm.

use hebe_host_ei::{Message, Outcome, Profile, Revision, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering, validate::validate};
use serde_json::{Value, json};

use crate::{
    loading::metered,
    programs::Program,
    report::{geometric_mean, heading, worst},
    sampler::{Comparison, Sampler},
};

/// Particles to a gas.
const PARTICLES: i64 = 10_000;

/// Prints a table of these programs.
pub(crate) fn table(title: &str, programs: &[Program], sampler: Sampler) -> Value {
    heading(
        title,
        "      µs:               metered ÷",
        " unmetered    metered unmetered      ±   quiet  instructions  ns each",
    );
    let mut rows = Vec::new();
    let (mut ratios, mut quiet) = (Vec::new(), Vec::new());
    for program in programs {
        let vms = vms();
        let instructions = check(program, &vms);
        let times = sampler.compare(
            |metering| (vm(&vms, metering), program.message.clone(), program.host.clone()),
            |(vm, message, host)| vm.execute(Revision::Byzantium, &program.code, message, host),
        );
        let each = times.metered * 1e3 / instructions as f64;
        println!(
            "{:28}{:10.2} {:10.2} {:9.3} {:6.3} {:7.3} {instructions:13} {each:8.2}",
            program.name, times.unmetered, times.metered, times.ratio, times.spread, times.quiet
        );
        ratios.push((program.name, times.ratio));
        quiet.push((program.name, times.quiet));
        rows.push(json!({
            "name": program.name, "unmetered_us": times.unmetered, "metered_us": times.metered,
            "ratio": times.ratio, "spread": times.spread,
            "quiet": times.quiet, "instructions": instructions,
        }));
    }
    let (mean, quiet_mean) = (geometric_mean(&ratios), geometric_mean(&quiet));
    let ((name, most), (quiet_name, quiet_most)) = (worst(&ratios), worst(&quiet));
    println!("{:28}{mean:31.3} {quiet_mean:14.3}", "geometric mean");
    println!("{:28}{most:31.3} {quiet_most:14.3}  {name}, {quiet_name}", "worst");
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

    let module = validate(&program.code, &Profile::EXTENDED, false).expect("it ran");
    let start = metered(&module).start_cost().expect("it is metered");
    // What is left is told rounded down.
    plain.gas_left - outcome.gas_left - (start + PARTICLES - 1) / PARTICLES
}
