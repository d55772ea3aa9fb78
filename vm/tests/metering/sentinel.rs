//! `metering=sentinel`: code is metered before it is deployed. The oracle is `metering=inline`, which is proven elsewhere: of both
//! the specification says that they charge the same gas for contracts that do not read their own code.
//!
//! Sources: `system_contracts.md` and `sentinel.md` of the ewasm design documents.

use hebe_host_ei::{
    Address, CallKind, Message, Outcome, Prices, Profile, Revision, StatusCode, mock::MockHost,
};
use hebe_vm::{Config, SENTINEL, Vm, meter::Metering, validate::validate};

use crate::support::{SELF, config, wat};

fn sentinel() -> Vm<MockHost> {
    Vm::new(Config { metering: Metering::Sentinel, ..Config::default() })
}

fn run(vm: &Vm<MockHost>, code: &[u8], message: Message) -> Outcome {
    vm.execute(Revision::Byzantium, code, message, MockHost::default()).1.expect("no fault")
}

fn message(gas: i64, input: &[u8]) -> Message {
    Message { gas, recipient: SELF, code_address: SELF, input: input.to_vec(), ..Message::default() }
}

/// Init code that deploys these bytes.
fn init(deployed: &[u8]) -> Vec<u8> {
    let data: String = deployed.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let length = deployed.len();
    wat(&format!(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 2)
        (data (i32.const 0) "{data}") (func (export "main") (call $finish (i32.const 0) (i32.const {length}))))"#
    ))
}

/// Calls the system contract.
fn serve(code: &[u8], gas: i64) -> Outcome {
    let message = Message { code_address: SENTINEL, recipient: SENTINEL, ..message(gas, code) };
    run(&sentinel(), b"", message)
}

/// What is deployed in place of a contract, unless it is refused.
pub(crate) fn deploy(code: &[u8]) -> Option<Vec<u8>> {
    let outcome = serve(code, i64::MAX);
    (outcome.status == StatusCode::Success).then_some(outcome.output)
}

/// What is deployed in place of a contract.
#[track_caller]
fn deployed(code: &[u8]) -> Vec<u8> {
    deploy(code).expect("within the limits")
}

/// Runs a contract under both, with the same gas; what differs is why it failed, if it did.
#[track_caller]
fn agree(code: &[u8], deployed: &[u8], gas: i64, input: &[u8]) -> Outcome {
    let inline = run(&Vm::new(config(&Prices::UNIT)), code, message(gas, input));
    let sentinel = run(&sentinel(), deployed, message(gas, input));
    let succeeded = |outcome: &Outcome| [StatusCode::Success, StatusCode::Revert].contains(&outcome.status);
    if succeeded(&inline) || succeeded(&sentinel) {
        assert_eq!(sentinel, inline, "{:?} {:?}", sentinel.reason, inline.reason);
    }
    inline
}

const CONTRACTS: [(&str, &[u8]); 4] = [
    ("counter", include_bytes!("../../../contracts/counter/counter.wasm")),
    ("token", include_bytes!("../../../contracts/token/token.wasm")),
    ("keccak256", include_bytes!("../../../contracts/keccak256/keccak256.wasm")),
    ("sha256", include_bytes!("../../../contracts/sha256/sha256.wasm")),
];

#[test]
fn both_modes_charge_the_same() {
    for (name, code) in CONTRACTS {
        let metered = deployed(code);
        assert!(
            metered.len() > code.len()
                && validate(&metered, &Profile::R4, Revision::Byzantium, false).is_ok(),
            "{name}"
        );
        for input in [&b""[..], b"hello", &[7; 300]] {
            let rich = agree(code, &metered, 10_000_000, input);
            assert!(matches!(rich.status, StatusCode::Success | StatusCode::Revert), "{name}");
            let used = 10_000_000 - rich.gas_left;
            assert_eq!(agree(code, &metered, used, input).gas_left, 0, "{name}");
            for less in [1, 2, used / 2, used - 1, used] {
                assert_eq!(agree(code, &metered, used - less, input).status, StatusCode::OutOfGas, "{name}");
            }
        }
    }
}

