//! Fees and refunds.

use hebe_host_ei::{Host, Outcome, Revision, StatusCode};
use hebe_state::{Transaction, TxError};

use crate::support::{COINBASE, SENDER, Script, World, bytes, contract, nested, pass_on, slot};

const START: u64 = 10u64.pow(18);

/// Source: Yellow Paper, section 6: the sender pays what was used, the coinbase gets it.
#[test]
fn fees_go_to_the_coinbase() {
    let vm = Script::default().with(1, |message, _| Ok(Outcome::success(message.gas - 1_000)));
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
    let receipt = world.transact().expect("valid");
    assert_eq!((receipt.gas_used, receipt.outcome.gas_left), (22_000, 99_000));
    assert_eq!(world.balance_of(COINBASE), 22_000.into());
    assert_eq!(world.balance_of(SENDER), (START - 22_000).into());
}

/// Source: the cap is half of the gas used, from London on a fifth (EIP-3529).
#[test]
fn a_refund_is_capped() {
    for (revision, used) in [(Revision::Byzantium, 11_000), (Revision::London, 17_600)] {
        let vm = Script::default().with(1, |message, _| {
            Ok(Outcome { gas_refund: 15_000, ..Outcome::success(message.gas - 1_000) })
        });
        let mut world = World::new(revision, vm).scripts([1]);
        let receipt = world.transact().expect("valid");
        assert_eq!((receipt.gas_used, receipt.outcome.gas_refund), (used, 22_000 - used as i64));
        assert_eq!(world.balance_of(SENDER), (START - used).into());
    }
}

/// Source: EVMC: a refund may be negative; Yellow Paper: the transaction's sum cannot be.
#[test]
fn a_negative_refund_is_no_gift() {
    let vm = Script::default()
        .with(1, |message, _| Ok(Outcome { gas_refund: -5, ..Outcome::success(message.gas) }));
    let receipt = World::new(Revision::Byzantium, vm).scripts([1]).transact().expect("valid");
    assert_eq!(receipt.gas_used, 21_000);
}

/// EVM: clears slot 1 (PUSH 3, PUSH 3, SSTORE 5,000; refund 15,000) and stops.
const CLEAR: &str = "6000600155 00";
/// EVM: calls contract 3 with 60,000 gas (7 PUSH 21, CALL 700) and stops.
const CALL_3: &str = "60006000600060006000 73 0303030303030303030303030303030303030303 61ea60 f1 00";

/// Source: Byzantium's gas table. Each clear refunds once, whatever mixture of frames is around it.
#[test]
fn refunds_below_count_once() {
    // Wasm calls EVM.
    let forward = |vm: Script| {
        vm.with(1, |message, host| {
            let call = nested(message, contract(2), message.gas);
            Ok(pass_on(host, &call))
        })
    };
    let mut world = World::new(Revision::Byzantium, forward(Script::default()))
        .scripts([1])
        .code(2, &bytes(CLEAR))
        .storage(2, 1, 1);
    let receipt = world.transact().expect("valid");
    // 26,006 used, of which at most half come back.
    assert_eq!((receipt.gas_used, receipt.outcome.gas_refund), (13_003, 13_003));

    // Wasm calls EVM calls wasm, which reports 1,000 of its own.
    let vm = forward(Script::default())
        .with(3, |message, _| Ok(Outcome { gas_refund: 1_000, ..Outcome::success(message.gas) }));
    let mut world = World::new(Revision::Byzantium, vm).scripts([1, 3]).code(2, &bytes(CALL_3));
    let receipt = world.transact().expect("valid");
    assert_eq!((receipt.gas_used, receipt.outcome.gas_refund), (20_721, 1_000));

    // EVM calls wasm that fails: no refund.
    let vm = Script::default().with(3, |message, _| {
        Ok(Outcome { status: StatusCode::Revert, gas_refund: 1_000, ..Outcome::success(message.gas) })
    });
    let mut world = World::new(Revision::Byzantium, vm).scripts([3]).code(1, &bytes(CALL_3));
    let receipt = world.transact().expect("valid");
    assert_eq!((receipt.gas_used, receipt.outcome.gas_refund), (21_721, 0));
}

