//! Calls nest as deep as the budget of 32,768 says: a frame takes 16, and one for each parameter, each declared local and the
//! greatest height of its operand stack (`docs/metering.md`).

use hebe_host_ei::{Outcome, Prices, StatusCode};
use hebe_vm::{Config, meter::Metering};

use crate::support::{config, run_config, wat};

const BUDGET: u32 = 32_768;
/// Enough for every contract here.
const GAS: i64 = 100_000_000;

/// The status that a contract ends with; a failure keeps no gas.
#[track_caller]
fn status(config: &Config, text: &str, gas: i64) -> StatusCode {
    let outcome = run_config(config, &wat(text), gas, &[]);
    if outcome.status != StatusCode::Success {
        assert_eq!(outcome, Outcome { status: outcome.status, ..Outcome::success(0) });
    }
    outcome.status
}

fn inline() -> Config {
    config(&Prices::UNIT)
}

fn unmetered() -> Config {
    Config { metering: Metering::None, ..Config::default() }
}

/// A function `$f` whose first parameter says how often it calls itself, beside `more` parameters, with `locals` and with
/// `extra` operands below the call's. Its operand stack is highest at the subtraction (2) or at the call (1 + more).
struct Shape {
    more: usize,
    locals: usize,
    extra: usize,
}

impl Shape {
    /// By hand from the above.
    fn frame(&self) -> u32 {
        let operands = self.extra + 2.max(1 + self.more);
        (16 + 1 + self.more + self.locals + operands) as u32
    }

    fn function(&self, call: &str) -> String {
        format!(
            r#"(func $f (type $t) (local {locals})
            (if (local.get 0) (then {push}
                (i32.sub (local.get 0) (i32.const 1)) {more} {call} {drop})))"#,
            locals = "i64 ".repeat(self.locals),
            push = "i64.const 0 ".repeat(self.extra),
            more = "i64.const 1 ".repeat(self.more),
            drop = "drop ".repeat(self.extra),
        )
    }

    /// `main`, whose operands are the arguments, and with them its frame: `frames` of `$f` inside one another.
    fn contract(&self, call: &str, frames: u32) -> String {
        format!(
            r#"(module (type $t (func (param i32 {params}))) (memory (export "memory") 1)
            (table 1 funcref) (elem (i32.const 0) func $f) {function}
            (func (export "main") (call $f (i32.const {turns}) {more})))"#,
            params = "i64 ".repeat(self.more),
            function = self.function(call),
            turns = frames - 1,
            more = "i64.const 1 ".repeat(self.more),
        )
    }

    fn main_frame(&self) -> u32 {
        (16 + 1 + self.more) as u32
    }
}

const SHAPES: [Shape; 7] = [
    // 19 a frame: (32,768 − 17) / 19 = 1723.7
    Shape { more: 0, locals: 0, extra: 0 },
    // 27 a frame, of which 1213 take 32,751, so that nothing is left
    Shape { more: 0, locals: 8, extra: 0 },
    Shape { more: 0, locals: 1_024, extra: 0 },
    // 32 parameters: 16 + 32 + 32 = 80
    Shape { more: 31, locals: 0, extra: 0 },
    // 1,024 operands: 16 + 1 + 1,024 = 1,041
    Shape { more: 0, locals: 0, extra: 1_022 },
    Shape { more: 3, locals: 17, extra: 5 },
    Shape { more: 31, locals: 1_024, extra: 992 },
];

fn frames_fit(shape: &Shape, call: &str, config: fn() -> Config) {
    let most = (BUDGET - shape.main_frame()) / shape.frame();
    assert_eq!(status(&config(), &shape.contract(call, most), GAS), StatusCode::Success, "{most} frames");
    let one_more = shape.contract(call, most + 1);
    assert_eq!(status(&config(), &one_more, GAS), StatusCode::StackOverflow, "{most} frames and one");
}

#[test]
fn shapes_are_what_was_reckoned() {
    let frames: Vec<u32> = SHAPES.iter().map(Shape::frame).collect();
    assert_eq!(frames, [19, 27, 1_043, 80, 1_041, 16 + 4 + 17 + 9, 16 + 32 + 1_024 + 1_024]);
    assert_eq!((BUDGET - SHAPES[1].main_frame()) % 27, 0);
}

#[test]
fn frames_of_every_shape_fit_exactly() {
    for shape in &SHAPES {
        frames_fit(shape, "(call $f)", inline);
    }
}

/// A `call_indirect` has its index on the stack beside the arguments: with one argument the height stays 2, with two it is 3.
#[test]
fn frames_called_through_the_table_fit_exactly() {
    let call = "(call_indirect (type $t) (i32.const 0))";
    frames_fit(&SHAPES[0], call, inline);
    frames_fit(&SHAPES[1], call, inline);
}

