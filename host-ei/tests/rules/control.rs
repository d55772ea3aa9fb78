//! The ends of an execution.

use hebe_host_ei::{GasCounter, Halt, StatusCode, Stop, functions::*};

use crate::{GAS, MEMORY, OTHER, Run, SELF};

/// `eth_interface.md`: both are free, take their output from memory and do not return.
#[test]
fn finish_and_revert_take_their_output() {
    let mut run = Run::new();
    run.put(10, b"output");
    assert_eq!(run.call(|g| finish(g, 10, 6)), Err(Halt::Finish.into()));
    assert_eq!((run.used(), &run.frame.output[..]), (0, &b"output"[..]));
    let mut run = Run::new();
    run.put(10, b"reason");
    assert_eq!(run.call(|g| revert(g, 10, 6)), Err(Halt::Revert.into()));
    assert_eq!((run.used(), &run.frame.output[..]), (0, &b"reason"[..]));
}

/// An empty output still needs a pointer within memory, its end included.
#[test]
fn zero_length_output_must_be_in_bounds() {
    let mut run = Run::new();
    assert_eq!(run.call(|g| finish(g, MEMORY, 0)), Err(Halt::Finish.into()));
    let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 + 1, length: 0, size: MEMORY as u64 };
    assert_eq!(run.call(|g| finish(g, MEMORY + 1, 0)), Err(halt.into()));
    assert_eq!(run.call(|g| revert(g, MEMORY + 1, 0)), Err(halt.into()));
}

/// What an end keeps: a success everything, a revert its gas and output, another failure nothing.
#[test]
fn an_end_keeps_what_it_may() {
    let outcome = |halt: Halt| {
        let mut run = Run::new();
        (run.frame.gas, run.frame.refund, run.frame.output) = (GasCounter::new(5), 6, vec![7]);
        let outcome = run.frame.finish(Ok(halt)).1.expect("no fault");
        (outcome.status, outcome.gas_left, outcome.gas_refund, outcome.output)
    };
    for halt in [Halt::Return, Halt::Finish, Halt::SelfDestruct] {
        assert_eq!(outcome(halt), (StatusCode::Success, 5, 6, vec![7]));
    }
    assert_eq!(outcome(Halt::Revert), (StatusCode::Revert, 5, 0, vec![7]));
    for halt in [Halt::OutOfGas { charge: 1, left: 0 }, Halt::Unreachable, Halt::StackOverflow] {
        assert_eq!(outcome(halt), (halt.status(), 0, 0, vec![]));
    }
}

/// Runs a `selfDestruct` and gives its gas and refund.
fn destroy(own_balance: u64, beneficiary_exists: bool) -> (i64, i64) {
    let mut run = Run::new();
    run.set_balance(SELF, own_balance);
    if beneficiary_exists {
        run.set_balance(OTHER, 0);
    }
    run.put(0, &OTHER.0);
    assert_eq!(run.call(|g| self_destruct(g, 0)), Err(Halt::SelfDestruct.into()));
    assert_eq!(run.frame.host.destroyed, [(SELF, OTHER)]);
    (run.used(), run.frame.refund)
}

/// EIP-150 (5000, 25000) and EIP-161 (the 25000 only for a balance that is not zero);
/// R_selfdestruct = 24000. Hera took the 25000 at zero balance too.
#[test]
fn self_destruct_pays_for_a_new_account_only_with_a_balance() {
    assert_eq!(destroy(1, false), (30_000, 24_000));
    assert_eq!(destroy(0, false), (5_000, 24_000));
    assert_eq!(destroy(1, true), (5_000, 24_000));
    assert_eq!(destroy(0, true), (5_000, 24_000));
}

/// R_selfdestruct is earned once for an account in a transaction: the host says whether it is the first.
#[test]
fn a_second_self_destruct_earns_nothing() {
    let mut run = Run::new();
    run.frame.host.destroyed.push((SELF, OTHER));
    run.put(0, &OTHER.0);
    assert_eq!(run.call(|g| self_destruct(g, 0)), Err(Halt::SelfDestruct.into()));
    assert_eq!(run.frame.refund, 0);
}

/// EIP-214.
#[test]
fn static_mode_bans_self_destruct() {
    let mut run = Run::in_static_mode();
    assert_eq!(run.call(|g| self_destruct(g, 0)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.used(), 5_000);
    // Before the operand is read.
    assert_eq!(run.call(|g| self_destruct(g, -1)), Err(Halt::StaticModeViolation.into()));
    assert!(run.frame.host.destroyed.is_empty());
}

/// Not enough for the 25000: nothing is destroyed.
#[test]
fn self_destruct_is_paid_before_it_happens() {
    let mut run = Run::new();
    run.set_balance(SELF, 1);
    run.frame.gas = GasCounter::new(29_999);
    let stop = run.call(|g| self_destruct(g, 0));
    assert_eq!(stop, Err(Stop::Halt(Halt::OutOfGas { charge: 25_000, left: 24_999 })));
    assert!(run.frame.host.destroyed.is_empty());
    assert_eq!(GAS - run.used(), 24_999);
}