/// Functions move by one when `useGas` is imported: calls, the table, names and `main` follow. With it they stay.
#[test]
fn what_names_functions_follows_them() {
    let use_gas = r#"(import "ethereum" "useGas" (func $useGas (param i64)))"#;
    for import in ["", use_gas] {
        let code = wat(&format!(
            r#"(module {import} (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1) (type $op (func (param i32) (result i32))) (table 4 funcref)
            (elem (i32.const 0) $one $two) (elem $later func $two $one) (elem declare func $one)
            (func $one (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
            (func $two (param i32) (result i32) (call $one (call $one (local.get 0))))
            (func $main (export "main")
                (table.init $later (i32.const 2) (i32.const 0) (i32.const 2)) (elem.drop $later)
                (memory.fill (i32.const 64) (i32.const 1) (i32.const 65))
                (drop (memory.grow (i32.const 1)))
                (i32.store8 (i32.const 0) (call_indirect (type $op) (i32.const 10) (i32.const 0)))
                (i32.store8 (i32.const 1) (call_indirect (type $op) (i32.const 10) (i32.const 1)))
                (i32.store8 (i32.const 2) (call_indirect (type $op) (i32.const 10) (i32.const 2)))
                (i32.store8 (i32.const 3) (call $two (i32.const 20)))
                (call $finish (i32.const 0) (i32.const 4))))"#
        ));
        let metered = deployed(&code);
        let outcome = agree(&code, &metered, 1_000_000, b"");
        assert_eq!((outcome.status, &outcome.output[..]), (StatusCode::Success, &[11, 12, 12, 22][..]));
        let names =
            |code: &[u8]| names(code).into_iter().filter(|(_, name)| name != "useGas").collect::<Vec<_>>();
        let moved = u32::from(import.is_empty());
        let (before, after) = (names(&code), names(&metered));
        let first = 1 + u32::from(!import.is_empty());
        let expected: Vec<_> = before
            .into_iter()
            .map(|(index, name)| (if index >= first { index + moved } else { index }, name))
            .collect();
        assert_eq!(after, expected);
        assert_eq!(expected.last(), Some(&(first + 2 + moved, "main".to_owned())));
    }
}

/// Names of functions, by the parser.
fn names(code: &[u8]) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(code) {
        let wasmparser::Payload::CustomSection(section) = payload.expect("valid") else { continue };
        let wasmparser::KnownCustom::Name(names) = section.as_known() else { continue };
        for name in names {
            if let wasmparser::Name::Function(map) = name.expect("well-formed") {
                found.extend(
                    map.into_iter()
                        .map(|naming| naming.map(|n| (n.index, n.name.to_owned())).expect("a name")),
                );
            }
        }
    }
    found
}

/// Init code runs metered and deploys the metered contract, the same as the system contract answers with. What does
/// not begin like wasm is deployed as it is.
#[test]
fn a_create_deploys_the_metered_contract() {
    let vm = sentinel();
    let create = |code: &[u8], gas| run(&vm, code, Message { kind: CallKind::Create, ..message(gas, b"") });
    for (name, code) in CONTRACTS {
        let outcome = create(&init(code), 10_000_000);
        assert_eq!(outcome.status, StatusCode::Success, "{name}: {:?}", outcome.reason);
        assert_eq!(outcome.output, deployed(code), "{name}");
        // Its own gas is that of the init code when it is metered inline.
        let inline = Vm::new(config(&Prices::UNIT));
        let expected =
            run(&inline, &init(code), Message { kind: CallKind::Create, ..message(10_000_000, b"") });
        assert_eq!((outcome.gas_left, &expected.output[..]), (expected.gas_left, code), "{name}");
        let used = 10_000_000 - outcome.gas_left;
        assert_eq!(create(&init(code), used).gas_left, 0);
        assert_eq!(create(&init(code), used - 1).status, StatusCode::OutOfGas);
    }
    assert_eq!(create(&init(b"\x60\x00"), 10_000_000).output, b"\x60\x00");
    let invalid = create(&init(b"\0asm\x01\0\0\0"), 10_000_000);
    assert_eq!(invalid, Outcome { status: StatusCode::ContractValidationFailure, ..Outcome::success(0) });
}

/// The bytes of init code as it was handed over are what `codeCopy` sees.
#[test]
fn init_code_sees_itself_unmetered() {
    let code = wat(r#"(module (import "ethereum" "getCodeSize" (func $size (result i32)))
        (import "ethereum" "codeCopy" (func $copy (param i32 i32 i32)))
        (import "ethereum" "finish" (func $finish (param i32 i32))) (memory (export "memory") 1)
        (func (export "main") (call $copy (i32.const 1) (i32.const 0) (call $size))
            (call $finish (i32.const 0) (i32.add (call $size) (i32.const 1)))))"#);
    let outcome = run(&sentinel(), &code, Message { kind: CallKind::Create, ..message(1_000_000, b"") });
    // With a zero in front it does not begin like wasm.
    assert_eq!((outcome.status, outcome.output), (StatusCode::Success, [&[0][..], &code].concat()));
}

