//! How deep calls nest: a frame takes 16, its parameters, its locals and the greatest height of its operands
//! (`docs/metering.md`).

use hebe_host_ei::{Profile, Revision};
use hebe_vm::{
    meter::{DEPTH_BUDGET, FRAME_DEPTH},
    validate::{CallDepth, call_depth, validate},
};

use crate::support::contract;

fn depth(more: &str, body: &str) -> CallDepth {
    let code = contract(more, body);
    call_depth(&validate(&code, &Profile::EXTENDED, Revision::Byzantium, false).expect("valid"))
}

/// Names, or numbers where there is no name, with what each takes.
fn frames(depth: &CallDepth) -> Vec<(String, u32)> {
    let name = |function: &hebe_vm::validate::Function| {
        function.name.clone().unwrap_or_else(|| function.index.to_string())
    };
    depth.frames().iter().map(|frame| (name(&frame.function), frame.takes)).collect()
}

fn named(frames: &[(&str, u32)]) -> Vec<(String, u32)> {
    frames.iter().map(|(name, takes)| ((*name).to_owned(), *takes)).collect()
}

#[test]
fn main_alone() {
    assert_eq!((DEPTH_BUDGET, FRAME_DEPTH), (32_768, 16));
    let depth = depth("(func $unused (local i32))", "");
    assert!(matches!(depth, CallDepth::Chain(_)));
    assert_eq!(frames(&depth), named(&[("main", 16)]));
}

/// Of two ways down the one that takes more, not the one with more frames.
#[test]
fn the_heaviest_chain() {
    let more = r#"
        (import "ethereum" "getGasLeft" (func $gas (result i64)))
        (func $a (call $b)) (func $b (call $c)) (func $c (drop (call $gas)))
        (func $wide (param i32 i64) (result i32) (local i32 i32 i32) (local i64)
            (i32.add (local.get 0) (i32.mul (local.get 0) (local.get 0))))
        (func $heavy (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
            (drop (call $wide (i32.const 0) (i64.const 0))))"#;
    let depth = depth(more, "(call $a) (call $heavy) (call $a)");
    // heavy: 20 locals, 2 operands; wide: 2 parameters, 4 locals, 3 operands. The other way: 16 + 16 + 17.
    assert_eq!(frames(&depth), named(&[("main", 16), ("heavy", 16 + 20 + 2), ("wide", 16 + 2 + 4 + 3)]));
    assert_eq!(depth.takes(), 16 + 38 + 25);
}

/// A `call_indirect` may call what is in a table and has the type, under whichever number.
#[test]
fn through_a_table() {
    let more = r#"
        (type $one (func (param i32))) (type $same (func (param i32))) (type $other (func (param i64)))
        (table 4 funcref) (elem (i32.const 0) $light $heavy $wrong)
        (func $light (type $one)) (func $heavy (type $same) (local i32 i32))
        (func $wrong (type $other) (local i32 i32 i32 i32)) (func $absent (type $one) (local i32 i32 i32 i32))"#;
    let depth = depth(more, "(call_indirect (type $one) (i32.const 7) (i32.const 0))");
    assert_eq!(frames(&depth), named(&[("main", 16 + 2), ("heavy", 16 + 1 + 2)]));
}

#[test]
fn recursion_is_named() {
    let mutual = depth("(func $even (call $odd)) (func $odd (call $even))", "(call $even)");
    assert!(matches!(mutual, CallDepth::Recursive(_)));
    assert_eq!(frames(&mutual), named(&[("even", 16), ("odd", 16)]));
    let itself = depth("", "(call $main)");
    assert!(matches!(itself, CallDepth::Recursive(_)));
    assert_eq!(frames(&itself), named(&[("main", 16)]));
    let table = "(type $t (func)) (table 1 funcref) (elem (i32.const 0) $f) (func $f (call_indirect (type $t) (i32.const 0)))";
    let through_table = depth(table, "(call $f)");
    assert!(matches!(through_table, CallDepth::Recursive(_)));
    assert_eq!(frames(&through_table), named(&[("f", 16 + 1)]));
    // Nobody calls it.
    let unused = depth("(func $loop (call $loop))", "");
    assert!(matches!(unused, CallDepth::Chain(_)));
}

/// A chain through as many functions as there may be, of 16 each: 4096 × 16 = 65,536, twice the budget.
#[test]
fn a_long_chain() {
    let functions: String = (1..4095).map(|i| format!("(func $f{i} (call $f{}))", i + 1)).collect();
    let depth = depth(&format!("{functions} (func $f4095)"), "(call $f1)");
    assert_eq!((depth.frames().len(), depth.takes()), (4096, 65_536));
}

/// Two ways at each of 60 steps are 2^60 ways; each call is looked at once.
#[test]
fn many_ways_are_not_walked_one_by_one() {
    let functions: String =
        (0..60).map(|i| format!("(func $f{i} (call $f{0}) (call $f{0}))", i + 1)).collect();
    let depth = depth(&format!("{functions} (func $f60)"), "(call $f0)");
    assert_eq!(depth.takes(), 62 * 16);
}
