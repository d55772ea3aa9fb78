//! What each row of the table of inputs means.

use std::{collections::BTreeMap, ptr};

use hebe::abi;

use crate::{
    common::{Call, contract},
    host_answers::{Answers, reporter},
};

/// One or more calls that a row describes, and the options of the VM.
pub(crate) struct Case {
    pub(crate) options: &'static [(&'static str, &'static str)],
    pub(crate) calls: Vec<Call>,
}

pub(crate) type Cases = BTreeMap<&'static str, Case>;

/// Every case by the name of its row.
pub(crate) fn cases() -> Cases {
    let mut cases = Cases::new();
    for (name, calls) in
        [headers(), bytecode(), precompiles(), modules(), imports(), runs(), messages(), pointers(), hosts()]
            .into_iter()
            .flatten()
    {
        let options = options(name);
        assert!(cases.insert(name, Case { options, calls }).is_none(), "two cases {name:?}");
    }
    cases
}

type Named = Vec<(&'static str, Vec<Call>)>;

/// Some rows are about a VM with other options.
fn options(name: &str) -> &'static [(&'static str, &'static str)] {
    if name.contains("evm1mode=fallback") {
        &[("evm1mode", "fallback")]
    } else if name.contains("evm1mode=native") {
        &[("evm1mode", "native")]
    } else if name.contains("precompiles=on") {
        &[("precompiles", "on")]
    } else if name.contains("profile r4") {
        &[("profile", "r4")]
    } else {
        &[]
    }
}

fn each<T: Into<Vec<u8>>>(codes: impl IntoIterator<Item = T>) -> Vec<Call> {
    codes.into_iter().map(Call::of).collect()
}