/// Source: the refunds of the Yellow Paper, appendix G: 15,000 for a clear, 24,000 for a selfdestruct.
#[test]
fn a_host_can_keep_the_refunds() {
    let script = |host_refunds| {
        let mut vm = Script::default()
            .with(1, |message, host| {
                host.set_storage(&contract(1), &slot(1), &slot(0));
                let call = nested(message, contract(2), 10_000);
                // The EVM contract uses 5,006 of it and clears a slot.
                let result = host.call(&call);
                assert_eq!(result.gas_left, 4_994);
                assert_eq!(host.call(&nested(message, contract(5), 100)).status, StatusCode::Success);
                let status = host.call(&nested(message, contract(4), 100)).status;
                assert_eq!(status, StatusCode::Revert);
                host.selfdestruct(&contract(1), &contract(1));
                host.selfdestruct(&contract(1), &contract(1));
                // It uses the rest, so that the cap is out of reach.
                Ok(Outcome { gas_refund: result.gas_refund, ..Outcome::success(0) })
            })
            .free(5, |_, host| {
                host.set_storage(&contract(5), &slot(1), &slot(0));
            })
            .with(4, |message, host| {
                host.set_storage(&contract(4), &slot(1), &slot(0));
                Ok(Outcome { status: StatusCode::Revert, ..Outcome::success(message.gas) })
            });
        vm.host_refunds = host_refunds;
        vm
    };
    for (host_refunds, refund) in [(true, 3 * 15_000 + 24_000), (false, 15_000)] {
        let mut world = World::new(Revision::Byzantium, script(host_refunds))
            .scripts([1, 4, 5])
            .code(2, &bytes(CLEAR))
            .storage(1, 1, 1)
            .storage(2, 1, 1)
            .storage(4, 1, 1)
            .storage(5, 1, 1);
        let transaction = Transaction { gas_limit: 200_000, ..world.transaction() };
        let receipt = world.chain.transact(&mut world.state, &transaction).expect("valid");
        assert_eq!((receipt.gas_used, receipt.outcome.gas_refund), (200_000 - refund as u64, refund));
    }
}

/// Source: Yellow Paper, section 9.4.2: an exceptional halt takes all gas.
#[test]
fn a_failure_costs_all_gas_and_keeps_the_nonce() {
    let vm = Script::default().with(1, |_, _| Ok(crate::support::failure(StatusCode::OutOfGas)));
    let mut world = World::new(Revision::Byzantium, vm).scripts([1]);
    let receipt = world.transact().expect("valid");
    assert_eq!((receipt.outcome.status, receipt.gas_used), (StatusCode::OutOfGas, 121_000));
    assert_eq!(world.state.get(&SENDER).expect("there").nonce, 1);
}

/// Source: EIP-3607, which the executable specification applies at every fork: a contract sends no transactions.
#[test]
fn a_contract_sends_no_transaction() {
    for revision in [Revision::Frontier, Revision::Berlin, Revision::London, Revision::Prague] {
        let mut world = World::new(revision, Script::default()).balance(contract(1), 1);
        world.state.account_mut(SENDER).code = vec![0].into();
        assert!(matches!(world.transact(), Err(TxError::Invalid(_))), "{revision}");
        world.state.account_mut(SENDER).code = Vec::new().into();
        assert!(world.transact().is_ok(), "{revision}");
    }
}

/// Source: the definition of a bare message: no intrinsic gas, no fee, no nonce.
#[test]
fn a_bare_message_costs_nothing_else() {
    let vm = Script::default().with(1, |message, _| Ok(Outcome::success(message.gas - 7)));
    let mut world = World::new(Revision::Prague, vm).scripts([1]);
    let before = world.state.clone();
    let receipt = world.call();
    assert_eq!((receipt.gas_used, receipt.outcome.gas_left), (7, 99_993));
    assert_eq!(before.diff(&world.state), []);
}

/// Source: EVMC: gas is signed; a negative amount is out of gas.
#[test]
fn a_bare_message_without_gas_or_money_fails() {
    let mut world = World::new(Revision::Byzantium, Script::default()).scripts([1]);
    let mut message = crate::support::call_to(contract(1), -1);
    let receipt = world.chain.call(&mut world.state, &message).expect("no fault");
    assert_eq!(receipt.outcome.status, StatusCode::OutOfGas);
    (message.gas, message.value) = (5, (2 * u128::from(START)).into());
    let receipt = world.chain.call(&mut world.state, &message).expect("no fault");
    assert_eq!((receipt.outcome.status, receipt.outcome.gas_left), (StatusCode::InsufficientBalance, 5));
}
