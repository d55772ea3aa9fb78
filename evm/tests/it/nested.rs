//! Calls and creations as messages.

use hebe_host_ei::{
    Address, CallKind, CallResult, Fault, Message, Revision, StatusCode,
    mock::{MockAccount, MockHost},
};

use crate::bytes;

const SELF: Address = Address([0x5e; 20]);
const SENDER: Address = Address([0xaa; 20]);
const OTHER: Address = Address([7; 20]);
const DELEGATE: Address = Address([8; 20]);

fn message(gas: i64) -> Message {
    Message {
        gas,
        recipient: SELF,
        sender: SENDER,
        code_address: SELF,
        value: 5.into(),
        depth: 3,
        ..Message::default()
    }
}

fn host(code: Vec<u8>) -> MockHost {
    let account =
        |balance: u64, code| MockAccount { balance: balance.into(), code, ..MockAccount::default() };
    let accounts = [(SELF, account(9, Vec::new())), (OTHER, account(0, code))];
    MockHost { accounts: accounts.into(), ..MockHost::default() }
}

/// A call of OTHER with three bytes of input, that many wei and all gas; then the answer is returned.
fn call(op: u8, value: Option<u8>) -> Vec<u8> {
    let mut code = bytes("62010203 600052 6000 6000 6003 601d");
    code.extend(value.iter().flat_map(|value| [0x60, *value]));
    code.push(0x73);
    code.extend(OTHER.0);
    code.extend([0x5a, op]);
    code.extend(bytes("600052 60206000f3"));
    code
}

fn sent(revision: Revision, code: &[u8], host: &mut MockHost) -> Message {
    let outcome = hebe_evm::execute(revision, code, message(1_000_000), host).expect("no fault");
    assert_eq!(outcome.status, StatusCode::Success);
    host.calls.pop().expect("a nested message")
}

/// Source: EVMC 12, `struct evmc_message`.
#[test]
fn each_call_has_its_message() {
    let (call_code, delegate) = (CallKind::CallCode, CallKind::DelegateCall);
    for (op, value, kind, is_static, recipient, sender, carried) in [
        (0xf1, Some(2), CallKind::Call, false, OTHER, SELF, 2),
        (0xf2, Some(2), call_code, false, SELF, SELF, 2),
        (0xf4, None, delegate, false, SELF, SENDER, 5),
        (0xfa, None, CallKind::Call, true, OTHER, SELF, 0),
    ] {
        let sent = sent(Revision::Byzantium, &call(op, value), &mut host(Vec::new()));
        let gas = sent.gas;
        assert!((900_000..1_000_000).contains(&gas));
        let expected = Message {
            kind,
            is_static,
            depth: 4,
            gas,
            recipient,
            sender,
            input: vec![1, 2, 3],
            value: carried.into(),
            code_address: OTHER,
            ..Message::default()
        };
        assert_eq!(sent, expected);
    }
}

/// EIP-7702, in EVMC's terms: the code's address is the delegate's, and the message says so. 2600 for the cold account and as much for
/// its cold delegate. A delegate's own delegation is not followed.
#[test]
fn a_delegation_is_followed_once() {
    let designator = |address: Address| [&[0xef, 0x01, 0x00], &address.0[..]].concat();
    let mut host = host(designator(DELEGATE));
    host.accounts.insert(DELEGATE, MockAccount { code: designator(SENDER), ..MockAccount::default() });
    let code = call(0xf1, Some(0));
    let prague = sent(Revision::Prague, &code, &mut host);
    assert_eq!((prague.code_address, prague.recipient, prague.is_delegated), (DELEGATE, OTHER, true));
    assert!(host.warm_accounts.contains(&DELEGATE) && !host.warm_accounts.contains(&SENDER));
    host.warm_accounts.clear();
    let cancun = sent(Revision::Cancun, &code, &mut host);
    assert_eq!((cancun.code_address, cancun.is_delegated), (OTHER, false));
    // All but a 64th of what is left.
    assert_eq!(cancun.gas - prague.gas, 2_600 - 2_600 / 64);
}