/// The raw interface. By the price list the counter's 226 bytes cost 20 + 226 × 0.4 = 110.4 gas, rounded up.
#[test]
fn the_system_contract_costs_as_much_as_a_start() {
    let (_, counter) = CONTRACTS[0];
    assert_eq!(serve(counter, 1_000).gas_left, 1_000 - 111);
    assert_eq!(serve(counter, 111).gas_left, 0);
    assert_eq!(serve(counter, 110), Outcome { status: StatusCode::OutOfGas, ..Outcome::success(0) });
    // What is no contract reverts and keeps the rest: 20 + 3 × 0.4 = 21.2.
    for garbage in [&b"evm"[..], b"\0as"] {
        let outcome = serve(garbage, 1_000);
        assert_eq!(outcome, Outcome { status: StatusCode::Revert, ..Outcome::success(1_000 - 22) });
    }
    assert_eq!(serve(&vec![0; 2 << 20], i64::MAX).status, StatusCode::Revert);
    // It is there in this mode alone, and something else may stand in for it.
    let elsewhere = Message { code_address: SENTINEL, ..message(1_000, counter) };
    let inline = Vm::<MockHost>::new(Config::default());
    assert_eq!(run(&inline, b"", elsewhere.clone()), Outcome::success(1_000));
    let nothing = wat(r#"(module (memory (export "memory") 1) (func (export "main")))"#);
    let system = [(SENTINEL, nothing.into())].into();
    let replaced = Vm::new(Config { metering: Metering::Sentinel, system, ..Config::default() });
    assert_eq!(run(&replaced, b"\0asm\x01\0\0\0", elsewhere), Outcome::success(1_000));
    assert_eq!(SENTINEL, Address([&[0; 19][..], &[0x0a]].concat().try_into().expect("20 bytes")));
}

/// At the very edge of the depth budget: each frame of $f takes 16, a parameter and its operands, main 17, so that with a recursion
/// `n` deep there is room for it, and not for one more, with and without the sentinel's charges, which come where the stack is
/// highest and where a length is charged in the deepest frame.
#[test]
fn both_modes_nest_equally_deep() {
    for (deepest, operands) in [
        ("", 2),
        ("(memory.fill (i32.const 0) (i32.const 0) (i32.const 65))", 3),
        ("(drop (memory.grow (i32.const 0)))", 2),
    ] {
        let code = |depth: i64| {
            wat(&format!(
                r#"(module (memory (export "memory") 1)
                (func $f (param i32)
                    (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else {deepest})))
                (func (export "main") (call $f (i32.const {depth}))))"#
            ))
        };
        // Frames of $f: one for 0, and one for each that calls.
        let most = (32_768 - 17) / (16 + 1 + operands) - 1;
        for (depth, status) in [(most, StatusCode::Success), (most + 1, StatusCode::StackOverflow)] {
            let code = code(depth);
            let metered = deployed(&code);
            let outcome = agree(&code, &metered, 10_000_000, b"");
            assert_eq!(outcome.status, status, "{deepest} {depth}");
            let outcome = run(&sentinel(), &metered, message(10_000_000, b""));
            assert_eq!(outcome.status, status, "{deepest} {depth}");
        }
    }
}

/// What is set up before the code can charge for it must at least be there: a page is 224 gas, a byte of data 0.01.
#[test]
fn nothing_is_set_up_on_credit() {
    let code = wat(
        r#"(module (memory (export "memory") 10) (data (i32.const 0) "hundred") (func (export "main")))"#,
    );
    let metered = deployed(&code);
    let out_of_gas =
        |gas| run(&sentinel(), &metered, message(gas, b"")).reason.expect("a reason").to_string();
    let words = |gas| format!("out of gas: starting this contract costs 2241, and there was {gas}");
    assert_eq!(out_of_gas(1), words(1));
    assert_eq!(out_of_gas(2_240), words(2_240));
    // From here on the code is asked itself: 20 and the bytes are missing. In particles, rounded up:
    let charge = (22_400_000 + 200_000 + 7 * 100 + code.len() as i64 * 4_000 + 9_999) / 10_000;
    assert_eq!(out_of_gas(2_241), format!("out of gas: a charge of {charge} met 2241 gas left"));
    assert_eq!(run(&sentinel(), &metered, message(charge, b"")), Outcome::success(0));
    // Init code is metered only for who can pay for its bytes.
    let create = Message { kind: CallKind::Create, ..message(20, b"") };
    let reason = run(&sentinel(), &code, create).reason.expect("a reason").to_string();
    assert!(
        reason.starts_with(&format!("out of gas: starting {} bytes of code costs at least ", code.len())),
        "{reason}"
    );
}

/// A metered contract may not have more than the profile allows, either: here one import more.
#[test]
fn what_is_deployed_keeps_the_limits() {
    let import = r#"(import "ethereum" "getGasLeft" (func (result i64)))"#;
    let code = |count| {
        wat(&format!(
            r#"(module {} (memory (export "memory") 1) (func (export "main")))"#,
            import.repeat(count)
        ))
    };
    assert_eq!(serve(&code(127), 1_000_000).status, StatusCode::Success);
    let outcome = serve(&code(128), 1_000_000);
    assert_eq!(outcome.status, StatusCode::Revert);
    let reason = outcome.reason.expect("a reason").to_string();
    assert!(reason.starts_with("129 imports; the limit imports is 128"), "{reason}");
}
