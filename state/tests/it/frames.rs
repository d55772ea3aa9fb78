//! Calls between wasm and EVM contracts, and what becomes of their changes.

use hebe_host_ei::{CallKind, Gas, Host, Message, Outcome, Revision, StatusCode};
use hebe_state::Transaction;

use crate::support::{SENDER, Script, World, bytes, call_to, contract, failure, nested, revert, slot, wasm};

/// EVM: calls contract 3 with 50,000 gas, value 1 and call data `2a`, and returns what that returned.
const CALL_3: &str = "602a60005360006000600160006001730303030303030303030303030303030303030303 61c350f1 50 3d6000600 03e3d6000f3";

/// Source: the Yellow Paper's message fields; PUSH, MSTORE8, CALL and RETURN by any EVM manual.
#[test]
fn wasm_calls_evm_calls_wasm() {
    let vm = Script::default()
        .with(1, |message, host| {
            let result = host.call(&Message { value: 2.into(), ..nested(message, contract(2), 90_000) });
            assert_eq!(result.status, StatusCode::Success);
            Ok(Outcome { output: result.output, ..Outcome::success(message.gas - 90_000 + result.gas_left) })
        })
        .with(3, |message, host| {
            assert_eq!((message.kind, message.depth, message.is_static), (CallKind::Call, 2, false));
            assert_eq!((message.sender, message.recipient), (contract(2), contract(3)));
            assert_eq!((message.value, message.input.as_slice()), (1.into(), &[0x2a][..]));
            // 50,000 and the stipend of a call with value.
            assert_eq!(message.gas, 52_300);
            assert_eq!(host.get_balance(&contract(2)), 1.into());
            Ok(Outcome { output: b"below".to_vec(), ..Outcome::success(message.gas) })
        });
    let mut world =
        World::new(Revision::Byzantium, vm).scripts([1, 3]).code(2, &bytes(CALL_3)).balance(contract(1), 2);
    let receipt = world.transact().expect("valid");
    assert_eq!(receipt.outcome.output, b"below");
    assert_eq!([1, 2, 3].map(|n| world.balance_of(contract(n)).as_u64()), [0, 1, 1]);
}

/// Writes slot 1, emits a log, pays contract 9 one wei, then ends as it is told.
fn leave_traces(
    end: fn(Gas) -> Outcome,
) -> impl Fn(&Message, &mut hebe_state::RevmHost) -> Result<Outcome, hebe_host_ei::Fault> {
    move |message, host| {
        host.set_storage(&message.recipient, &slot(1), &slot(1));
        host.set_transient_storage(&message.recipient, &slot(1), &slot(1));
        host.emit_log(&message.recipient, b"data", &[slot(7)]);
        let paid = host.call(&Message { value: 1.into(), ..nested(message, contract(9), 0) });
        assert_eq!(paid.status, StatusCode::Success);
        Ok(end(message.gas - 100))
    }
}

fn traces(end: fn(Gas) -> Outcome) -> (World, Gas) {
    let vm = Script::default().with(2, leave_traces(end)).with(1, |message, host| {
        let result = host.call(&nested(message, contract(2), 1_000));
        assert_eq!(
            host.get_transient_storage(&contract(2), &slot(1)),
            host.get_storage(&contract(2), &slot(1))
        );
        Ok(Outcome { output: result.gas_left.to_be_bytes().to_vec(), ..Outcome::success(message.gas) })
    });
    let mut world = World::new(Revision::Cancun, vm).scripts([1, 2]).balance(contract(2), 5);
    let receipt = world.call();
    let logs = usize::from(world.stored(2, 1) == slot(1));
    assert_eq!(receipt.logs.len(), logs, "a log stays when the storage does");
    (world, Gas::from_be_bytes(receipt.outcome.output.try_into().expect("8 bytes")))
}

/// Source: Yellow Paper, section 8, and EIP-140.
#[test]
fn only_a_success_leaves_traces() {
    let (world, gas_left) = traces(Outcome::success);
    assert_eq!((world.stored(2, 1), world.balance_of(contract(9)), gas_left), (slot(1), 1.into(), 900));

    let (world, gas_left) = traces(revert);
    assert_eq!((world.stored(2, 1), world.balance_of(contract(9)), gas_left), (slot(0), 0.into(), 900));

    let (world, gas_left) = traces(|_| failure(StatusCode::WasmTrap));
    assert_eq!((world.stored(2, 1), world.balance_of(contract(9)), gas_left), (slot(0), 0.into(), 0));
}

