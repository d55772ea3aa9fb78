//! `select` on a comparison with zero. wasmi 2.0 drops the comparison where it compares what is in a local or a call's
//! result, and then looks at a register that nothing has set, so that the result depends on what ran before. Anything
//! between the two that makes it write the comparison out, such as an empty block, is a way around.

use hebe_host_ei::{Outcome, Prices, StatusCode};
use hebe_vm::{Config, meter::Metering};

use crate::support::{config, run_config, wat};

/// Conditions on `$x`, and whether they hold for 0 and for 1 (wasm spec, "Numerics").
const CONDITIONS: [(&str, [bool; 2]); 10] = [
    ("(local.get $x)", [false, true]),
    ("(i32.eqz (local.get $x))", [true, false]),
    ("(i32.eqz (local.get $x)) nop", [true, false]),
    ("(i32.eqz (local.get $x)) (block)", [true, false]),
    ("(i32.eq (local.get $x) (i32.const 0))", [true, false]),
    ("(i32.eq (i32.const 0) (local.get $x))", [true, false]),
    ("(i32.ne (local.get $x) (i32.const 0))", [false, true]),
    ("(i32.eqz (i32.eqz (local.get $x)))", [false, true]),
    ("(i32.eqz (call $same (local.get $x)))", [true, false]),
    ("(i64.eqz (i64.extend_i32_u (local.get $x)))", [true, false]),
];

#[test]
fn a_select_looks_at_its_condition() {
    for (condition, holds) in CONDITIONS {
        // What the register holds before: nothing, or one of the values.
        for before in ["", "(drop (i32.add (local.get $x) (i32.const 1)))"] {
            for x in [0, 1] {
                let expected = if holds[x] { b"\x07" } else { b"\x09" };
                let code = wat(&format!(
                    r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
                    (func $same (param i32) (result i32) (local.get 0))
                    (func $f (param $x i32) (result i32) {before}
                        (i32.load8_u (i32.const 8)) (i32.const 9) {condition} (select))
                    (func (export "main")
                        (i32.store8 (i32.const 8) (i32.const 7))
                        (i32.store8 (i32.const 0) (call $f (i32.const {x})))
                        (call $finish (i32.const 0) (i32.const 1))))"#
                ));
                for metering in [Metering::Inline, Metering::None] {
                    let config = Config { metering, ..config(&Prices::UNIT) };
                    let Outcome { status, output, .. } = run_config(config, &code, 1_000_000, &[]);
                    let found = (status, &output[..]);
                    assert_eq!(
                        found,
                        (StatusCode::Success, &expected[..]),
                        "{condition} of {x}, {metering:?}"
                    );
                }
            }
        }
    }
}