/// A module as it is written.
fn module(fields: &str) -> Vec<Call> {
    let text = format!("(module {fields})");
    vec![Call::of(wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}")))]
}

/// A contract with these fields besides an empty `main` and a memory.
fn with(fields: &str) -> Vec<Call> {
    vec![Call::of(contract(fields, ""))]
}

/// A contract without imports whose `main` does this.
fn main(body: &str) -> Vec<Call> {
    vec![Call::of(contract("", body))]
}

/// A contract that calls one function.
fn calling(signature: &str, name: &str, arguments: &str) -> Vec<u8> {
    contract(
        &format!(r#"(import "ethereum" "{name}" (func $f {signature}))"#),
        &format!("(call $f {arguments})"),
    )
}

fn valid() -> Vec<u8> {
    contract("", "")
}

const HEADER: &[u8; 8] = b"\0asm\x01\0\0\0";
const MEMORY: &str = r#"(memory (export "memory") 1)"#;
const MAIN: &str = r#"(func (export "main"))"#;

fn headers() -> Named {
    let starts = |lengths: std::ops::RangeInclusive<usize>| each(lengths.map(|length| &HEADER[..length]));
    let version = |version: [u8; 4]| [&b"\0asm"[..], &version].concat();
    let evm = [0x60, 0x00, 0x60, 0x00, 0xf3];
    vec![
        ("no code", each([[]])),
        ("the first 1 to 3 bytes of a wasm header", starts(1..=3)),
        ("the first 4 to 7 bytes of a wasm header", starts(4..=7)),
        ("the first 1 to 3 bytes of a wasm header, evm1mode=fallback", starts(1..=3)),
        ("the first 4 to 7 bytes of a wasm header, evm1mode=fallback", starts(4..=7)),
        ("EVM code", each([evm])),
        ("EVM code, evm1mode=fallback", each([evm])),
        ("1 MiB of zeros", each([vec![0; 1 << 20]])),
        ("a wasm header and 1 MiB of zeros", each([[&HEADER[..], &vec![0; 1 << 20]].concat()])),
        ("wasm version 0", each([version([0; 4])])),
        ("wasm version 2", each([version([2, 0, 0, 0])])),
        ("a wasm component", each([version([0x0d, 0, 1, 0])])),
        ("a wasm header and nothing else", each([HEADER])),
        ("a contract without its last byte", each([&valid()[..valid().len() - 1]])),
        ("a contract and one byte more", each([[&valid()[..], &[0]].concat()])),
    ]
}

fn bytecode() -> Named {
    let starts = |lengths: std::ops::RangeInclusive<usize>| each(lengths.map(|length| &HEADER[..length]));
    let evm = [0x60, 0x00, 0x60, 0x00, 0xf3];
    // ADDRESS BALANCE.
    let asks = [0x30, 0x31];
    let revisions = (0..=15).map(|revision| Call { revision, ..Call::of(evm) }).collect();
    vec![
        ("EVM code, evm1mode=native", each([evm])),
        ("EVM code at every revision, evm1mode=native", revisions),
        ("the first 1 to 3 bytes of a wasm header, evm1mode=native", starts(1..=3)),
        ("the first 4 to 7 bytes of a wasm header, evm1mode=native", starts(4..=7)),
        ("EVM code without end, evm1mode=native", each([[0x5b, 0x60, 0x00, 0x56]])),
        ("the EVM's invalid instruction, evm1mode=native", each([[0xfe]])),
        ("an EVM instruction that does not exist, evm1mode=native", each([[0x0c], [0xef]])),
        ("an empty EVM stack, evm1mode=native", each([[0x50]])),
        ("an endless EVM stack, evm1mode=native", each([[0x5b, 0x5a, 0x60, 0x00, 0x56]])),
        ("an EVM jump to nowhere, evm1mode=native", each([[0x60, 0x01, 0x56]])),
        ("EVM code that asks a null host, evm1mode=native", vec![Call { host: None, ..Call::of(asks) }]),
        ("EVM code that asks a null host function, evm1mode=native", each([asks])),
    ]
}

fn precompiles() -> Named {
    let at = |last: u8, code: &[u8]| Call::of(code).with(|message| message.code_address.bytes[19] = last);
    let no_host = |call: Call| vec![Call { host: None, ..call }];
    vec![
        ("a precompile and a null host, precompiles=on", no_host(at(4, &[]))),
        (
            "a precompile that does not take its input, precompiles=on",
            no_host(Call { revision: 7, ..at(9, &[]) }),
        ),
        ("a precompile without gas, precompiles=on", no_host(at(4, &[]).with(|message| message.gas = 0))),
        ("a precompile that has code, precompiles=on", vec![at(4, &[0xfe])]),
        (
            "a delegation to a precompile, precompiles=on",
            no_host(at(9, &[]).with(|m| m.flags = abi::FLAG_DELEGATED)),
        ),
        ("a precompile and precompiles=off", no_host(Call { revision: 7, ..at(9, &[]) })),
    ]
}

fn modules() -> Named {
    vec![
        ("a float instruction", main("(drop (f32.const 0))")),
        ("a float parameter", with("(func (param f64))")),
        ("a float local", main("(local f32)")),
        ("a float global", with("(global f64 (f64.const 0))")),
        ("a start function", with("(func $start) (start $start)")),
        ("another export", with(r#"(func (export "other"))"#)),
        ("no main", module(MEMORY)),
        ("main with a parameter", module(&format!(r#"{MEMORY} (func (export "main") (param i32))"#))),
        (
            "main with a result",
            module(&format!(r#"{MEMORY} (func (export "main") (result i32) (i32.const 0))"#)),
        ),
        ("main is a global", module(&format!(r#"{MEMORY} (global (export "main") i32 (i32.const 0))"#))),
        ("no memory", module(MAIN)),
        ("a memory that is not exported", module(&format!("{MAIN} (memory 1)"))),
        ("memory is a function", module(&format!(r#"{MAIN} (memory 1) (func (export "memory"))"#))),
        ("a memory of more pages than allowed", module(&format!(r#"{MAIN} (memory (export "memory") 257)"#))),
        ("an operand that is missing", vec![Call::of(missing_operand())]),
        ("an instruction that does not exist", vec![Call::of(unknown_instruction())]),
        ("SIMD", main("(drop (v128.const i64x2 0 0))")),
        ("a sign extension, profile r4", main("(drop (i32.extend8_s (i32.const 0)))")),
    ]
}

/// A contract of three `nop`, in which these bytes are replaced.
fn patched(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut code = contract("", "nop nop nop");
    let at = code.windows(from.len()).position(|window| window == from).expect("the instructions");
    code[at..at + to.len()].copy_from_slice(to);
    code
}

fn missing_operand() -> Vec<u8> {
    patched(&[1, 1, 1], &[1, 1, 0x1a])
}

fn unknown_instruction() -> Vec<u8> {
    patched(&[1, 1, 1], &[1, 1, 0xff])
}

fn imports() -> Named {
    let import = |module, name, kind| with(&format!(r#"(import "{module}" "{name}" {kind})"#));
    vec![
        ("an import that does not exist", import("ethereum", "getgasleft", "(func)")),
        ("an import with an empty name", import("ethereum", "", "(func)")),
        ("an import from another module", import("env", "getGasLeft", "(func (result i64))")),
        ("an import from debug", import("debug", "print32", "(func (param i32))")),
        ("an import with too few parameters", import("ethereum", "finish", "(func (param i32))")),
        ("an import with a wrong result", import("ethereum", "getGasLeft", "(func (result i32))")),
        ("an imported global", import("ethereum", "getGasLeft", "(global i64)")),
        ("an imported table", import("ethereum", "finish", "(table 1 funcref)")),
        ("an imported memory", module(&format!(r#"(import "ethereum" "memory" (memory 1)) {MAIN}"#))),
    ]
}

fn runs() -> Named {
    let two = |name, first, second| {
        vec![Call::of(calling("(param i32 i32)", name, &format!("(i32.const {first}) (i32.const {second})")))]
    };
    let use_gas = |amount| vec![Call::of(calling("(param i64)", "useGas", &format!("(i64.const {amount})")))];
    let log = calling(
        "(param i32 i32 i32 i32 i32 i32 i32)",
        "log",
        "(i32.const 0) (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)",
    );
    let store = calling("(param i32 i32)", "storageStore", "(i32.const 0) (i32.const 0)");
    vec![
        ("a main that returns", vec![Call::of(valid())]),
        ("finish", two("finish", 0, 32)),
        ("revert", two("revert", 0, 32)),
        ("unreachable", main("unreachable")),
        ("a division by zero", main("(drop (i32.div_u (i32.const 1) (i32.const 0)))")),
        ("a load outside the memory", main("(drop (i32.load (i32.const -1)))")),
        ("endless recursion", vec![Call::of(contract("(func $f (call $f))", "(call $f)"))]),
        ("finish outside the memory", two("finish", 65_530, 7)),
        ("more gas than there is", use_gas(1_000_001)),
        ("a negative amount of gas", use_gas(-1)),
        ("log with five topics", vec![Call::of(log)]),
        ("storageStore in a static call", vec![Call::of(store).with(|m| m.flags = abi::FLAG_STATIC)]),
        ("a create that deploys a wasm header and nothing else", vec![create(&deploying(HEADER))]),
        ("a create that deploys EVM code", vec![create(&deploying(&[0x60, 0x00]))]),
    ]
}

/// Init code that deploys these bytes.
fn deploying(bytes: &[u8]) -> Vec<u8> {
    let data: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
    contract(
        &format!(
            r#"(import "ethereum" "finish" (func $finish (param i32 i32))) (data (i32.const 0) "{data}")"#
        ),
        &format!("(call $finish (i32.const 0) (i32.const {}))", bytes.len()),
    )
}

fn create(code: &[u8]) -> Call {
    Call::of(code).with(|message| message.kind = 3)
}

fn messages() -> Named {
    let change = |change: fn(&mut abi::Message)| vec![Call::of(valid()).with(change)];
    let revision = |code: &[u8], revisions: &[i32]| -> Vec<Call> {
        revisions.iter().map(|&revision| Call { revision, ..Call::of(code) }).collect()
    };
    let other = [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    let kind = |kinds: &[i32]| kinds.iter().map(|&kind| Call::of(valid()).with(|m| m.kind = kind)).collect();
    vec![
        ("negative gas", change(|m| m.gas = -1)),
        ("negative gas and no code", vec![Call::of([]).with(|m| m.gas = i64::MIN)]),
        ("no gas", change(|m| m.gas = 0)),
        ("a negative depth", change(|m| m.depth = i32::MIN)),
        (
            "a depth of 1024 or more",
            [1024, i32::MAX].map(|depth| Call::of(valid()).with(|m| m.depth = depth)).into(),
        ),
        ("unknown flags", change(|m| m.flags = !abi::FLAG_STATIC)),
        ("message kind 0 to 5", kind(&[0, 1, 2, 3, 4, 5])),
        ("another message kind", kind(&[6, -1, i32::MAX])),
        ("another revision", revision(&valid(), &other)),
        ("another revision and no code", revision(&[], &other)),
        ("another revision and EVM code", revision(&[0x60], &other)),
        ("an unknown revision", revision(&valid(), &[16, -1, i32::MIN])),
        ("an unknown revision and no code", revision(&[], &[16, -1, i32::MIN])),
    ]
}

fn pointers() -> Named {
    let input =
        |data: *const u8, size| vec![Call::of(valid()).with(|m| (m.input_data, m.input_size) = (data, size))];
    let code = |data: *const u8, size| vec![Call { code: (data, size), ..Call::of([]) }];
    let byte = ptr::from_ref(&0_u8);
    vec![
        ("a null VM", vec![Call { no_vm: true, ..Call::of(valid()) }]),
        ("a null message", vec![Call { message: None, ..Call::of(valid()) }]),
        ("a null input of no bytes", input(ptr::null(), 0)),
        ("a null input of some bytes", input(ptr::null(), 1)),
        ("an input larger than an address space", input(byte, usize::MAX)),
        ("null code of no bytes", code(ptr::null(), 0)),
        ("null code of some bytes", code(ptr::null(), 8)),
        ("code larger than an address space", code(byte, usize::MAX)),
    ]
}

fn hosts() -> Named {
    let balance = calling("(param i32 i32)", "getExternalBalance", "(i32.const 0) (i32.const 32)");
    let origin = calling("(param i32)", "getTxOrigin", "(i32.const 0)");
    let store = calling("(param i32 i32)", "storageStore", "(i32.const 0) (i32.const 32)");
    let no_host = |code: &[u8]| vec![Call { host: None, ..Call::of(code) }];
    let zero = Answers::default();
    let nested = |status_code| {
        let call = abi::ExecutionResult { status_code, ..zero.call };
        Answers { call, ..zero }.to(reporter())
    };
    let absent = abi::ExecutionResult { output_size: 1, ..zero.call };
    let huge = abi::ExecutionResult { output_data: ptr::from_ref(&0), output_size: usize::MAX, ..zero.call };
    let hashes = abi::TxContext { blob_hashes_count: 1, ..zero.tx };
    vec![
        ("a null host that is not asked", no_host(&valid())),
        ("a null host that is asked", no_host(&balance)),
        ("a null host and a contract that is not valid", no_host(HEADER)),
        ("a null host function that is not called", vec![Call::of(valid())]),
        ("a null host function that is called", vec![Call::of(balance)]),
        (
            "a host with an unknown storage status",
            [9, -1].map(|storage_status| Answers { storage_status, ..zero }.to(&store[..])).into(),
        ),
        ("a host with an unknown positive status", vec![nested(18)]),
        ("a host with an unknown negative status", vec![nested(-4)]),
        ("a host that fails itself", vec![nested(-1)]),
        ("a host that rejects", vec![nested(-2)]),
        ("a host without memory", vec![nested(-3)]),
        (
            "a host with an output that is not there",
            [absent, huge].map(|call| Answers { call, ..zero }.to(reporter())).into(),
        ),
        ("a host with blob hashes that are not there", vec![Answers { tx: hashes, ..zero }.to(origin)]),
    ]
}
