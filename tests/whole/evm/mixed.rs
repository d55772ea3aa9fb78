//! Contracts of both kinds in one chain: they call and create each other and share return data.
//!
//! Gas is added up by the Yellow Paper (Byzantium), appendix G; of wasm, host functions alone cost any.

use std::{sync::Arc, thread};

use hebe_host_ei::{Address, Message, Revision, StatusCode};
use hebe_state::{Account, Ethereum, FrameVm, Receipt, State};

use crate::support::{native, wat};

const FIRST: Address = Address([0xc0; 20]);
const OTHER: Address = Address([0x07; 20]);

const IMPORTS: &str = r#"
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callStatic" (func $callStatic (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
    (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
    (import "ethereum" "getCaller" (func $getCaller (param i32)))
    (import "ethereum" "getReturnDataSize" (func $getReturnDataSize (result i32)))
    (import "ethereum" "returnDataCopy" (func $returnDataCopy (param i32 i32 i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))"#;

/// A wasm contract with these bytes at 1024.
fn wasm(data: &[u8], body: &str) -> Vec<u8> {
    let data: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let memory = format!(r#"(memory (export "memory") 1) (data (i32.const 1024) "{data}")"#);
    wat(&format!(r#"(module {IMPORTS} {memory} (func (export "main") {body}))"#))
}

/// EVM bytecode in pieces, each hexadecimal digits.
fn evm(pieces: &[&str]) -> Vec<u8> {
    hex::decode(pieces.concat().replace(' ', "")).expect("hexadecimal digits")
}

/// Returns the return data.
const RETURN_ALL: &str = "3d 6000 6000 3e 3d 6000 f3";

fn run(vm: &Arc<dyn FrameVm>, first: Vec<u8>, other: Vec<u8>, gas: i64) -> (Receipt, State) {
    let mut state = State::new();
    for (address, code) in [(FIRST, first), (OTHER, other)] {
        let account = Account { nonce: 1, balance: 100.into(), code: code.into(), ..Account::default() };
        state.insert(address, account);
    }
    let chain = Ethereum::new(Arc::clone(vm), Revision::Byzantium);
    let message = Message { gas, recipient: FIRST, code_address: FIRST, ..Message::default() };
    (chain.call(&mut state, &message).expect("no fault"), state)
}

fn output(receipt: &Receipt) -> &[u8] {
    assert_eq!(receipt.outcome.status, StatusCode::Success, "{:?}", receipt.outcome.reason);
    &receipt.outcome.output
}

/// 1024 levels, EVM and wasm in turns, on a thread of 256 KiB. The 512 of wasm count themselves; the 513 of EVM hand on what comes
/// back, the last of which may not call.
#[test]
fn both_kinds_nest_1024_deep_on_a_small_stack() {
    let other = hex::encode(OTHER.0);
    let first = evm(&["6000 6000 6000 6000 6000 73", &other, "5a f1 50", RETURN_ALL]);
    let counter = wasm(
        &FIRST.0,
        "(drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 1024) (i32.const 0) (i32.const 0) (i32.const 0)))
         (if (call $getReturnDataSize) (then (call $returnDataCopy (i32.const 96) (i32.const 0) (i32.const 8))))
         (i64.store (i32.const 96) (i64.add (i64.load (i32.const 96)) (i64.const 1)))
         (call $finish (i32.const 96) (i32.const 8))",
    );
    // EVM: nine pushes at 3, GAS, POP and two RETURNDATASIZE at 2, the call, RETURNDATACOPY; a word copied and a word of memory.
    let (evm_level, evm_word) = (9 * 3 + 4 * 2 + 700 + 3, 3 + 3);
    // wasm: the call and getReturnDataSize; returnDataCopy of a word.
    let (wasm_level, wasm_word) = (700 + 2, 3 + 3);
    for (name, vm) in native() {
        let (first, counter) = (first.clone(), counter.clone());
        let small = thread::Builder::new().stack_size(256 << 10);
        let ran = small.spawn(move || run(&vm, first, counter, 1_000_000_000_000_000).0);
        let receipt = ran.expect("a thread").join().expect("no panic");
        assert_eq!(output(&receipt), 512_u64.to_le_bytes(), "{name}");
        let gas = 513 * evm_level + 512 * evm_word + 512 * wasm_level + 511 * wasm_word;
        assert_eq!(receipt.gas_used, gas, "{name}");
    }
}

/// Each creates one of the other kind, which then says who called it.
#[test]
fn each_kind_creates_the_other() {
    let says_caller =
        wasm(&[], "(call $getCaller (i32.const 0)) (call $finish (i32.const 0) (i32.const 20))");
    let length = says_caller.len();
    let init = wasm(&says_caller, &format!("(call $finish (i32.const 1024) (i32.const {length}))"));
    let call_it = "6000 6000 6000 6000 6000 85 5a f1 50 50";
    let prefix = |at: usize| {
        let size = format!("61{:04x}", init.len());
        let place = format!("61{at:04x}");
        evm(&[&size, &place, "6000 39", &size, "6000 6000 f0", call_it, RETURN_ALL])
    };
    let creates_wasm = [prefix(prefix(0).len()), init.clone()].concat();

    // CALLER PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN, deployed.
    let evm_init = evm(&["68 33600052 60206000f3", "600052 6009 6017 f3"]);
    let length = evm_init.len();
    let creates_evm = wasm(
        &evm_init,
        &format!(
            "(if (call $create (i32.const 0) (i32.const 1024) (i32.const {length}) (i32.const 64)) (then unreachable))
             (drop (call $call (i64.const 90000) (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 0)))
             (call $returnDataCopy (i32.const 96) (i32.const 12) (i32.const 20))
             (call $finish (i32.const 96) (i32.const 20))"
        ),
    );
    for (name, vm) in native() {
        for code in [&creates_wasm, &creates_evm] {
            let (receipt, state) = run(&vm, code.clone(), Vec::new(), 10_000_000);
            assert_eq!(output(&receipt), FIRST.0, "{name}");
            assert_eq!(state.iter().len(), 3, "{name}");
        }
    }
}

/// What begins like wasm and is no contract is not deployed, whoever returns it; EVM bytecode is.
#[test]
fn evm_init_code_deploys_no_broken_wasm() {
    // Init code that returns the eight bytes, and a contract that creates it and returns the address.
    let creates = |eight: &str| {
        let init = evm(&["67", eight, "600052 6008 6018 f3"]);
        let length = format!("60{:02x}", init.len());
        let place = format!("60{:02x}", 32 - init.len());
        let push = format!("{:02x}", 0x5f + init.len());
        evm(&[&push, &hex::encode(&init), "600052", &length, &place, "6000 f0 600052 6020 6000 f3"])
    };
    for (name, vm) in native() {
        for (code, is_deployed) in [("0061736d01000000", false), ("0061736e01000000", true)] {
            let (receipt, _) = run(&vm, creates(code), Vec::new(), 10_000_000);
            assert_eq!(output(&receipt) != [0; 32], is_deployed, "{name}: {code}");
        }
    }
}

/// EIP-214 crosses from one kind to the other.
#[test]
fn static_calls_reach_the_other_kind() {
    let other = hex::encode(OTHER.0);
    let way = |op: &str, value: &str| {
        evm(&["6000 6000 6000 6000", value, "73", &other, "61ffff", op, "600052 6020 6000 f3"])
    };
    let stores = wasm(&[1; 32], "(call $storageStore (i32.const 1024) (i32.const 1024))");
    let calls = |how: &str| {
        let body = format!("(i32.store (i32.const 0) {how}) (call $finish (i32.const 0) (i32.const 4))");
        wasm(&OTHER.0, &body)
    };
    let plain = "(call $call (i64.const 60000) (i32.const 1024) (i32.const 0) (i32.const 0) (i32.const 0))";
    let statically = "(call $callStatic (i64.const 60000) (i32.const 1024) (i32.const 0) (i32.const 0))";
    let sstore = evm(&["6001 6001 55"]);
    for (name, vm) in native() {
        let last = |first: Vec<u8>, other: &[u8]| {
            let (receipt, state) = run(&vm, first, other.to_vec(), 1_000_000);
            let stored = state.get(&OTHER).expect("there").storage.len();
            (output(&receipt).iter().sum::<u8>(), stored)
        };
        assert_eq!(last(way("f1", "6000"), &stores), (1, 1), "{name}");
        assert_eq!(last(way("fa", ""), &stores), (0, 0), "{name}");
        assert_eq!(last(calls(plain), &sstore), (0, 1), "{name}");
        assert_eq!(last(calls(statically), &sstore), (1, 0), "{name}");
    }
}