/// Two functions call each other: 19 and 16 + 1 parameter + 3 locals + 2 operands = 22. 32,751 = 798 × 41 + 33, so 798
/// pairs and one more of the first fit: 1,597 frames.
#[test]
fn functions_that_call_each_other_fit_exactly() {
    let contract = |frames: u32| {
        format!(
            r#"(module (memory (export "memory") 1)
            (func $f (param i32) (if (local.get 0) (then (call $g (i32.sub (local.get 0) (i32.const 1))))))
            (func $g (param i32) (local i32 i64 i32)
                (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
            (func (export "main") (call $f (i32.const {}))))"#,
            frames - 1
        )
    };
    assert_eq!(status(&inline(), &contract(1_597), GAS), StatusCode::Success);
    assert_eq!(status(&inline(), &contract(1_598), GAS), StatusCode::StackOverflow);
}

/// A leaf that calls nothing takes its frame like any other: 16 + 100 locals. `$f` takes 16 + 1 + 2 operands; below n of
/// them it fits if 17 + 19 n + 116 ≤ 32,768: n ≤ 1,717 (32,623 + 133 = 32,756).
#[test]
fn a_leaf_takes_its_frame() {
    for (leaf, more) in [("", ""), ("(loop)", ""), ("", "(loop)"), ("(loop)", "(loop)")] {
        let contract = |frames: u32| {
            format!(
                r#"(module (memory (export "memory") 1)
                (func $leaf (local {locals}) {leaf})
                (func $f (param i32) {more}
                    (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (call $leaf))))
                (func (export "main") (call $f (i32.const {}))))"#,
                frames - 1,
                locals = "i64 ".repeat(100),
            )
        };
        assert_eq!(status(&inline(), &contract(1_717), GAS), StatusCode::Success, "{leaf} {more}");
        assert_eq!(status(&inline(), &contract(1_718), GAS), StatusCode::StackOverflow, "{leaf} {more}");
    }
}

/// Ways out of a function with the parameter `$n`, 0 to 3, and two results.
const WAYS_OUT: [&str; 7] = [
    "(i32.const 1) (i64.const 2)",
    "(return (i32.const 1) (i64.const 2))",
    "(block (block (if (local.get $n) (then (return (i32.const 1) (i64.const 2)))))) (i32.const 1) (i64.const 2)",
    "(block (br_if 1 (i32.const 1) (i64.const 2) (local.get $n)) drop drop) (i32.const 1) (i64.const 2)",
    "(block (loop (br 2 (i32.const 1) (i64.const 2)))) (i32.const 1) (i64.const 2)",
    "(loop (if (local.get $n) (then (return (i32.const 1) (i64.const 2))))) (i32.const 1) (i64.const 2)",
    "(if (result i32 i64) (local.get $n) (then (call $leaf) (return)) (else (call $leaf)))",
];

/// The same with one result, which is all that a `br_table` may take.
const WAYS_OUT_WITH_ONE: [&str; 2] = [
    "(block (result i64) (i64.const 2) (br_table 0 1 0 1 (local.get $n)))",
    "(block (result i64) (loop (result i64) (i64.const 2) (br_table 1 2 (local.get $n))))",
];

/// Whichever way a function is left, its depth comes back: after 4,000 calls, more than there are frames, calls nest as deep
/// as before. main: 16 + 1 local + 3 operands (two results, and one more for the index and its mask) = 19, or what it has
/// when it calls `$f` (1). So n frames of 19 fit if 19 + 19 n ≤ 32,768: n ≤ 1,723 (32,737 + 19 = 32,756).
#[test]
fn depth_comes_back_whichever_way_a_function_is_left() {
    let two = WAYS_OUT.map(|way| (way, "i32 i64", ""));
    let one = WAYS_OUT_WITH_ONE.map(|way| (way, "i64", "i32.const 0"));
    for (way, results, more) in two.into_iter().chain(one) {
        for prelude in ["", "(loop)", "(drop (call $leaf) (drop))"] {
            let contract = |frames: u32| {
                format!(
                    r#"(module (memory (export "memory") 1)
                    (func $leaf (result i32 i64) (i32.const 1) (i64.const 2))
                    (func $way (param $n i32) (result {results}) {prelude} {way})
                    (func $f (param i32)
                        (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
                    (func (export "main") (local $i i32)
                        (loop
                            (call $way (i32.and (local.get $i) (i32.const 3))) {more} i32.const 0 drop drop drop
                            (local.set $i (i32.add (local.get $i) (i32.const 1)))
                            (br_if 0 (i32.lt_u (local.get $i) (i32.const 4000))))
                        (call $f (i32.const {}))))"#,
                    frames - 1
                )
            };
            assert_eq!(status(&inline(), &contract(1_723), GAS), StatusCode::Success, "{prelude} {way}");
            let one_more = contract(1_724);
            assert_eq!(status(&inline(), &one_more, GAS), StatusCode::StackOverflow, "{prelude} {way}");
        }
    }
}

/// The depth comes before the gas of the same frame, and gas that runs out earlier comes first.
#[test]
fn depth_is_looked_at_before_gas() {
    let shape = Shape { more: 0, locals: 0, extra: 0 };
    let endless = shape.contract("(call $f)", u32::MAX);
    assert_eq!(status(&inline(), &endless, GAS), StatusCode::StackOverflow);
    // What 1,723 frames use: main 2; in each get, if, get, const, sub, call.
    let code = wat(&endless);
    let start = 200_000 + code.len() as i64 * 4_000 + 2_240_000 + 1_000;
    let used = (start + (2 + 1_723 * 6) * 10_000 + 9_999) / 10_000;
    assert_eq!(status(&inline(), &endless, used), StatusCode::StackOverflow);
    assert_eq!(status(&inline(), &endless, used / 2), StatusCode::OutOfGas);
}

/// Whoever pays for instructions, or nobody: calls nest equally deep.
#[test]
fn frames_fit_exactly_without_metering() {
    for shape in &SHAPES {
        frames_fit(shape, "(call $f)", unmetered);
    }
    frames_fit(&SHAPES[0], "(call_indirect (type $t) (i32.const 0))", unmetered);
}
