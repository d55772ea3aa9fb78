//! A contract whose gas falls below zero after the last check gets out nowhere: not by any end, not to the host.

use hebe_host_ei::{Outcome, Prices, StatusCode};
use hebe_vm::meter::Metering;

use crate::{
    interface::Seen,
    observed::{Ways, observe},
    support::{execute, wat},
};

/// What nothing checks in between: 1,000 instructions without a call or a loop.
const NOPS: i64 = 1_000;

/// An end, and the gas that its host function takes, with the drop of a result. Its arguments are constants.
const ENDS: [(&str, i64); 9] = [
    ("", 0),
    ("(return)", 0),
    ("(block (block (br_if 1 (i32.const 1)) nop) nop)", 0),
    ("(block (if (i32.const 1) (then (block (return)))))", 0),
    ("(call $finish (i32.const 0) (i32.const 32))", 0),
    ("(call $revert (i32.const 0) (i32.const 32))", 0),
    ("(call $store (i32.const 0) (i32.const 0))", 5_000),
    ("(drop (call $call (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))", 700 + 1),
    (
        "(call $log (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))",
        375,
    ),
];

/// Where the instructions and the end are: here, in a callee, the instructions there and the end here.
const PLACES: [&str; 8] = [
    "(func (export \"main\") NOPS END)",
    "(func (export \"main\") (loop) NOPS END)",
    "(func (export \"main\") (loop NOPS END))",
    "(func $f NOPS END) (func (export \"main\") (call $f))",
    "(func $f (loop) NOPS END) (func (export \"main\") (call $f))",
    "(func $f NOPS END) (func (export \"main\") (loop) (call $f))",
    "(func $f NOPS) (func (export \"main\") (call $f) END)",
    "(func $f NOPS) (func (export \"main\") (loop) (call $f) END)",
];

fn contract(place: &str, end: &str) -> Vec<u8> {
    // Behind a condition, so that no check at an entry or a header knows of them.
    let nops = format!("(if (i32.const 1) (then {}))", "nop ".repeat(NOPS as usize));
    wat(&format!(
        r#"(module
        (import "ethereum" "finish" (func $finish (param i32 i32)))
        (import "ethereum" "revert" (func $revert (param i32 i32)))
        (import "ethereum" "storageStore" (func $store (param i32 i32)))
        (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
        (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
        (memory (export "memory") 1) {})"#,
        place.replace("NOPS", &nops).replace("END", end)
    ))
}

/// Gas is short by 1 to nearly all of the instructions before the end, with the host's own gas taken off too.
#[test]
fn gas_below_zero_after_the_last_check_is_noticed_at_every_end() {
    for place in PLACES {
        for (end, host) in ENDS {
            let code = contract(place, end);
            let run = |gas| observe(Metering::Inline, &Prices::UNIT, &code, gas, &[], Ways::Traced);
            let rich = run(1_000_000);
            let used = 1_000_000 - rich.outcome.gas_left;
            let kept = matches!(rich.outcome.status, StatusCode::Success | StatusCode::Revert);
            assert!(kept && used > NOPS + host, "{place} {end} {:?}", rich.outcome);
            let exact = run(used);
            assert_eq!(exact.outcome, Outcome { gas_left: 0, ..rich.outcome.clone() }, "{place} {end}");
            assert_eq!(exact.seen, Seen { calls: exact.seen.calls.clone(), ..rich.seen.clone() });
            // From here on gas is below zero when the end comes, and so the host is not even asked.
            for less in [1, 10, 500, 990] {
                let poor = run(used - host - less);
                let out_of_gas = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
                assert_eq!(poor.outcome, out_of_gas, "{place} {end} {less}");
                assert_eq!(poor.seen, Seen::default(), "{place} {end} {less}");
                assert_eq!(poor.events, Some(vec![]), "{place} {end} {less}");
            }
        }
    }
}

/// In the end of `main` alone is gas exactly 0 enough; one particle below it is not. Under `haswell` a nop is free and a drop
/// 135 particles, so that 74 drops of constants are 9,990: a gas less 10 particles.
#[test]
fn a_fraction_below_zero_is_below_zero() {
    let contract = |drops: usize| {
        wat(&format!(
            r#"(module (memory (export "memory") 1) (func (export "main") {}))"#,
            "i32.const 0 drop ".repeat(drops)
        ))
    };
    for drops in 0..80 {
        let code = contract(drops);
        let particles = 200_000 + 2_240_000 + code.len() as i64 * 4_000 + drops as i64 * 135;
        let run =
            |gas| observe(Metering::Inline, &Prices::HASWELL, &code, gas, &[], Ways::ColdAndWarm).outcome;
        let enough = (particles + 9_999) / 10_000;
        assert_eq!(run(enough), Outcome::success(0), "{drops}");
        assert_eq!(run(enough - 1).status, StatusCode::OutOfGas, "{drops}");
        assert_eq!(run(enough + 1), Outcome::success(1), "{drops}");
    }
}

/// Nobody looks at code whose bytes are not paid for: 20 gas and 0.4 for each byte, rounded up. So invalid code is out of gas with
/// less and invalid with more, and valid code is out of gas either way, cold and warm.
#[test]
fn bytes_are_paid_for_before_they_are_looked_at() {
    let valid = wat(r#"(module (memory (export "memory") 1) (func (export "main")))"#);
    let invalid =
        wat(r#"(module (memory (export "memory") 1) (func (export "main")) (func (export "more")))"#);
    let short = |status| Outcome { status, ..Outcome::success(0) };
    for (code, status) in [(&valid, StatusCode::OutOfGas), (&invalid, StatusCode::ContractValidationFailure)]
    {
        let bytes = 20 + (code.len() as i64 * 4 + 9) / 10;
        for gas in [0, 1, bytes - 1] {
            let outcome = execute(&Prices::UNIT, code, gas);
            assert_eq!(outcome, short(StatusCode::OutOfGas), "{gas}");
            let reason = outcome.reason.expect("a reason").to_string();
            let words =
                format!("starting {} bytes of code costs at least {bytes}, and there was {gas}", code.len());
            assert_eq!(reason, format!("out of gas: {words}"));
        }
        assert_eq!(execute(&Prices::UNIT, code, bytes), short(status));
    }
}