/// Source: EVMC 12: create_address is the host's to tell; recipient and code address are not set.
#[test]
fn a_creation_has_its_message() {
    let mut host = host(Vec::new());
    host.call_result.create_address = OTHER;
    // CREATE2 of the bytes 0x010203 with value 4 and salt 6; the address is returned.
    let code = bytes("62010203 600052 6006 6003 601d 6004 f5 600052 60206000f3");
    let outcome = hebe_evm::execute(Revision::Petersburg, &code, message(1_000_000), &mut host);
    assert_eq!(outcome.expect("no fault").output[12..], OTHER.0);
    let sent = host.calls.pop().expect("a nested message");
    let expected = Message {
        kind: CallKind::Create2,
        depth: 4,
        gas: sent.gas,
        sender: SELF,
        input: vec![1, 2, 3],
        value: 4.into(),
        create2_salt: 6.into(),
        ..Message::default()
    };
    assert_eq!(sent, expected);
}

/// Yellow Paper, section 8: depth 1024 and the balance forbid a message; its gas, stipend included, comes back.
#[test]
fn depth_and_balance_forbid_a_message() {
    let code = call(0xf1, Some(0));
    for (depth, calls) in [(1_023, 1), (1_024, 0), (i32::MAX, 0), (i32::MIN, 1)] {
        let mut host = host(Vec::new());
        let message = Message { depth, ..message(100_000) };
        let outcome = hebe_evm::execute(Revision::Byzantium, &code, message, &mut host).expect("no fault");
        assert_eq!((outcome.output[31], host.calls.len()), (calls as u8, calls), "{depth}");
    }
    for (op, value, made) in [(0xf1, 9, true), (0xf1, 10, false), (0xf2, 9, true), (0xf2, 10, false)] {
        let mut host = host(Vec::new());
        let outcome =
            hebe_evm::execute(Revision::Byzantium, &call(op, Some(value)), message(100_000), &mut host);
        let outcome = outcome.expect("no fault");
        assert_eq!(outcome.output[31], u8::from(made), "{value}");
        // 700 for the call and 9000 for the value; the stipend of 2300 is left over. Else 50: twelve pushes at 3, GAS at 2, two
        // MSTORE with a word of memory at 9 (the first alone: 3 + 3, the second 3, and no more than one word).
        let used = 100_000 - outcome.gas_left;
        assert_eq!(used, 700 + 9_000 - 2_300 + 12 * 3 - 3 + 2 + 9, "{op:x} {value}");
    }
}

/// A host that says it left what is impossible is taken at the nearest possible; a failure of the node is one.
#[test]
fn answers_without_sense() {
    let run = |result: CallResult| {
        let mut host = MockHost { call_result: result, ..host(Vec::new()) };
        hebe_evm::execute(Revision::Byzantium, &call(0xf1, Some(0)), message(100_000), &mut host)
    };
    let answer = |status, gas_left, gas_refund| CallResult {
        status,
        gas_left,
        gas_refund,
        output: vec![1; 3],
        create_address: OTHER,
    };
    let free = run(answer(StatusCode::Success, i64::MAX, 0)).expect("no fault");
    let dear = run(answer(StatusCode::Success, i64::MIN, 0)).expect("no fault");
    assert!(free.gas_left > 99_000 && dear.gas_left < 2_000 && dear.gas_left > 0);
    for refund in [i64::MIN, -1, i64::MAX] {
        let outcome = run(answer(StatusCode::Success, 0, refund)).expect("no fault");
        assert_eq!(outcome.gas_refund, refund);
        assert_eq!(run(answer(StatusCode::Failure, 0, refund)).expect("no fault").gas_refund, 0);
    }
    for status in [StatusCode::InternalError, StatusCode::Rejected, StatusCode::OutOfMemory] {
        assert_eq!(run(answer(status, 0, 0)), Err(Fault::NestedCall(status)));
    }
}
