//! Failures of the node.

use hebe_host_ei::{Fault, Host, Message, Outcome, Revision, StatusCode};
use hebe_state::{FailingVm, RevmHost, TxError};

use crate::support::{Script, World, bytes, call_to, contract, failure, nested, nested_create, slot, wasm};

type Ending = fn() -> Result<Outcome, Fault>;

const ENDINGS: [(Ending, Fault); 4] = [
    (|| Err(Fault::OutOfMemory), Fault::OutOfMemory),
    (|| Ok(failure(StatusCode::OutOfMemory)), Fault::OutOfMemory),
    (|| Err(Fault::Host("nothing")), Fault::Host("nothing")),
    (|| Err(Fault::NestedCall(StatusCode::InternalError)), Fault::NestedCall(StatusCode::InternalError)),
];

/// Contract 1 ignores what becomes of its call to contract 2.
fn careless(ending: Ending) -> Script {
    Script::default()
        .with(1, |message, host| {
            host.set_storage(&message.recipient, &slot(1), &slot(1));
            let result = host.call(&nested(message, contract(2), 50_000));
            assert_eq!(result.status, StatusCode::InternalError);
            assert_eq!(host.call(&nested(message, contract(4), 0)).status, StatusCode::InternalError);
            Ok(Outcome::success(0))
        })
        .with(3, move |_, _| ending())
}

/// A fault below an EVM frame below a careless wasm frame voids the transaction, and the chain goes on.
#[test]
fn a_fault_voids_the_transaction() {
    let call_3 = bytes("60006000600060006000 73 0303030303030303030303030303030303030303 5af1 00");
    for (ending, fault) in ENDINGS {
        let mut world = World::new(Revision::Byzantium, careless(ending)).scripts([1, 3]).code(2, &call_3);
        let before = world.state.clone();
        assert_eq!(world.transact(), Err(TxError::Fault(fault.clone())));
        assert_eq!(world.state, before);
        let message = call_to(contract(1), 100_000);
        assert_eq!(world.chain.call(&mut world.state, &message), Err(TxError::Fault(fault)));
        assert_eq!(world.state, before);
        world.chain.vm = std::sync::Arc::new(FailingVm);
        assert_eq!(world.transact().expect("valid").outcome.status, StatusCode::Failure);
    }
}

/// The adapter of a foreign VM need not know faults: a negative status is one.
#[test]
fn a_negative_status_is_a_fault() {
    for status in [StatusCode::InternalError, StatusCode::Rejected] {
        let vm = Script::default().with(1, move |_, _| Ok(failure(status)));
        let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
        assert!(matches!(world.transact(), Err(TxError::Fault(Fault::Engine(_)))));
    }
}

#[test]
fn impossible_gas_is_a_fault() {
    for gas_left in [-1, 100_001, i64::MAX] {
        let vm = Script::default().with(1, move |_, _| Ok(Outcome::success(gas_left)));
        let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
        assert!(matches!(world.transact(), Err(TxError::Fault(Fault::Engine(_)))));
    }
}

#[test]
fn a_panic_is_a_fault() {
    let vm = careless(|| panic!("on purpose"));
    let mut world = World::new(Revision::Byzantium, vm).scripts([1, 3]).code(2, &wasm(3));
    let before = world.state.clone();
    assert_eq!(world.transact(), Err(TxError::Fault(Fault::Panic("on purpose".to_owned()))));
    assert_eq!(world.state, before);
}

fn paid(host: &mut RevmHost, message: &Message) -> bool {
    host.call(message).status == StatusCode::Success
}

/// A VM that lets a static contract change the state is broken, whatever it answers.
#[test]
fn a_change_in_a_static_call_is_a_fault() {
    let changes: [fn(&Message, &mut RevmHost) -> bool; 6] = [
        |_, host| host.set_storage(&contract(1), &slot(1), &slot(1)).is_some(),
        |_, host| host.selfdestruct(&contract(1), &contract(2)),
        |message, host| paid(host, &Message { value: 1.into(), ..nested(message, contract(2), 0) }),
        |message, host| paid(host, &nested_create(message, b"", 0)),
        |_, host| {
            host.emit_log(&contract(1), b"", &[]);
            false
        },
        |_, host| {
            host.set_transient_storage(&contract(1), &slot(1), &slot(1));
            false
        },
    ];
    for change in changes {
        let vm = Script::default().free(1, move |message, host| assert!(!change(message, host)));
        let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
        let message = Message { is_static: true, ..call_to(contract(1), 100) };
        let result = world.chain.call(&mut world.state, &message);
        assert!(matches!(result, Err(TxError::Fault(Fault::Engine(_)))), "{result:?}");
    }
}

/// revm has no EIP-1283: it must not be taken for Petersburg silently.
#[test]
fn the_evm_of_constantinople_is_a_fault_and_its_wasm_runs() {
    let mut world = World::new(Revision::Constantinople, Script::default().free(1, |_, _| ())).scripts([1]);
    assert_eq!(world.transact().expect("valid").outcome.status, StatusCode::Success);
    let mut world = World::new(Revision::Constantinople, Script::default()).code(1, b"\0");
    assert!(matches!(world.transact(), Err(TxError::Fault(Fault::Engine(_)))));
}
