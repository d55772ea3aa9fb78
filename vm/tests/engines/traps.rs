//! Every way in which wasm traps, with its status, on every engine (wasm spec, "Execution"; statuses by EVMC 12's names).

use hebe_host_ei::{Outcome, StatusCode};

use crate::support::{GAS, each_vm, run, wat};

#[test]
fn traps_are_the_same_everywhere() {
    use StatusCode::{StackOverflow, WasmTrap, WasmUnreachableInstruction};
    let bodies = [
        ("unreachable", WasmUnreachableInstruction),
        ("(drop (i32.load (i32.const -1)))", WasmTrap),
        ("(drop (i64.load (i32.const 65529)))", WasmTrap),
        ("(i32.store8 offset=65536 (i32.const 0) (i32.const 1))", WasmTrap),
        ("(drop (i32.load offset=0xffffffff (i32.const 0xffffffff)))", WasmTrap),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", WasmTrap),
        ("(drop (i64.rem_u (i64.const 1) (i64.const 0)))", WasmTrap),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))", WasmTrap),
        ("(drop (i64.div_s (i64.const 0x8000000000000000) (i64.const -1)))", WasmTrap),
        ("(call_indirect (type $none) (i32.const 1))", WasmTrap),
        ("(call_indirect (type $none) (i32.const 2))", WasmTrap),
        ("(call_indirect (type $none) (i32.const -1))", WasmTrap),
        ("(drop (call_indirect (type $one) (i32.const 0)))", WasmTrap),
        ("(memory.fill (i32.const 65535) (i32.const 1) (i32.const 2))", WasmTrap),
        ("(memory.copy (i32.const 0) (i32.const 65530) (i32.const 7))", WasmTrap),
        ("(call $deep)", StackOverflow),
    ];
    for (body, status) in bodies {
        let code = wat(&format!(
            r#"(module (type $none (func)) (type $one (func (result i32))) (memory (export "memory") 1 1)
                (table 2 2 funcref) (elem (i32.const 0) $nothing)
                (func $nothing) (func $deep (call $deep))
                (func (export "main") {body}))"#
        ));
        each_vm(|vm, name| {
            for number in 0..4 {
                let outcome = run(vm, &code, GAS, &[]);
                assert_eq!(
                    outcome,
                    Outcome { status, ..Outcome::success(0) },
                    "{body}, run {number}, {name}"
                );
            }
        });
    }
}

/// What traps in no engine: the remainder of the smallest number by −1 is 0 (wasm spec, "irem_s").
#[test]
fn what_looks_like_a_trap_is_none() {
    let code = wat(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
            (func (export "main")
                (i64.store (i32.const 0) (i64.rem_s (i64.const 0x8000000000000000) (i64.const -1)))
                (i32.store (i32.const 8) (i32.rem_s (i32.const 0x80000000) (i32.const -1)))
                (i32.store (i32.const 12) (i32.shl (i32.const 1) (i32.const 33)))
                (memory.fill (i32.const 65536) (i32.const 1) (i32.const 0))
                (call $finish (i32.const 0) (i32.const 16))))"#,
    );
    each_vm(|vm, name| {
        for _ in 0..4 {
            let outcome = run(vm, &code, GAS, &[]);
            // A shift by 33 is one by 1.
            assert_eq!(outcome.output, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0], "{name}");
        }
    });
}
