//! What wasmi 2.0 compiles wrongly by itself: it takes one value for another, and the result may depend on what ran before.
//! An empty block before each such place makes it put every value where it belongs. The expected values are worked out
//! by hand from the wasm specification.

use hebe_host_ei::{Outcome, Prices, StatusCode};
use hebe_vm::{Config, meter::Metering};

use crate::support::{config, run_config, wat};

/// The output of a contract, however it is metered.
fn outputs(code: &[u8]) -> [(StatusCode, Vec<u8>); 2] {
    [Metering::Inline, Metering::None].map(|metering| {
        let config = Config { metering, ..config(&Prices::UNIT) };
        let Outcome { status, output, .. } = run_config(&config, code, 1_000_000, &[]);
        (status, output)
    })
}

/// Bodies of a function with the parameters `$x` and `$c`, a local `$n` and one i32 as result, the arguments, and the result.
const BODIES: [(&str, [i32; 2], i32); 10] = [
    // What lies below a block's parameters stays as it was when the block began.
    ("local.get $x (i32.const 5) (block (param i32) drop (br_if 0 (local.get $c)) (local.set $x (i32.const 77)))", [42, 0], 42),
    ("local.get $x (i32.const 5) (block (param i32) drop (br_if 0 (local.get $c)) (local.set $x (i32.const 77)))", [42, 1], 42),
    ("local.get $x local.get $c (if (param i32) (result i32) (then drop (local.tee $x (i32.add (local.get $c) (i32.const 3)))))", [42, 0], 42),
    ("local.get $x local.get $c (if (param i32) (result i32) (then drop (local.tee $x (i32.add (local.get $c) (i32.const 3)))))", [42, 1], 4),
    ("local.get $x (i32.const 5) (local.get $c) (if (param i32) (then drop (local.set $x (i32.const 77))) (else drop))", [42, 1], 42),
    ("local.get $x (i32.const 5) (local.get $c) (if (param i32) (then drop (local.set $x (i32.const 77))) (else drop))", [42, 0], 42),
    // (42 + 10) · 1,000 + (42 + 10)
    ("(local.set $x (i32.add (local.get $x) (i32.const 10))) local.get $x local.get $x (i32.const 5) (loop (param i32) drop)
      (local.set $n) (i32.add (i32.mul (i32.const 1000)) (local.get $n))", [42, 0], 52_052),
    ("(local.set $n (i32.const 3)) local.get $x (i32.const 5)
      (loop (param i32) drop (local.set $x (i32.add (local.get $x) (i32.const 1))) (i32.const 9)
        (br_if 0 (local.tee $n (i32.add (local.get $n) (i32.const -1)))) drop)", [42, 0], 42),
    // A far store whose value is its address: 0x1234 & 0xff = 0x34 = 52.
    ("(local.tee $x (i32.and (local.get $x) (i32.const 0xff))) local.get $x i32.store offset=65536
      (i32.load offset=65536 (local.get $x))", [0x1234, 0], 52),
    ("(local.tee $x (i32.and (local.get $x) (i32.const 0xff))) (i64.extend_i32_u (local.get $x)) i64.store8 offset=65536
      (i32.load8_u offset=65536 (local.get $x))", [0x1234, 0], 52),
];

#[test]
fn each_value_is_taken_from_its_place() {
    for (body, [x, c], expected) in BODIES {
        // What ran before leaves something else in the registers, or nothing.
        for before in ["", "(drop (i32.mul (local.get $c) (i32.const 1000003)))"] {
            let code = wat(&format!(
                r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 2)
                (func $f (param $x i32) (param $c i32) (result i32) (local $n i32) {before} {body})
                (func (export "main")
                    (i32.store (i32.const 512) (call $f (i32.const {x}) (i32.const {c})))
                    (call $finish (i32.const 512) (i32.const 4))))"#
            ));
            for found in outputs(&code) {
                assert_eq!(
                    found,
                    (StatusCode::Success, expected.to_le_bytes().to_vec()),
                    "{body} of {x}, {c}"
                );
            }
        }
    }
}

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
                for found in outputs(&code) {
                    assert_eq!(found, (StatusCode::Success, expected.to_vec()), "{condition} of {x}");
                }
            }
        }
    }
}
