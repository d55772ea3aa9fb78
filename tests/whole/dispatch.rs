//! Every kind of instruction in a long loop on a small stack.
//!
//! The interpreter's instructions call one another, and only tail calls keep that from filling the native
//! stack. Whether LLVM makes them is up to the build, so this test is also run on the release profile, which
//! is the one that ships. A call that is none takes at least 8 bytes a turn: more than this thread has.

use std::{fmt::Write, thread};

use hebe_host_ei::{Message, Outcome, Revision, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering};

use crate::support::wat;

const STACK: usize = 256 << 10;
const TURNS: usize = 40_000;

const BINARY: &[&str] = &[
    "add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u",
    "rotl", "rotr",
];
const COMPARE: &[&str] = &["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
const UNARY: &[&str] = &["clz", "ctz", "popcnt", "extend8_s", "extend16_s"];

/// Operands that no division traps on: a local, a constant, a value from the stack.
fn operands(ty: &str) -> [String; 3] {
    [
        format!("(local.get ${ty})"),
        format!("({ty}.const 3)"),
        format!("({ty}.or (local.get ${ty}) ({ty}.const 1))"),
    ]
}

/// Bodies of a loop, each of one kind.
fn bodies() -> Vec<String> {
    let mut bodies = Vec::new();
    for ty in ["i32", "i64"] {
        for left in operands(ty) {
            for right in operands(ty) {
                for op in BINARY {
                    bodies.push(format!(
                        "(local.set ${ty} ({ty}.or ({ty}.{op} {left} {right}) ({ty}.const 1)))"
                    ));
                }
                for op in COMPARE {
                    let compare = format!("({ty}.{op} {left} {right})");
                    bodies.push(format!("(local.set $i32 (i32.or {compare} (i32.const 1)))"));
                    bodies.push(format!("(block (br_if 0 {compare}) (global.set $g (local.get $i32)))"));
                    bodies.push(format!("(if (i32.eqz {compare}) (then (global.set $g (i32.const 5))))"));
                    bodies
                        .push(format!("(local.set $i64 (select (local.get $i64) (i64.const 3) {compare}))"));
                }
            }
        }
        for op in UNARY {
            bodies.push(format!("(local.set ${ty} ({ty}.or ({ty}.{op} (local.get ${ty})) ({ty}.const 1)))"));
        }
    }
    bodies.extend(memory_bodies());
    bodies.extend(other_bodies().map(str::to_owned));
    bodies
}

fn memory_bodies() -> Vec<String> {
    let mut bodies = Vec::new();
    let address = "(i32.and (local.get $n) (i32.const 1023))";
    for (ty, loads, stores) in [
        (
            "i32",
            &["load", "load8_s", "load8_u", "load16_s", "load16_u"][..],
            &["store", "store8", "store16"][..],
        ),
        (
            "i64",
            &["load", "load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u"],
            &["store", "store8", "store16", "store32"],
        ),
    ] {
        for place in ["(local.get $low)", "(i32.const 64)", address] {
            for offset in ["", "offset=8", "offset=32000"] {
                bodies.extend(loads.iter().map(|op| {
                    format!("(local.set ${ty} ({ty}.or ({ty}.{op} {offset} {place}) ({ty}.const 1)))")
                }));
                for value in operands(ty) {
                    bodies.extend(stores.iter().map(|op| format!("({ty}.{op} {offset} {place} {value})")));
                }
            }
        }
    }
    bodies
}

fn other_bodies() -> impl Iterator<Item = &'static str> {
    [
        "(local.set $i32 (i32.or (i32.wrap_i64 (local.get $i64)) (i32.const 1)))",
        "(local.set $i64 (i64.or (i64.extend_i32_s (local.get $i32)) (i64.const 1)))",
        "(local.set $i64 (i64.or (i64.extend_i32_u (local.get $i32)) (i64.const 1)))",
        "(local.set $i64 (i64.or (i64.extend32_s (local.get $i64)) (i64.const 1)))",
        "(drop (i32.eqz (local.get $i32))) (drop (i64.eqz (local.get $i64)))",
        "(local.set $i32 (local.tee $low (i32.and (local.get $i32) (i32.const 127))))
         (local.set $i32 (i32.or (local.get $i32) (i32.const 1)))",
        "(global.set $g (i32.add (global.get $g) (i32.const 1)))",
        "(global.set $h (i64.mul (global.get $h) (i64.const 3)))",
        "(call $leaf)",
        "(local.set $i32 (call $sum (local.get $i32) (i32.const 2)))",
        "(call_indirect (type $none) (i32.and (local.get $n) (i32.const 1)))",
        "(block (block (block (br_table 0 1 2 1 (i32.and (local.get $n) (i32.const 3)))) (call $leaf)) nop)",
        "(call $pair (local.get $i32)) (local.set $i64) (local.set $i32)",
        "(memory.fill (i32.const 2048) (local.get $i32) (i32.const 16))",
        "(memory.copy (i32.const 2048) (i32.const 2056) (i32.const 16))",
        "(drop (memory.grow (i32.const 0))) (drop (memory.size))",
        "(call $useGas (i64.const 0))",
        "(drop (call $getGasLeft))",
        "(i64.store (i32.const 8) (call $getGasLeft))",
        "(call $getAddress (i32.const 128))",
    ]
    .into_iter()
}

fn module(bodies: &[String]) -> Vec<u8> {
    let mut text = String::from(
        r#"(module
        (import "ethereum" "useGas" (func $useGas (param i64)))
        (import "ethereum" "getGasLeft" (func $getGasLeft (result i64)))
        (import "ethereum" "getAddress" (func $getAddress (param i32)))
        (memory (export "memory") 1) (global $g (mut i32) (i32.const 1)) (global $h (mut i64) (i64.const 1))
        (type $none (func)) (table 2 funcref) (elem (i32.const 0) $leaf $leaf)
        (func $leaf)
        (func $sum (param i32 i32) (result i32) (i32.or (i32.add (local.get 0) (local.get 1)) (i32.const 1)))
        (func $pair (param i32) (result i32 i64) (local.get 0) (i64.const 9))"#,
    );
    let mut calls = String::new();
    for (index, body) in bodies.iter().enumerate() {
        let function = format!(
            "(func $f{index} (local $n i32) (local $low i32) (local $i32 i32) (local $i64 i64)
                (local.set $i32 (i32.const 7)) (local.set $i64 (i64.const 7))
                (loop $l {body}
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $l (i32.lt_u (local.get $n) (i32.const {TURNS})))))"
        );
        text.push_str(&function);
        // Writing to a string cannot fail.
        let _ = write!(calls, "(call $f{index})");
    }
    wat(&format!("{text} (func (export \"main\") {calls}))"))
}

#[test]
fn no_instruction_takes_native_stack_with_each_turn() {
    let bodies = bodies();
    let code = module(&bodies);
    let run = move || {
        let vm = Vm::new(Config { metering: Metering::None, ..Config::default() });
        let gas = 1_000_000;
        let message = Message { gas, ..Message::default() };
        vm.execute(Revision::Byzantium, &code, message, MockHost::default()).1.map(|outcome| (gas, outcome))
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    let (gas, outcome) = thread.join().expect("no panic").expect("no fault");
    // getGasLeft and getAddress cost 2 a turn, in three loops.
    let turns = i64::try_from(TURNS).expect("small");
    assert_eq!(outcome, Outcome::success(gas - 3 * 2 * turns), "{:?}", outcome.reason);
    assert!(bodies.len() > 900, "{} kinds", bodies.len());
}