/// The status of a nested wasm frame is the VM's own, that of an EVM frame its equivalent in EVMC.
#[test]
fn a_caller_sees_how_its_call_ended() {
    let ends = [
        (StatusCode::WasmTrap, wasm(2)),
        (StatusCode::UndefinedInstruction, vec![0x0c]),
        (StatusCode::InvalidInstruction, vec![0xfe]),
        (StatusCode::StackUnderflow, vec![0x01]),
        (StatusCode::BadJumpDestination, bytes("600056")),
        (StatusCode::Revert, bytes("60006000fd")),
        (StatusCode::OutOfGas, bytes("5b600056")),
        (StatusCode::Success, bytes("00")),
    ];
    for (expected, code) in ends {
        let vm = Script::default().with(2, |_, _| Ok(failure(StatusCode::WasmTrap))).with(
            1,
            move |message, host| {
                let result = host.call(&nested(message, contract(2), 1_000));
                assert_eq!(result.status, expected);
                Ok(Outcome::success(message.gas))
            },
        );
        World::new(Revision::Byzantium, vm).scripts([1]).code(2, &code).call();
    }
}

/// Source: Yellow Paper, section 8: nothing happens, and the gas comes back.
#[test]
fn a_call_beyond_the_balance_gives_its_gas_back() {
    let vm = Script::default().with(1, |message, host| {
        for kind in [CallKind::Call, CallKind::CallCode, CallKind::Create] {
            let call = Message { kind, value: 6.into(), ..nested(message, contract(2), 700) };
            let result = host.call(&call);
            assert_eq!((result.status, result.gas_left), (StatusCode::InsufficientBalance, 700));
        }
        Ok(Outcome::success(message.gas))
    });
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]).balance(contract(1), 5);
    assert_eq!(world.call().outcome.status, StatusCode::Success);
    assert_eq!(world.state.get(&contract(1)).expect("there").nonce, 1);
}

/// Source: Yellow Paper, section 8, and EIP-7 (delegate calls keep sender and value).
#[test]
fn code_calls_run_in_the_callers_place() {
    let vm = Script::default()
        .free(1, |message, host| {
            for kind in [CallKind::CallCode, CallKind::DelegateCall] {
                let value = if kind == CallKind::CallCode { 4.into() } else { message.value };
                let sender = if kind == CallKind::CallCode { message.recipient } else { message.sender };
                let code = Message {
                    kind,
                    value,
                    sender,
                    recipient: message.recipient,
                    ..nested(message, contract(2), 0)
                };
                assert_eq!(host.call(&code).status, StatusCode::Success);
            }
        })
        .free(2, |message, host| {
            assert_eq!((message.recipient, message.code_address), (contract(1), contract(2)));
            let (sender, value) = match message.kind {
                CallKind::CallCode => (contract(1), 4.into()),
                _ => (SENDER, 3.into()),
            };
            assert_eq!((message.sender, message.value), (sender, value));
            host.set_storage(&message.recipient, &slot(message.kind as u64), &slot(1));
        });
    let mut world = World::new(Revision::Byzantium, vm).scripts([1, 2]).balance(contract(1), 4);
    let message = Message { value: 3.into(), ..call_to(contract(1), 100) };
    let receipt = world.chain.call(&mut world.state, &message).expect("no fault");
    assert_eq!(receipt.outcome.status, StatusCode::Success);
    assert_eq!((world.stored(1, 1), world.stored(1, 2)), (slot(1), slot(1)));
    assert_eq!(world.balance_of(contract(1)), 7.into());
}

/// Source: EIP-214. Contract 2 is the EVM: it forwards to contract 3 and writes nothing itself.
#[test]
fn everything_below_a_static_call_is_static() {
    let vm = Script::default()
        .free(1, |message, host| {
            let call = Message { is_static: true, ..nested(message, contract(2), 50_000) };
            assert_eq!(host.call(&call).status, StatusCode::Success);
        })
        .free(3, |message, _| assert!(message.is_static));
    let forward = bytes("60006000600060006000 73 0303030303030303030303030303030303030303 5af1 00");
    let mut world = World::new(Revision::Byzantium, vm).scripts([1, 3]).code(2, &forward);
    assert_eq!(world.call().outcome.status, StatusCode::Success);

    let vm = Script::default().free(1, |message, host| {
        let call = Message { is_static: true, ..nested(message, contract(2), 50_000) };
        assert_eq!(host.call(&call).status, StatusCode::StaticModeViolation);
    });
    // The EVM writes its slot 0.
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]).code(2, &bytes("6001600055"));
    assert_eq!(world.call().outcome.status, StatusCode::Success);
}

