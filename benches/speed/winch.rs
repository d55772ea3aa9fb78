//! Whether what is called Winch was Winch.
//!
//! Its code needs the handlers of signals that it set when it came into being. If anyone has set others since, the interpreter
//! runs instead, with the same results. So whoever measured Winch asks here afterwards: handlers that are still
//! in place at the end were so all the time, for nobody puts them back.

use hebe_benches::support::{contract, message, now};
use hebe_host_ei::{Host, Message, Revision, mock::MockHost};
use hebe_vm::{Config, Vm};

use crate::{
    bench::{Bench, run},
    options::broken,
};

/// How many times as fast as the interpreter Winch is in a plain loop, at least. It is four to six.
const FASTER: f64 = 2.0;

/// Ends the run unless Winch ran in this process, in the library, and that it compiles all that was measured.
pub(crate) fn prove(bench: &Bench) {
    let code = contract("xorshift/xorshift-fast");
    let (winch, wasmi) = (bench.vm("winch", "inline"), bench.vm("wasmi", "inline"));
    is_faster("through C", || drop(run(&winch, &code, rounds())), || drop(run(&wasmi, &code, rounds())));
    for code in &bench.measured {
        // Through C nobody tells. This is the last that happens here: another Winch takes the handlers.
        let vm = linked("winch");
        drop(vm.execute(Revision::Byzantium, code, message(Vec::new()), MockHost::default()));
        if vm.machine_code().winch != 1 {
            broken(&format!("Winch does not compile a contract of {} bytes that was measured", code.len()));
        }
    }
}

/// The same, where the VM is linked in.
pub(crate) fn prove_linked() {
    let code = contract("xorshift/xorshift-fast");
    let (winch, wasmi) = (linked("winch"), linked("wasmi"));
    let run = |vm: &Vm<MockHost>| {
        let (message, host) = rounds();
        let (_, outcome) = vm.execute(Revision::Byzantium, &code, message, host);
        outcome.expect("no fault");
    };
    is_faster("linked in", || run(&winch), || run(&wasmi));
}

/// A VM that is linked in.
pub(crate) fn linked<H: Host>(engine: &str) -> Vm<H> {
    let mut config = Config::default();
    config.set("engine", Some(engine)).expect("one of its values");
    Vm::new(config)
}

/// A number to begin with, and 100,000 rounds.
fn rounds() -> (Message, MockHost) {
    let input = [[0; 3].as_slice(), &[1], &[0; 3], &[100_000]].concat();
    (message(input.into_iter().flat_map(u64::to_be_bytes).collect()), MockHost::default())
}

fn is_faster(which: &str, winch: impl Fn(), wasmi: impl Fn()) {
    let (winch, wasmi) = (least(winch), least(wasmi));
    if winch * FASTER >= wasmi {
        broken(&format!(
            "Winch {which} takes {winch:.0} µs and the interpreter {wasmi:.0}: what was measured as Winch was not"
        ));
    }
}

/// The least time of a few.
fn least(run: impl Fn()) -> f64 {
    let time = |_| {
        let start = now();
        run();
        now() - start
    };
    (0..7).map(time).fold(f64::INFINITY, f64::min)
}
