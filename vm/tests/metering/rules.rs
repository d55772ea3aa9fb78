//! Sums by hand, and the limits of depth.

use hebe_host_ei::{Outcome, Prices, StatusCode};

use crate::{
    naive,
    support::{execute, wat},
};

const GAS: i64 = 1_000_000;

/// What starting this module costs in particles, by the price list.
fn start(code: &[u8], pages: i64, locals: i64) -> i64 {
    let prices = Prices::UNIT;
    i64::from(prices.start)
        + code.len() as i64 * i64::from(prices.code_byte)
        + pages * i64::from(prices.page)
        + locals * i64::from(prices.declared_local)
}

/// Instructions counted by hand under `unit`, where each costs 1 gas.
#[test]
fn instructions_cost_one_gas_each() {
    for (body, locals, instructions) in [
        ("", 0, 0),
        ("nop nop nop", 0, 3),
        // i32.const, drop; block and what is in it, but not its end
        ("(drop (i32.const 1)) (block nop)", 0, 4),
        // condition, if, one arm
        ("(if (i32.const 1) (then nop nop) (else nop))", 0, 4),
        ("(if (i32.const 0) (then nop nop) (else nop))", 0, 3),
        ("(if (i32.const 0) (then nop nop))", 0, 2),
        // ten turns of: get, const, add, tee, const, lt_u, br_if; and the loop
        (
            "(local i32) (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 10))))",
            1,
            1 + 10 * 7,
        ),
        ("(return) nop nop", 0, 1),
        ("(block (br 0) nop nop) nop", 0, 3),
        ("(block (br_if 0 (i32.const 0)) nop) nop", 0, 5),
        ("(block (br_if 0 (i32.const 1)) nop) nop", 0, 4),
        ("(block (block (br_table 0 1 (i32.const 1))) nop) nop", 0, 5),
        ("(block (block (br_table 0 1 (i32.const 0))) nop) nop", 0, 6),
    ] {
        let code = wat(&format!(r#"(module (memory (export "memory") 1) (func (export "main") {body}))"#));
        let particles = start(&code, 1, locals) + instructions * 10_000;
        let used = (particles + 9_999) / 10_000;
        assert_eq!(execute(&Prices::UNIT, &code, GAS), Outcome::success(GAS - used), "{body}");
        assert_eq!(
            naive::count(&code, &Prices::UNIT).map(|(count, _)| count),
            Some(instructions * 10_000),
            "{body}"
        );
    }
}

/// A contract that recurses `n` deep and comes back.
fn recursion(depth: u32) -> Vec<u8> {
    wat(&format!(
        r#"(module (memory (export "memory") 1)
        (func $f (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "main") (call $f (i32.const {depth}))))"#
    ))
}

/// The budget of 32,768: main takes 16 + 1 operand, each $f 16 + 1 parameter + 2 operands = 19. So there is room
/// for ⌊(32,768 − 17) ÷ 19⌋ = 1,723 frames of $f: one for 0 and 1,722 that call.
#[test]
fn calls_nest_as_deep_as_the_budget_says() {
    let gas = 10_000_000;
    assert_eq!(execute(&Prices::UNIT, &recursion(1_722), gas).status, StatusCode::Success);
    let overflow = Outcome { status: StatusCode::StackOverflow, ..Outcome::success(0) };
    assert_eq!(execute(&Prices::UNIT, &recursion(1_723), gas), overflow);
    // The depth comes before the gas of the same frame, and gas that runs out earlier comes first.
    assert_eq!(execute(&Prices::UNIT, &recursion(u32::MAX), gas), overflow);
    assert_eq!(execute(&Prices::UNIT, &recursion(u32::MAX), 5_000).status, StatusCode::OutOfGas);
}

/// Depth comes back: a thousand calls one after the other nest no deeper than one.
#[test]
fn depth_is_given_back() {
    let code = wat(r#"(module (memory (export "memory") 1)
        (func $leaf (param i32) (result i32) (if (local.get 0) (then (return (i32.const 1)))) (i32.const 2))
        (func $calls (param i32) (result i32)
            (block (br_if 0 (i32.eqz (local.get 0))) (return (call $leaf (local.get 0)))) (call $leaf (i32.const 0)))
        (func (export "main") (local i32)
            (loop (drop (call $calls (i32.and (local.get 0) (i32.const 1))))
                (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 100000))))))"#);
    assert_eq!(execute(&Prices::UNIT, &code, 100_000_000).status, StatusCode::Success);
}