/// Source: the first byte of wasm is STOP to an EVM, which would succeed.
#[test]
fn wasm_never_reaches_the_interpreter() {
    struct TakesNothing;
    impl hebe_state::FrameVm for TakesNothing {
        fn takes(&self, _: &[u8]) -> bool {
            false
        }
        fn execute(
            &self,
            _: Revision,
            _: Message,
            _: &[u8],
            _: hebe_state::RevmHost,
        ) -> Result<Outcome, hebe_host_ei::Fault> {
            unreachable!("it takes nothing")
        }
    }
    for code in [&b"\0asm"[..], b"\0asm\x01\0\0", b"\0asm\x01\0\0\0"] {
        let mut world = World::new(Revision::Byzantium, TakesNothing).code(1, code);
        let receipt = world.transact().expect("valid");
        assert_eq!(receipt.outcome.status, StatusCode::ContractValidationFailure);
        assert_eq!(receipt.gas_used, 121_000);
        let mut transaction = world.transaction();
        (transaction.to, transaction.input) = (None, code.to_vec());
        let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
        assert_eq!((receipt.outcome.status, receipt.created), (StatusCode::ContractValidationFailure, None));
    }
}

/// Source: EIP-7702: the code of the delegate runs in the account's place; a chain of delegations is not followed.
#[test]
fn a_delegation_names_the_code() {
    let delegation = |to: u8| [&b"\xef\x01\x00"[..], &[to; 20]].concat();
    let vm = Script::default().free(1, |message, host| {
        assert!(message.is_delegated);
        assert_eq!((message.recipient, message.code_address), (contract(2), contract(1)));
        assert_eq!(host.get_code_size(&contract(2)), 23);
    });
    let mut world =
        World::new(Revision::Prague, vm).scripts([1]).code(2, &delegation(1)).code(3, &delegation(2));
    let transaction = Transaction { to: Some(contract(2)), ..world.transaction() };
    let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
    assert_eq!(receipt.outcome.status, StatusCode::Success);
    let transaction = Transaction { to: Some(contract(3)), ..world.transaction() };
    let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
    assert_eq!(receipt.outcome.status, StatusCode::UndefinedInstruction);
}

/// Source: EIP-7702: a precompile as delegate is empty code. EVMC: the VM resolves the delegation and says so.
#[test]
fn a_vm_resolves_delegations_for_its_calls() {
    let identity = hebe_host_ei::Address({
        let mut address = [0; 20];
        address[19] = 4;
        address
    });
    let vm = Script::default()
        .free(1, move |message, host| {
            let call = nested(message, contract(2), 10_000);
            let plain = host.call(&Message { input: b"x".to_vec(), ..nested(message, identity, 10_000) });
            assert_eq!((plain.output.as_slice(), plain.gas_left), (&b"x"[..], 10_000 - 18));
            let empty = host.call(&Message {
                is_delegated: true,
                code_address: identity,
                input: b"x".to_vec(),
                ..call.clone()
            });
            assert_eq!((empty.output.as_slice(), empty.gas_left), (&b""[..], 10_000));
            let result = host.call(&Message { is_delegated: true, code_address: contract(3), ..call });
            assert_eq!(result.status, StatusCode::Success);
        })
        .free(3, |message, _| {
            assert!(message.is_delegated);
            assert_eq!((message.recipient, message.code_address), (contract(2), contract(3)));
        });
    let mut world = World::new(Revision::Prague, vm).scripts([1, 3]);
    assert_eq!(world.call().outcome.status, StatusCode::Success);
}

/// Before Prague, the same bytes are code that begins with an undefined instruction.
#[test]
fn delegations_begin_with_prague() {
    let vm = Script::default().free(1, |_, _| ());
    let delegation = [&b"\xef\x01\x00"[..], &[1; 20]].concat();
    let mut world = World::new(Revision::Cancun, vm).scripts([1]).code(2, &delegation);
    for (revision, expected) in
        [(Revision::Cancun, StatusCode::UndefinedInstruction), (Revision::Prague, StatusCode::Success)]
    {
        world.chain.revision = revision;
        let transaction = Transaction { to: Some(contract(2)), ..world.transaction() };
        let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
        assert_eq!(receipt.outcome.status, expected);
    }
}

/// A delegation that led to empty code says nothing about the next contract. Contract 1 is the EVM and calls 3, then 4.
#[test]
fn a_delegation_ends_with_its_call() {
    let vm = Script::default()
        .free(3, |message, host| {
            let empty = Message { is_delegated: true, ..nested(message, contract(9), 0) };
            assert_eq!(host.call(&empty).status, StatusCode::Success);
        })
        .free(4, |message, _| assert!(!message.is_delegated));
    let call = |number: u8| [bytes("6000600060006000600073"), vec![number; 20], bytes("61c350f1")].concat();
    let code = [call(3), call(4), vec![0]].concat();
    let mut world = World::new(Revision::Prague, vm).scripts([3, 4]).code(1, &code);
    assert_eq!(world.transact().expect("valid").outcome.status, StatusCode::Success);
}
