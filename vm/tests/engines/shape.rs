//! Contracts that are easy for an interpreter and hard for a compiler.

use hebe_host_ei::{Outcome, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, engine::EngineChoice};

use crate::support::{GAS, each_vm, run, wat};

/// A function that works out `values` products, calls itself `turns` times inside itself, and uses the same products again: an
/// optimising compiler keeps all of them on the native stack across the call.
fn kept_across_calls(values: u32, turns: u32) -> Vec<u8> {
    let products: String = (0..values)
        .map(|n| {
            let c = 3 + 2 * n;
            format!(
                "(local.set 1 (i64.rotl (i64.xor (local.get 1) (i64.mul (local.get 0) (i64.const {c}))) (i64.const 7)))"
            )
        })
        .collect();
    wat(&format!(
        r#"(module (memory (export "memory") 1)
            (func $f (param i64 i64) (result i64)
                {products}
                (if (i64.lt_u (local.get 0) (i64.const {turns})) (then
                    (local.set 1 (i64.add (local.get 1) (call $f (i64.add (local.get 0) (i64.const 1)) (local.get 1))))))
                {products}
                (local.get 1))
            (func (export "main") (drop (call $f (i64.const 0) (i64.const 6)))))"#
    ))
}

/// A frame of it takes 16 and 2 parameters and at most 4 operands of the depth budget of 32,768 (`docs/metering.md`), so 1,000 fit, and
/// 2,100 do not: on every engine, however much its own frames take.
#[test]
fn depth_is_the_meters_on_every_engine() {
    for values in [5, 50, 200, 600] {
        let (fits, does_not) = (kept_across_calls(values, 1_000), kept_across_calls(values, 2_100));
        each_vm(|vm, name| {
            for _ in 0..3 {
                let outcome = run(vm, &fits, GAS, &[]);
                assert_eq!(outcome.status, StatusCode::Success, "{values} values, {name}");
                let outcome = run(vm, &does_not, GAS, &[]);
                let status = StatusCode::StackOverflow;
                assert_eq!(outcome, Outcome { status, ..Outcome::success(0) }, "{values} values, {name}");
            }
        });
    }
}

fn made_by_cranelift(code: &[u8]) -> bool {
    let vm = Vm::<MockHost>::new(Config { engine: EngineChoice::Cranelift, ..Config::default() });
    run(&vm, code, 1_000_000, &[]);
    let made = vm.machine_code();
    assert_eq!(made.winch + made.cranelift, 1);
    made.cranelift == 1
}

/// Many values at many branches: Cranelift would take seconds for these few kilobytes, so Winch does it.
#[test]
fn a_bomb_is_not_cranelifts() {
    let bomb = |locals: u32, targets: u32| {
        let changes: String = (0..locals)
            .map(|n| format!("(local.set {n} (i64.add (local.get {n}) (local.get {})))", (n + 1) % locals))
            .collect();
        let table =
            format!("(block (br_table {} 0 (i32.wrap_i64 (local.get 0))))", "1 ".repeat(targets as usize));
        wat(&format!(
            r#"(module (memory (export "memory") 1) (func $f (local {}) (loop {changes} {})) (func (export "main") (call $f)))"#,
            "i64 ".repeat(locals as usize),
            table.repeat(5),
        ))
    };
    assert!(!made_by_cranelift(&bomb(600, 1_000)));
    assert!(made_by_cranelift(&bomb(10, 20)));
}

/// What compilers of languages make of ordinary contracts is Cranelift's.
#[test]
fn ordinary_contracts_are_cranelifts() {
    for name in [
        "token/token",
        "keccak256/keccak256",
        "sha256/sha256",
        "blake2b/blake2b",
        "sort/sort",
        "rlp/rlp",
        "multiply/multiply",
    ] {
        let file = format!("{}/../contracts/{name}.wasm", env!("CARGO_MANIFEST_DIR"));
        assert!(made_by_cranelift(&std::fs::read(file).expect("a contract")), "{name}");
    }
}

/// Data far apart takes no more than what lies between is worth: two bytes 16 MiB apart make machine code of a few kilobytes.
#[test]
fn data_far_apart_is_no_machine_code() {
    let code = wat(
        r#"(module (memory (export "memory") 256) (data (i32.const 0) "a") (data (i32.const 16646143) "z") (func (export "main")))"#,
    );
    for engine in [EngineChoice::Winch, EngineChoice::Cranelift] {
        let vm = Vm::<MockHost>::new(Config { engine, ..Config::default() });
        run(&vm, &code, GAS, &[]);
        let bytes = vm.machine_code().bytes;
        assert!((1..256 << 10).contains(&bytes), "{engine:?}: {bytes}");
    }
}