/// An endless loop ends, with all gas.
#[test]
fn an_endless_loop_runs_out_of_gas() {
    let code = wat(r#"(module (memory (export "memory") 1) (func (export "main") (loop (br 0))))"#);
    let expected = Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) };
    assert_eq!(execute(&Prices::UNIT, &code, GAS), expected);
}

/// Gas that falls below zero after the last check: neither `main`'s return nor a host call gets through.
#[test]
fn gas_below_zero_after_the_last_check_is_noticed() {
    let nops = "nop ".repeat(1_000);
    let host = r#"(import "ethereum" "finish" (func $finish (param i32 i32)))"#;
    for (body, imports) in [
        (format!("(if (i32.const 1) (then {nops}))"), ""),
        (format!("(if (i32.const 1) (then {nops})) (call $finish (i32.const 0) (i32.const 0))"), host),
        (format!("(loop) (if (i32.const 1) (then {nops})) (call $finish (i32.const 0) (i32.const 0))"), host),
        (format!("(loop) (if (i32.const 1) (then {nops}))"), ""),
    ] {
        let code =
            wat(&format!(r#"(module {imports} (memory (export "memory") 1) (func (export "main") {body}))"#));
        let rich = execute(&Prices::UNIT, &code, GAS);
        assert_eq!(rich.status, StatusCode::Success);
        let used = GAS - rich.gas_left;
        assert_eq!(execute(&Prices::UNIT, &code, used), Outcome::success(0));
        for less in [1, 500, 999] {
            let poor = execute(&Prices::UNIT, &code, used - less);
            assert_eq!(poor, Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) }, "{less}");
        }
    }
}

/// Pages are paid before they are there, and bytes before they are written; more than there is cannot be paid.
#[test]
fn lengths_are_charged_before_they_act() {
    for (body, cost) in [
        // const, grow, drop; 2 pages of 224
        ("(drop (memory.grow (i32.const 2)))", 3 + 448),
        // A growth that fails is paid, too.
        ("(drop (memory.grow (i32.const 300)))", 3 + 300 * 224),
        // three consts and the fill; 1000 bytes are 15 times 64 and 40
        ("(memory.fill (i32.const 0) (i32.const 1) (i32.const 1000))", 4 + 16),
        ("(memory.copy (i32.const 0) (i32.const 1) (i32.const 512))", 4 + 8),
    ] {
        let code = wat(&format!(r#"(module (memory (export "memory") 1) (func (export "main") {body}))"#));
        let used = (start(&code, 1, 0) + cost * 10_000 + 9_999) / 10_000;
        assert_eq!(execute(&Prices::UNIT, &code, GAS), Outcome::success(GAS - used), "{body}");
        assert_eq!(execute(&Prices::UNIT, &code, used - 1).status, StatusCode::OutOfGas, "{body}");
    }
    let code = wat(
        r#"(module (memory (export "memory") 1) (func (export "main") (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))))"#,
    );
    // 2^32 − 1 bytes are 2^26 lines, 67,108,864 gas: without them it is out of gas, with them out of bounds.
    assert_eq!(execute(&Prices::UNIT, &code, 67_000_000).status, StatusCode::OutOfGas);
    assert_eq!(execute(&Prices::UNIT, &code, 68_000_000).status, StatusCode::WasmTrap);
}
