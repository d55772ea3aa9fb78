//! Accounts that delegate to another's code (EIP-7702).

use hebe_host_ei::{Address, Gas, Halt, Message, Revision, functions::*};

use crate::{OTHER, Run, SELF};

const DELEGATE: Address = Address([0xde; 20]);
const ADDRESS: i32 = 0;
const VALUE: i32 = 32;
const DATA: i32 = 64;

/// OTHER, warm, with this code.
fn run(revision: Revision, code: Vec<u8>) -> Run {
    let mut run = Run::at(revision);
    run.set_balance(SELF, 10);
    run.frame.host.accounts.entry(OTHER).or_default().code = code;
    run.frame.host.warm_accounts.insert(OTHER);
    run.frame.host.call_result.gas_left = 0;
    run.put(ADDRESS, &OTHER.0);
    run
}

fn delegation(to: Address) -> Vec<u8> {
    [&[0xef, 0x01, 0x00][..], &to.0].concat()
}

/// Each kind of call to OTHER; its gas and its message.
fn calls(make: impl Fn() -> Run) -> Vec<(Gas, Message)> {
    (0..4)
        .map(|kind| {
            let mut run = make();
            let answer = run.call(|g| match kind {
                0 => call(g, 0, ADDRESS, VALUE, DATA, 0),
                1 => call_code(g, 0, ADDRESS, VALUE, DATA, 0),
                2 => call_delegate(g, 0, ADDRESS, DATA, 0),
                _ => call_static(g, 0, ADDRESS, DATA, 0),
            });
            assert_eq!(answer, Ok(0));
            (run.used(), run.frame.host.calls[0].clone())
        })
        .collect()
}

/// EIP-7702: 2600 for a delegate that is cold, 100 for a warm one, beside the call's own 100; the delegate's code runs in the
/// name of whoever the call names.
#[test]
fn a_delegation_is_followed_and_paid() {
    for revision in [Revision::Prague, Revision::Osaka, Revision::Experimental] {
        for (warm, charge) in [(false, 2_600), (true, 100)] {
            let plain = calls(|| run(revision, vec![1]));
            let delegated = calls(|| {
                let mut run = run(revision, delegation(DELEGATE));
                if warm {
                    run.frame.host.warm_accounts.insert(DELEGATE);
                }
                run
            });
            for ((gas, plain), (delegated_gas, delegated)) in plain.into_iter().zip(delegated) {
                assert_eq!((gas, delegated_gas), (100, 100 + charge), "{revision}");
                assert_eq!(delegated, Message { code_address: DELEGATE, is_delegated: true, ..plain });
            }
        }
    }
}

/// Before Prague such code is code like any other.
#[test]
fn there_are_no_delegations_before_prague() {
    for revision in Revision::ALL.iter().filter(|revision| **revision < Revision::Prague) {
        let other = calls(|| run(*revision, vec![1]));
        assert_eq!(calls(|| run(*revision, delegation(DELEGATE))), other, "{revision}");
    }
}

/// Exactly 23 bytes are a delegation: `0xef0100 || address`.
#[test]
fn other_code_is_no_delegation() {
    let valid = delegation(DELEGATE);
    let codes = [
        vec![],
        valid[..22].to_vec(),
        [&valid[..], &[0]].concat(),
        [&[0xef, 0x01, 0x01], &valid[3..]].concat(),
        [&[0xef, 0x00, 0x00], &valid[3..]].concat(),
        vec![0xef],
    ];
    for code in codes {
        let plain = calls(|| run(Revision::Prague, vec![1]));
        assert_eq!(calls(|| run(Revision::Prague, code.clone())), plain, "{code:?}");
    }
}

/// "Clients must retrieve only the first code and then stop following the delegation chain."
#[test]
fn a_delegation_leads_no_further() {
    for to in [OTHER, SELF] {
        let calls = calls(|| {
            let mut run = run(Revision::Prague, delegation(DELEGATE));
            run.frame.host.accounts.entry(DELEGATE).or_default().code = delegation(to);
            run
        });
        assert!(calls.iter().all(|(gas, message)| *gas == 2_700 && message.code_address == DELEGATE));
    }
    // To itself: warm by then, since the call has touched it.
    let calls = calls(|| run(Revision::Prague, delegation(OTHER)));
    assert!(calls.iter().all(|(gas, message)| *gas == 200 && message.code_address == OTHER));
}

/// Code is read as it is: 23 bytes, at the price of the account alone.
#[test]
fn reading_code_follows_no_delegation() {
    let mut run = run(Revision::Prague, delegation(DELEGATE));
    assert_eq!(run.call(|g| get_external_code_size(g, ADDRESS)), Ok(23));
    assert_eq!(run.call(|g| external_code_copy(g, ADDRESS, 100, 0, 23)), Ok(()));
    assert_eq!(run.used(), 100 + 103);
    assert_eq!(run.get(100, 23), delegation(DELEGATE));
    assert!(!run.frame.host.warm_accounts.contains(&DELEGATE));
}

/// A delegate that cannot be paid for is out of gas; the depth is looked at afterwards.
#[test]
fn the_delegate_is_part_of_the_base_charge() {
    let mut run = run(Revision::Prague, delegation(DELEGATE));
    run.frame.gas = hebe_host_ei::GasCounter::new(2_699);
    let halt = Halt::OutOfGas { charge: 2_500, left: 2_499 };
    assert_eq!(run.call(|g| call(g, 0, ADDRESS, VALUE, DATA, 0)), Err(halt.into()));
    let mut run = self::run(Revision::Prague, delegation(DELEGATE));
    run.frame.message.depth = 1_024;
    assert_eq!(run.call(|g| call(g, 0, ADDRESS, VALUE, DATA, 0)), Ok(1));
    assert_eq!(run.used(), 2_700);
}
