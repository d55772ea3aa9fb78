//! From bytes to an outcome, through the whole VM with a host in maps.
//!
//! Expected statuses: EVMC 12's names by the rules of `contract_interface.md` and the wasm spec. Expected gas:
//! the fee schedule of the Environment Interface at Byzantium, added up beside the assertion.

use std::sync::{Arc, Mutex};

use hebe_host_ei::{
    Address, Bytes32, CallKind, Fault, Message, Outcome, Profile, Revision, Sink, StatusCode, TxContext,
    mock::MockAccount, mock::MockHost,
};
use hebe_vm::{Config, Evm1Mode, Vm, meter::Metering};

#[path = "shared/engines.rs"]
mod engines;
use engines::{RUNS, engines};

const GAS: i64 = 1_000_000;
const SELF: Address = Address([0x5e; 20]);

/// A contract from its imports and its `main`, with one page of memory.
fn contract(imports: &str, body: &str) -> Vec<u8> {
    module(&format!(r#"{imports} (memory (export "memory") 1) (func (export "main") {body})"#))
}

fn module(fields: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {fields})")).unwrap_or_else(|error| panic!("{error}\n{fields}"))
}

fn message() -> Message {
    Message { gas: GAS, recipient: SELF, code_address: SELF, ..Message::default() }
}

/// Host functions alone cost gas here: `tests/metering` is about the rest.
fn unmetered() -> Config {
    Config { metering: Metering::None, ..Config::default() }
}

/// Runs code often on one VM, and on one that caches nothing, with every engine: neither must show.
#[track_caller]
fn execute_with(config: &Config, code: &[u8], message: &Message) -> Outcome {
    let run = |vm: &Vm<MockHost>| {
        let (_, outcome) = vm.execute(Revision::Byzantium, code, message.clone(), MockHost::default());
        outcome.expect("no fault")
    };
    let uncached = run(&Vm::new(Config { cache_bytes: 0, ..config.clone() }));
    for config in engines(config) {
        let (engine, tiering) = (config.engine, config.tiering);
        let vm = Vm::new(config);
        for number in 0..RUNS {
            assert_eq!(run(&vm), uncached, "run {number} on {engine:?} {tiering:?}");
        }
    }
    uncached
}

#[track_caller]
fn execute(code: &[u8]) -> Outcome {
    execute_with(&unmetered(), code, &message())
}

#[track_caller]
fn assert_failure(code: &[u8], status: StatusCode) {
    assert_eq!(execute(code), Outcome { status, ..Outcome::success(0) });
}

const FINISH: &str = r#"(import "ethereum" "finish" (func $finish (param i32 i32)))"#;
const REVERT: &str = r#"(import "ethereum" "revert" (func $revert (param i32 i32)))"#;
const USE_GAS: &str = r#"(import "ethereum" "useGas" (func $useGas (param i64)))"#;

#[test]
fn returning_from_main_is_a_success_without_output() {
    assert_eq!(execute(&contract("", "")), Outcome::success(GAS));
}

/// Both ends run nothing after them.
#[test]
fn finish_and_revert_end_at_once() {
    let code = contract(
        FINISH,
        r#"(i32.store (i32.const 0) (i32.const 0x21636261)) (call $finish (i32.const 0) (i32.const 4)) unreachable"#,
    );
    assert_eq!(execute(&code), Outcome { output: b"abc!".to_vec(), ..Outcome::success(GAS) });
    let code = contract(
        &[USE_GAS, REVERT].concat(),
        "(call $useGas (i64.const 7)) (call $revert (i32.const 0) (i32.const 2)) unreachable",
    );
    let expected = Outcome { status: StatusCode::Revert, output: vec![0, 0], ..Outcome::success(GAS - 7) };
    assert_eq!(execute(&code), expected);
}

/// EVMC: `WASM_UNREACHABLE_INSTRUCTION` for the instruction, `WASM_TRAP` for every other trap.
#[test]
fn traps_take_all_gas() {
    assert_failure(&contract("", "unreachable"), StatusCode::WasmUnreachableInstruction);
    for body in [
        "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
        "(drop (i64.rem_u (i64.const 1) (i64.const 0)))",
        "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
        "(drop (i32.load (i32.const 65533)))",
        "(drop (i32.load offset=0xffffffff (i32.const 1)))",
        "(i64.store (i32.const -1) (i64.const 0))",
        "(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))",
        "(memory.copy (i32.const 0) (i32.const 65535) (i32.const 2))",
    ] {
        assert_failure(&contract("", body), StatusCode::WasmTrap);
    }
}

#[test]
fn indirect_calls_trap_by_table_null_and_type() {
    for index in [0, 1, 2, 9] {
        let code = module(&format!(
            r#"(memory (export "memory") 1) (table 3 funcref) (elem (i32.const 0) $good $bad)
            (type $t (func)) (func $good) (func $bad (param i32))
            (func (export "main") (call_indirect (type $t) (i32.const {index})))"#
        ));
        match index {
            0 => assert_eq!(execute(&code), Outcome::success(GAS)),
            _ => assert_failure(&code, StatusCode::WasmTrap),
        }
    }
}

/// A segment that does not fit traps before `main` runs (wasm spec, instantiation).
#[test]
fn segments_that_do_not_fit_trap() {
    assert_failure(&contract(r#"(data (i32.const 65535) "ab")"#, ""), StatusCode::WasmTrap);
    let fields = r#"(table 1 funcref) (elem (i32.const 1) $main) (memory (export "memory") 1) (func $main (export "main"))"#;
    assert_failure(&module(fields), StatusCode::WasmTrap);
    assert_eq!(execute(&contract(r#"(data (i32.const 65534) "ab")"#, "")), Outcome::success(GAS));
}

#[test]
fn endless_recursion_is_a_stack_overflow() {
    let code = module(r#"(memory (export "memory") 1) (func $main (export "main") (call $main))"#);
    assert_failure(&code, StatusCode::StackOverflow);
}

#[test]
fn gas_runs_out() {
    let body = |amount: i64| contract(USE_GAS, &format!("(call $useGas (i64.const {amount}))"));
    assert_eq!(execute(&body(GAS)), Outcome::success(0));
    assert_failure(&body(GAS + 1), StatusCode::OutOfGas);
    assert_failure(&body(-1), StatusCode::ArgumentOutOfRange);
}

/// `memory.grow` is −1 exactly when the result would exceed the declared maximum or the profile's 256 pages.
#[test]
fn memory_grows_to_its_bounds() {
    let grown = |limits: &str, pages: i32| {
        let code = module(&format!(
            r#"{FINISH} (memory (export "memory") {limits}) (func (export "main")
            (i32.store (i32.const 0) (memory.grow (i32.const {pages})))
            (i32.store (i32.const 4) (memory.size))
            (call $finish (i32.const 0) (i32.const 8)))"#
        ));
        let output = execute(&code).output;
        let word = |at: usize| i32::from_le_bytes(output[at..at + 4].try_into().expect("4 bytes"));
        (word(0), word(4))
    };
    assert_eq!(grown("1", 255), (1, 256));
    assert_eq!(grown("1", 256), (-1, 1));
    assert_eq!(grown("1", -1), (-1, 1));
    assert_eq!(grown("1 65536", 255), (1, 256));
    assert_eq!(grown("1 65536", 256), (-1, 1));
    assert_eq!(grown("1 3", 2), (1, 3));
    assert_eq!(grown("1 3", 3), (-1, 1));
    assert_eq!(grown("256", 0), (256, 256));
}

/// Memory and globals of one execution are not seen by the next.
#[test]
fn nothing_stays_between_executions() {
    let code = module(&format!(
        r#"{FINISH} (memory (export "memory") 1) (global $g (mut i32) (i32.const 5))
        (func (export "main")
            (global.set $g (i32.add (global.get $g) (i32.const 1)))
            (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (global.get $g)))
            (call $finish (i32.const 0) (i32.const 4)))"#
    ));
    // `execute` runs it three times, twice on one VM.
    assert_eq!(execute(&code).output, 6_i32.to_le_bytes());
}

#[test]
fn what_is_not_wasm_is_refused_by_evm1mode() {
    let fallback = Config { evm1mode: Evm1Mode::Fallback, ..unmetered() };
    let evm = [0x60, 0x00];
    for (code, reject, fall_back) in [
        (&evm[..], StatusCode::Failure, StatusCode::Rejected),
        (&[0], StatusCode::Failure, StatusCode::Rejected),
        (b"\0as", StatusCode::Failure, StatusCode::Rejected),
        (b"\0asm", StatusCode::Failure, StatusCode::Failure),
        (b"\0asm\x01\0\0", StatusCode::Failure, StatusCode::Failure),
        (b"\0asm\x02\0\0\0", StatusCode::ContractValidationFailure, StatusCode::ContractValidationFailure),
        (b"", StatusCode::Success, StatusCode::Success),
    ] {
        let gas = if code.is_empty() { GAS } else { 0 };
        let expected = |status| Outcome { status, ..Outcome::success(gas) };
        assert_eq!(execute(code), expected(reject), "{code:?}");
        assert_eq!(execute_with(&fallback, code, &message()), expected(fall_back), "{code:?}");
    }
}

#[test]
fn negative_gas_is_out_of_gas_whatever_the_code() {
    for code in [&b""[..], b"evm", &contract("", "")] {
        for gas in [-1, i64::MIN] {
            let outcome = execute_with(&unmetered(), code, &Message { gas, ..message() });
            assert_eq!(outcome, Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) });
        }
    }
}

/// Whatever the revision.
#[test]
fn wasm_runs_at_every_revision() {
    let vm = Vm::new(unmetered());
    let code = contract("", "");
    for revision in Revision::ALL {
        let status = |code: &[u8]| {
            vm.execute(*revision, code, message(), MockHost::default()).1.expect("no fault").status
        };
        assert_eq!(status(&code), StatusCode::Success);
        assert_eq!(status(b"evm"), StatusCode::Failure);
        assert_eq!(status(b""), StatusCode::Success);
    }
}

/// EIP-1344: there is a chain id from Istanbul on. Before, code that asks for it is no contract, and neither the cache nor the profile
/// confuses that. The identifier itself is 3 here, little-endian.
#[test]
fn an_extension_exists_from_its_revision_on() {
    let import = format!(r#"{FINISH} (import "ethereum" "getChainId" (func $chain (param i32)))"#);
    let code = contract(&import, "(call $chain (i32.const 0)) (call $finish (i32.const 0) (i32.const 32))");
    let r4 = Config { profile: Profile::R4, ..unmetered() };
    let (extended, r4) = (Vm::new(unmetered()), Vm::new(r4));
    let tx_context = TxContext { chain_id: 3.into(), ..TxContext::default() };
    for revision in Revision::ALL.iter().chain(Revision::ALL) {
        let host = || MockHost { tx_context: tx_context.clone(), ..MockHost::default() };
        let outcome = |vm: &Vm<_>| vm.execute(*revision, &code, message(), host()).1.expect("no fault");
        let refused = Outcome { status: StatusCode::ContractValidationFailure, ..Outcome::success(0) };
        assert_eq!(outcome(&r4), refused, "{revision}");
        let expected = if *revision < Revision::Istanbul {
            refused
        } else {
            let output = [&[3][..], &[0; 31]].concat();
            Outcome { output, ..Outcome::success(message().gas - 2) }
        };
        assert_eq!(outcome(&extended), expected, "{revision}");
    }
}

/// A creation: the input is not call data, and returned wasm must be a contract; other bytes deploy as they are.
#[test]
fn a_create_checks_what_it_deploys() {
    let size = r#"(import "ethereum" "getCallDataSize" (func $size (result i32)))"#;
    let init = |deployed: &[u8]| {
        let data: String = deployed.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let body = format!("(call $finish (call $size) (i32.const {}))", deployed.len());
        contract(&format!(r#"{FINISH} {size} (data (i32.const 0) "{data}")"#), &body)
    };
    let valid = contract("", "");
    let invalid = module(r#"(func (export "main"))"#);
    for kind in [CallKind::Create, CallKind::Create2, CallKind::EofCreate, CallKind::Call] {
        let message = Message { kind, ..message() };
        for (deployed, is_contract) in [
            (&valid[..], true),
            (&invalid[..], false),
            (b"\0asm\x02\0\0\0", false),
            (b"\0asm\x01\0\0", true),
            (b"anything", true),
            (b"", true),
        ] {
            let outcome = execute_with(&unmetered(), &init(deployed), &message);
            let expected = if is_contract || kind == CallKind::Call {
                Outcome { output: deployed.to_vec(), ..Outcome::success(GAS - 2) }
            } else {
                Outcome { status: StatusCode::ContractValidationFailure, ..Outcome::success(0) }
            };
            assert_eq!(outcome, expected, "{kind:?} {deployed:?}");
        }
        // Input that a client hands over with init code is no call data.
        let message = Message { input: vec![1; 3], ..message };
        let code = contract(&[FINISH, size].concat(), "(call $finish (i32.const 0) (call $size))");
        let length = if kind == CallKind::Call { 3 } else { 0 };
        assert_eq!(execute_with(&unmetered(), &code, &message).output, vec![0; length]);
    }
}

/// A `sys:` contract runs in place of the account's code and still sees that code as its own.
#[test]
fn system_contracts_run_in_place_of_code() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let imports = r#"(import "ethereum" "getCodeSize" (func $size (result i32)))"#;
    let code = contract(&[FINISH, imports].concat(), "(call $finish (i32.const 0) (call $size))");
    std::fs::write(file.path(), code).expect("written");
    let mut config = unmetered();
    config.set("sys:sentinel", file.path().to_str()).expect("a contract");

    let mut sentinel = Address::default();
    sentinel.0[19] = 0x0a;
    let to_sentinel = Message { code_address: sentinel, ..message() };
    for (message, code, length) in [(&to_sentinel, &b"evm"[..], 3), (&to_sentinel, b"", 0)] {
        let outcome = execute_with(&config, code, message);
        assert_eq!(outcome, Outcome { output: vec![0; length], ..Outcome::success(GAS - 2) });
    }
    assert_eq!(execute_with(&config, b"evm", &message()).status, StatusCode::Failure);
    // A creation at that address is its own business.
    let create = Message { kind: CallKind::Create, ..to_sentinel };
    assert_eq!(execute_with(&config, b"evm", &create).status, StatusCode::Failure);
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Sink for Lines {
    fn line(&self, text: &str) {
        self.0.lock().expect("not poisoned").push(text.to_owned());
    }
}

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("not poisoned"))
    }
}

/// A line of JSON for each host call; gas, output and status are the same with it and without.
#[test]
fn tracing_tells_host_calls_and_changes_nothing() {
    let imports = r#"(import "ethereum" "getGasLeft" (func $gas (result i64)))"#;
    let body = "(i64.store (i32.const 0) (call $gas)) (call $finish (i32.const 0) (i32.const 8))";
    let code = contract(&[FINISH, imports].concat(), body);
    let lines = Arc::new(Lines::default());
    let vm = Vm::new(Config { trace: Some(lines.clone()), ..unmetered() });
    let outcome = vm.execute(Revision::Byzantium, &code, message(), MockHost::default()).1.expect("no fault");
    assert_eq!(outcome, execute(&code));
    assert_eq!(outcome.output, (GAS - 2).to_le_bytes());
    assert_eq!(
        lines.take(),
        [
            r#"{"args":[],"call":"getGasLeft","depth":0,"gas":1000000,"left":999998,"result":999998}"#,
            r#"{"args":[0,8],"call":"finish","depth":0,"gas":999998,"left":999998,"stop":"finish"}"#,
        ]
    );
}

/// `debug` prints where it is told to, and is free.
#[test]
fn debug_prints_and_is_free() {
    let code = contract(
        r#"(import "debug" "print32" (func $p32 (param i32))) (import "debug" "print64" (func $p64 (param i64)))
        (import "debug" "printMem" (func $mem (param i32 i32))) (import "debug" "printMemHex" (func $hex (param i32 i32)))
        (import "debug" "printStorage" (func $st (param i32))) (import "debug" "printStorageHex" (func $sth (param i32)))
        (import "debug" "evmTrace" (func $evm (param i32 i32 i32 i32))) (data (i32.const 4) "hi\n")"#,
        "(call $p32 (i32.const -2)) (call $p64 (i64.const 10)) (call $mem (i32.const 4) (i32.const 3))
        (call $hex (i32.const 4) (i32.const 3)) (call $st (i32.const 64)) (call $sth (i32.const 64))
        (call $evm (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4))",
    );
    assert_failure(&code, StatusCode::ContractValidationFailure);
    let lines = Arc::new(Lines::default());
    let vm = Vm::new(Config { debug: Some(lines.clone()), ..unmetered() });
    let mut host = MockHost::default();
    let mut text = Bytes32::ZERO;
    text.0[..2].copy_from_slice(b"ok");
    let storage = [(Bytes32::ZERO, text)].into();
    host.accounts.insert(SELF, MockAccount { storage, ..MockAccount::default() });
    let outcome = vm.execute(Revision::Byzantium, &code, message(), host).1.expect("no fault");
    assert_eq!(outcome, Outcome::success(GAS));
    let (zeros, nulls) = ("0".repeat(64), "\\x00".repeat(30));
    assert_eq!(
        lines.take(),
        [
            "print32: -2 0xfffffffe".to_owned(),
            "print64: 10 0xa".to_owned(),
            "printMem 0x4: \"hi\\n\"".to_owned(),
            "printMemHex 0x4: 0x68690a".to_owned(),
            format!("printStorage 0x{zeros}: \"ok{nulls}\""),
            format!("printStorageHex 0x{zeros}: 0x6f6b{}", "0".repeat(60)),
            "evmTrace pc 1 opcode 0x02 cost 3 stack 4".to_owned(),
        ]
    );
}

/// The reason for a refusal reaches the operator, the same whether or not it was remembered.
#[test]
fn refusals_are_logged_with_their_reason() {
    let lines = Arc::new(Lines::default());
    let vm = Vm::new(Config { log: Some(lines.clone()), ..unmetered() });
    let code = contract(r#"(import "ethereum" "nothing" (func))"#, "");
    for _ in 0..2 {
        let outcome = vm.execute(Revision::Byzantium, &code, message(), MockHost::default()).1;
        assert_eq!(outcome.expect("no fault").status, StatusCode::ContractValidationFailure);
        assert_eq!(
            lines.take(),
            [
                r#"hebe: CONTRACT_VALIDATION_FAILURE: the import "ethereum" "nothing" does not exist (at offset 0x11)"#
            ]
        );
    }
    // The contract's own ends are not refusals.
    vm.execute(Revision::Byzantium, &contract("", "unreachable"), message(), MockHost::default())
        .1
        .expect("no fault");
    assert!(lines.take().is_empty());
}

const CALL: &str = r#"(import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))"#;

/// A panic in the host is a fault of this node: the host comes back, the VM works on, the log has the reason.
#[test]
fn a_panic_in_the_host_is_a_fault() {
    let lines = Arc::new(Lines::default());
    let vm = Vm::new(Config { log: Some(lines.clone()), ..unmetered() });
    let body = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))";
    let code = contract(CALL, body);
    let host = MockHost { on_call: Some(|_, _| panic!("the disk is gone")), ..MockHost::default() };
    let (mut host, outcome) = vm.execute(Revision::Byzantium, &code, message(), host);
    assert_eq!(outcome, Err(Fault::Panic("the disk is gone".to_owned())));
    assert_eq!(host.calls.len(), 1);
    assert_eq!(lines.take(), ["hebe: INTERNAL_ERROR: caught a panic: the disk is gone"]);
    host.on_call = None;
    // 700 for the call; the callee gets no gas.
    let outcome = vm.execute(Revision::Byzantium, &code, message(), host).1;
    assert_eq!(outcome, Ok(Outcome::success(GAS - 700)));
}

/// A nonsensical answer and a failed node below are faults, too, with their own words.
#[test]
fn faults_of_the_host_are_never_outcomes() {
    let vm = Vm::new(unmetered());
    let store = r#"(import "ethereum" "storageStore" (func $store (param i32 i32)))"#;
    let code = contract(store, "(call $store (i32.const 0) (i32.const 0))");
    let host = MockHost { talks_nonsense: true, ..MockHost::default() };
    let outcome = vm.execute(Revision::Byzantium, &code, message(), host).1;
    assert_eq!(outcome, Err(Fault::Host("set_storage")));

    let body = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))";
    let mut host = MockHost::default();
    host.call_result.status = StatusCode::OutOfMemory;
    let outcome = vm.execute(Revision::Byzantium, &contract(CALL, body), message(), host).1;
    assert_eq!(outcome, Err(Fault::NestedCall(StatusCode::OutOfMemory)));
}

/// Code beyond any contract's size is refused without a copy of it; what claims to be wasm in its own words.
#[test]
fn oversized_code_is_refused() {
    let large = |start: &[u8]| [start, &vec![0; 2 << 20]].concat();
    assert_failure(&large(b"evm"), StatusCode::Failure);
    assert_failure(&large(b"\0asm\x01\0\0\0"), StatusCode::ContractValidationFailure);
}

/// So is code to deploy: 2 MiB that begin like wasm, from a memory of 33 pages.
#[test]
fn an_oversized_deployment_is_refused() {
    let header = r#"(data (i32.const 0) "\00asm\01\00\00\00")"#;
    let body = "(call $finish (i32.const 0) (i32.const 0x200000))";
    let code =
        module(&format!(r#"{FINISH} (memory (export "memory") 33) {header} (func (export "main") {body})"#));
    let create = Message { kind: CallKind::Create, ..message() };
    let outcome = execute_with(&unmetered(), &code, &create);
    let status = StatusCode::ContractValidationFailure;
    assert_eq!(outcome, Outcome { status, ..Outcome::success(0) });
    assert_eq!(execute(&code).output.len(), 0x20_0000);
}
