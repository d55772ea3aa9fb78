//! From bytes to the first result.

use hebe_benches::support::message;
use hebe_host_ei::mock::MockHost;

use crate::{
    bench::{Bench, run},
    sampler::{Contender, Series},
    sizes::{distinct, sized},
};

pub(crate) const GROUP: &str = "cold";

/// Kilobytes.
const SIZES: [usize; 5] = [1, 7, 30, 38, 200];

pub(crate) fn row(kilobytes: usize, where_to: &str) -> String {
    format!("{kilobytes} KB, {where_to}")
}

/// In a VM that runs already, and in one that was just created.
pub(crate) const NEW_CODE: &str = "new code";
pub(crate) const NEW_VM: &str = "new VM";

pub(crate) fn measure(bench: &mut Bench) {
    for kilobytes in SIZES {
        let code = sized(kilobytes * 1000);
        eprintln!("  {} bytes", code.len());
        for engines in groups(&bench.engines) {
            let contenders: Vec<Contender<'_>> =
                engines.iter().map(|engine| new_code(bench, engine, engine, &code)).collect();
            let series = Series::measure(&contenders, bench.seconds(2.0));
            drop(contenders);
            series.note(&mut bench.figures, GROUP, &row(kilobytes, NEW_CODE), |_| Vec::new());

            let contenders: Vec<Contender<'_>> =
                engines.iter().map(|engine| new_vm(bench, engine, &code)).collect();
            let series = Series::measure(&contenders, bench.seconds(2.0));
            drop(contenders);
            series.note(&mut bench.figures, GROUP, &row(kilobytes, NEW_VM), |_| Vec::new());
        }
        bench.measured.push(code);
    }
}

/// Those that compile new code at once, and the others: a compiler leaves the processor's caches cold for whoever comes after it.
fn groups(engines: &[String]) -> [Vec<String>; 2] {
    let compiles = |engine: &&String| matches!(engine.as_str(), "winch" | "cranelift");
    let (at_once, later) = engines.iter().partition::<Vec<_>, _>(compiles);
    [later, at_once].map(|group| group.into_iter().cloned().collect())
}

/// Who runs code that the VM has never seen.
pub(crate) fn new_code<'a>(bench: &Bench, name: &str, engine: &str, code: &'a [u8]) -> Contender<'a> {
    let vm = bench.vm(engine, "inline");
    let input = move || (distinct(code), message(Vec::new()), MockHost::default());
    Contender::new(name, input, move |(code, message, host)| {
        let end = run(&vm, &code, (message, host));
        (code, end)
    })
}

/// Who runs code in a VM that was just created.
fn new_vm<'a>(bench: &'a Bench, engine: &'a str, code: &'a [u8]) -> Contender<'a> {
    let input = || (bench.vm(engine, "inline"), message(Vec::new()), MockHost::default());
    let work = |(vm, message, host)| {
        let end = run(&vm, code, (message, host));
        (vm, end)
    };
    Contender::new(engine, input, work).one_by_one()
}
