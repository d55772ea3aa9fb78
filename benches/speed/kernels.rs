//! Computation: each engine, metered and not, beside native code, the bare engines and EVM code.

use std::rc::Rc;

use crate::{
    bare::{self, World},
    bench::{Bench, run},
    child,
    evm::Chain,
    jobs::{Job, Left, jobs},
    sampler::{Contender, Series},
};
use hebe_benches::{
    figures::Figures,
    support::{CODE, message},
};

pub(crate) const GROUP: &str = "kernels";

/// The job that is mostly host calls, and the one that is a plain loop.
pub(crate) const TRANSFERS: &str = "500 token transfers";
pub(crate) const LOOP: &str = "xorshift, 1M rounds";

/// Seconds to measure a kernel for, in all processes.
const SECONDS: f64 = 20.0;

/// Where the system puts code and memory makes more of a difference to an interpreter than any noise, and is another in
/// each process: so there are several, and what counts is their median.
const PROCESSES: usize = 5;

pub(crate) fn measure(bench: &mut Bench) {
    let processes = if bench.quick { 1 } else { PROCESSES };
    for (n, job) in jobs().iter().enumerate() {
        eprintln!("  {}", job.name);
        let runs: Vec<Figures> = (0..processes).map(|_| child::kernel(bench, n)).collect();
        bench.figures.append(Figures::medians(&runs));
    }
}

/// In a process of its own: what this one measures of one job.
pub(crate) fn one_job(bench: &mut Bench, n: usize) {
    one(bench, &jobs()[n]);
}

fn one(bench: &mut Bench, job: &Job) {
    bare::set_handlers();
    bench.measured.push(job.code.clone());
    let native = || {
        let mut host = job.host.clone();
        let output = (job.native)(&job.input, &mut host);
        (output, host)
    };
    let (expected, expected_host) = native();
    let expected_left = Left::of(&expected_host);
    let mut contenders = vec![Contender::new(
        "native",
        || job.host.clone(),
        |mut host| {
            let output = (job.native)(&job.input, &mut host);
            (output, host)
        },
    )];

    for (name, engine) in bare::engines(&job.code) {
        let world = || World::new(job.input.clone(), job.host.clone());
        let end = engine.run(world());
        assert_eq!(end.output, expected, "{}: {name} and native code differ", job.name);
        assert_eq!(
            Left::of(&end.host),
            expected_left,
            "{}: {name} leaves something else than native code",
            job.name
        );
        contenders.push(Contender::new(name, world, move |world| engine.run(world)));
    }
    for engine in &bench.engines {
        for metering in ["inline", "none"] {
            let vm = bench.vm(engine, metering);
            let input = || (message(job.input.clone()), job.host.clone());
            let (host, outcome) = run(&vm, &job.code, input());
            assert_eq!(outcome.output, expected, "{}: {engine} and native code differ", job.name);
            assert_eq!(Left::of(&host), expected_left, "{}: {engine} leaves something else", job.name);
            bench.settle(engine, || drop(run(&vm, &job.code, input())));
            let name = unmetered_name(engine, metering);
            contenders.push(Contender::new(name, input, move |input| run(&vm, &job.code, input)));
        }
    }
    if let Some(text) = job.evm {
        contenders.push(evm(job, text, &expected, &expected_left));
    }

    let seconds = bench.seconds(if bench.quick { SECONDS } else { SECONDS / PROCESSES as f64 });
    let series = Series::measure(&contenders, seconds);
    let engines = bench.engines.clone();
    series.note(&mut bench.figures, GROUP, job.name, |name| beside(&engines, name));
}

/// The same job in EVM code; the result is the same.
fn evm<'a>(job: &'a Job, text: &str, expected: &[u8], left: &Left) -> Contender<'a> {
    let chain = Rc::new(Chain::evm(text, &job.host));
    let (state, output) = chain.run(chain.input(job.input.clone()));
    assert_eq!(output, expected, "{}: EVM and native code differ", job.name);
    let storage = &state.get(&CODE).expect("the contract").storage;
    assert_eq!(*storage, left.storage, "{}: EVM code leaves something else than native code", job.name);
    let input = Rc::clone(&chain);
    Contender::new("revm", move || input.input(job.input.clone()), move |input| chain.run(input))
}

fn unmetered_name(engine: &str, metering: &str) -> String {
    if metering == "none" { format!("{engine} unmetered") } else { engine.to_owned() }
}

/// Whose times an engine's are divided by.
fn beside(engines: &[String], name: &str) -> Vec<String> {
    let mut beside = vec!["native".to_owned()];
    if engines.iter().any(|engine| engine == name) {
        beside.extend(["revm".to_owned(), format!("bare {name}"), format!("{name} unmetered")]);
    }
    beside.retain(|beside| beside != name);
    beside
}
