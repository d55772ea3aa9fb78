//! Rules that only a whole chain shows: nests of real contracts, static calls, accounts that vanish.
//!
//! Sources: the Yellow Paper (Byzantium) and the EIPs named at each test; gas is added up beside it.

use std::{sync::Arc, thread};

use hebe_host_ei::{Address, Bytes32, Message, Revision, StatusCode, U256};
use hebe_state::{Account, Ethereum, FrameVm, Receipt, State, Transaction};

use crate::support::{vms, wat};

/// Host functions alone cost gas, so that it can be added up.
const UNMETERED: [(&str, &str); 1] = [("metering", "none")];

const SENDER: Address = Address([0xaa; 20]);
const CODE: Address = Address([0xc0; 20]);
const OTHER: Address = Address([0x07; 20]);
/// Enough for 1024 levels, each of which keeps a 64th: (63 ÷ 64)^1024 is about 10^-7.
const GAS: i64 = 1_000_000_000_000_000;

const IMPORTS: &str = r#"
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callStatic" (func $callStatic (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "callDelegate" (func $callDelegate (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
    (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
    (import "ethereum" "selfDestruct" (func $selfDestruct (param i32)))
    (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
    (import "ethereum" "storageLoad" (func $storageLoad (param i32 i32)))
    (import "ethereum" "getAddress" (func $getAddress (param i32)))
    (import "ethereum" "getCaller" (func $getCaller (param i32)))
    (import "ethereum" "getCallValue" (func $getCallValue (param i32)))
    (import "ethereum" "getReturnDataSize" (func $getReturnDataSize (result i32)))
    (import "ethereum" "returnDataCopy" (func $returnDataCopy (param i32 i32 i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (import "ethereum" "revert" (func $revert (param i32 i32)))"#;

/// A contract whose memory begins with OTHER's address at 0 and whose `main` is `body`.
fn contract(body: &str) -> Vec<u8> {
    let other: String = OTHER.0.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let memory = format!(r#"(memory (export "memory") 1) (data (i32.const 0) "{other}")"#);
    wat(&format!(r#"(module {IMPORTS} {memory} (func (export "main") {body}))"#))
}

fn account(code: Vec<u8>) -> Account {
    Account { code: code.into(), nonce: 1, ..Account::default() }
}

fn call(chain: &Ethereum, state: &mut State) -> Receipt {
    let message =
        Message { gas: GAS, sender: SENDER, recipient: CODE, code_address: CODE, ..Message::default() };
    chain.call(state, &message).expect("no fault")
}

fn chain(vm: &Arc<dyn FrameVm>) -> Ethereum {
    Ethereum::new(Arc::clone(vm), Revision::Byzantium)
}

/// Runs CODE, which has `body`, beside OTHER, which has `other`.
fn run(vm: &Arc<dyn FrameVm>, body: &str, other: &str) -> (Receipt, State) {
    let mut state = State::new();
    state.insert(CODE, Account { balance: 100.into(), ..account(contract(body)) });
    state.insert(OTHER, account(contract(other)));
    (call(&chain(vm), &mut state), state)
}

/// Yellow Paper, section 8: 1024 levels below the first. Each level costs 2 for getAddress, 700 for the call,
/// 2 for getReturnDataSize and, below the last, 3 + 3 for the copy of one word, and returns how many levels
/// are at and below it.
#[test]
fn calls_nest_1024_deep_on_a_small_stack() {
    let body = "
        (call $getAddress (i32.const 0))
        (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 0)))
        (if (call $getReturnDataSize) (then (call $returnDataCopy (i32.const 96) (i32.const 0) (i32.const 8))))
        (i64.store (i32.const 96) (i64.add (i64.load (i32.const 96)) (i64.const 1)))
        (call $finish (i32.const 96) (i32.const 8))";
    for (name, vm) in vms(&UNMETERED) {
        let thread = thread::Builder::new().stack_size(256 << 10).spawn(move || run(&vm, body, "").0);
        let receipt = thread.expect("a thread").join().expect("no panic");
        assert_eq!(receipt.outcome.status, StatusCode::Success, "{name}");
        assert_eq!(receipt.outcome.output, 1_025_u64.to_le_bytes(), "{name}");
        assert_eq!(receipt.gas_used, 1_025 * (2 + 700 + 2) + 1_024 * 6, "{name}");
    }
}

/// EIP-214: what changes state fails below a static call, at any distance, and only there.
#[test]
fn static_mode_reaches_everything_below() {
    let acts = [
        ("store", "(call $storageStore (i32.const 128) (i32.const 0))"),
        (
            "log",
            "(call $log (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))",
        ),
        ("create", "(drop (call $create (i32.const 128) (i32.const 0) (i32.const 0) (i32.const 160)))"),
        ("selfDestruct", "(call $selfDestruct (i32.const 0))"),
        (
            "call with a value",
            "(i32.store (i32.const 128) (i32.const 1))
             (drop (call $call (i64.const 0) (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 0)))",
        ),
    ];
    // OTHER, called in one way or the other by CODE, delegates to a third that acts: static or not is inherited.
    let way =
        |call: &str| format!("(i32.store (i32.const 96) {call}) (call $finish (i32.const 96) (i32.const 4))");
    let statically = way("(call $callStatic (i64.const 500000) (i32.const 0) (i32.const 0) (i32.const 0))");
    let plainly =
        way("(call $call (i64.const 500000) (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 0))");
    let relay = "(i32.store8 (i32.const 0) (i32.const 0x08))
        (if (call $callDelegate (i64.const 400000) (i32.const 0) (i32.const 0) (i32.const 0)) (then unreachable))";
    let third = Address([&[0x08][..], &[0x07; 19]].concat().try_into().expect("20 bytes"));
    for (name, vm) in vms(&UNMETERED) {
        for (act, body) in &acts {
            let result = |way: &str| {
                let mut state = State::new();
                state.insert(CODE, account(contract(way)));
                state.insert(OTHER, Account { balance: 10.into(), ..account(contract(relay)) });
                state.insert(third, account(contract(body)));
                call(&chain(&vm), &mut state).outcome.output
            };
            assert_eq!(result(&statically), [1, 0, 0, 0], "{name} {act}");
            assert_eq!(result(&plainly), [0; 4], "{name} {act}");
        }
    }
}

/// EIP-7: a delegate acts as its caller, with its caller's sender and value; it writes its caller's storage.
#[test]
fn a_delegate_acts_as_its_caller() {
    let body = "(drop (call $callDelegate (i64.const 500000) (i32.const 0) (i32.const 0) (i32.const 0)))
        (call $returnDataCopy (i32.const 0) (i32.const 0) (i32.const 56))
        (call $finish (i32.const 0) (i32.const 56))";
    let other = "(call $getAddress (i32.const 256)) (call $getCaller (i32.const 276)) (call $getCallValue (i32.const 296))
        (call $storageStore (i32.const 512) (i32.const 256))
        (call $finish (i32.const 256) (i32.const 56))";
    for (name, vm) in vms(&UNMETERED) {
        let mut state = State::new();
        state.insert(SENDER, Account { balance: 9.into(), ..Account::default() });
        state.insert(CODE, account(contract(body)));
        state.insert(OTHER, account(contract(other)));
        let message = Message {
            gas: GAS,
            sender: SENDER,
            recipient: CODE,
            code_address: CODE,
            value: 9.into(),
            ..Message::default()
        };
        let receipt = chain(&vm).call(&mut state, &message).expect("no fault");
        let value = 9_u128.to_le_bytes();
        assert_eq!(receipt.outcome.output, [&CODE.0[..], &SENDER.0, &value].concat(), "{name}");
        let slots = |address| state.get(&address).map(|account| account.storage.len());
        assert_eq!((slots(CODE), slots(OTHER)), (Some(1), Some(0)), "{name}");
    }
}

/// EIP-140 and the Yellow Paper: a revert below undoes what it did, its output arrives; other failures leave
/// nothing.
#[test]
fn failures_below_are_undone() {
    let body = "(i32.store (i32.const 96) (call $call (i64.const 100000) (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 0)))
        (i32.store (i32.const 100) (call $getReturnDataSize))
        (call $finish (i32.const 96) (i32.const 8))";
    let store = "(call $storageStore (i32.const 128) (i32.const 0))";
    for (name, vm) in vms(&UNMETERED) {
        for (end, answer, size, slots) in [
            ("", 0, 0, 1),
            ("(call $finish (i32.const 0) (i32.const 3))", 0, 3, 1),
            ("(call $revert (i32.const 0) (i32.const 5))", 2, 5, 0),
            ("unreachable", 1, 0, 0),
        ] {
            let (receipt, state) = run(&vm, body, &format!("{store} {end}"));
            let output = [u32::to_le_bytes(answer), u32::to_le_bytes(size)].concat();
            assert_eq!(receipt.outcome.output, output, "{name} {end}");
            assert_eq!(state.get(&OTHER).expect("there").storage.len(), slots, "{name} {end}");
        }
    }
}

/// EIP-161: an empty account that a transaction touches is gone afterwards; one that it does not touch stays.
#[test]
fn touched_empty_accounts_vanish() {
    let body = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 0)))";
    let untouched = Address([0x99; 20]);
    for (name, vm) in vms(&UNMETERED) {
        let mut state = State::new();
        state.insert(SENDER, Account { balance: U256::exp10(18), ..Account::default() });
        state.insert(CODE, account(contract(body)));
        state.insert(OTHER, Account::default());
        state.insert(untouched, Account::default());
        let transaction = Transaction {
            sender: SENDER,
            to: Some(CODE),
            gas_limit: 100_000,
            gas_price: 1,
            ..Transaction::default()
        };
        let receipt = chain(&vm).transact(&mut state, &transaction).expect("valid");
        // 21000 and the call.
        assert_eq!((receipt.outcome.status, receipt.gas_used), (StatusCode::Success, 21_000 + 700), "{name}");
        assert!(state.get(&OTHER).is_none() && state.get(&untouched).is_some(), "{name}");
    }
}

/// R_sclear = 15000 and R_selfdestruct = 24000, at most half of the gas used (Yellow Paper, section 6.2).
#[test]
fn refunds_are_paid_up_to_half() {
    let clear = "(call $storageStore (i32.const 128) (i32.const 160))";
    let die = "(call $selfDestruct (i32.const 0))";
    for (name, vm) in vms(&UNMETERED) {
        for (body, used) in [
            // 21000 + 5000 − min(15000, 26000 ÷ 2)
            (clear, 26_000 - 13_000),
            // 21000 + 5000 − min(24000, 26000 ÷ 2)
            (die, 26_000 - 13_000),
            // 21000 + 2 × 5000 + 20000 − 15000: a store that adds a slot makes room for all of the refund.
            (
                &format!(
                    "{clear} (call $storageStore (i32.const 192) (i32.const 0)) (call $storageLoad (i32.const 0) (i32.const 256))"
                ),
                21_000 + 5_000 + 20_000 + 200 - 15_000,
            ),
        ] {
            let mut state = State::new();
            state.insert(SENDER, Account { balance: U256::exp10(18), ..Account::default() });
            state.insert(OTHER, Account { nonce: 1, ..Account::default() });
            let storage = [(Bytes32::ZERO, Bytes32::from(1_u64))].into();
            // The slot that is added has a key of its own: 32 bytes of 1 at 192.
            let body = format!("(i64.store (i32.const 192) (i64.const 1)) {body}");
            state.insert(CODE, Account { storage, ..account(contract(&body)) });
            let transaction = Transaction {
                sender: SENDER,
                to: Some(CODE),
                gas_limit: 200_000,
                gas_price: 1,
                ..Transaction::default()
            };
            let receipt = chain(&vm).transact(&mut state, &transaction).expect("valid");
            assert_eq!(
                (receipt.outcome.status, receipt.gas_used),
                (StatusCode::Success, used),
                "{name} {body}"
            );
        }
    }
}
