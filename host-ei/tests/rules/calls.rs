//! Nested calls.

use hebe_host_ei::{
    CallKind, CallResult, Fault, Gas, GasCounter, Guest, Halt, Message, StatusCode, Stop, U256, functions::*,
    mock::MockHost,
};

use crate::{CALLER, GAS, MEMORY, OTHER, Run, SELF, too_wide};

const ADDRESS: i32 = 0;
const VALUE: i32 = 32;
const DATA: i32 = 64;

/// Everything that is left after `spent`, but a 64th of it (EIP-150).
const fn all_but_one_64th(spent: Gas) -> Gas {
    let left = GAS - spent;
    left - left / 64
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Call,
    Code,
    Delegate,
    Static,
}

const KINDS: [Kind; 4] = [Kind::Call, Kind::Code, Kind::Delegate, Kind::Static];

fn nested(g: &mut Guest<'_, MockHost>, kind: Kind, gas: i64, data: i32, length: i32) -> Result<i32, Stop> {
    match kind {
        Kind::Call => call(g, gas, ADDRESS, VALUE, data, length),
        Kind::Code => call_code(g, gas, ADDRESS, VALUE, data, length),
        Kind::Delegate => call_delegate(g, gas, ADDRESS, data, length),
        Kind::Static => call_static(g, gas, ADDRESS, data, length),
    }
}

/// A run that is about to call OTHER, which exists, with a value. The callee uses all it gets.
fn run(value: u128) -> Run {
    let mut run = Run::with(Message { value: 77.into(), ..Message::default() });
    prepare(&mut run, value);
    run
}

fn prepare(run: &mut Run, value: u128) {
    run.set_balance(SELF, 1_000);
    run.set_balance(OTHER, 0);
    run.frame.host.call_result.gas_left = 0;
    run.put(ADDRESS, &OTHER.0);
    run.put(VALUE, &value.to_le_bytes());
    run.put(DATA, b"data");
}

/// EVMC 12 `evmc_message`; EIP-7 for the delegate's sender and value; EIP-214 for static.
#[test]
fn messages_name_the_right_parties() {
    for kind in KINDS {
        let mut run = run(5);
        assert_eq!(run.call(|g| nested(g, kind, 1_000, DATA, 4)), Ok(0));
        let base = Message {
            kind: CallKind::Call,
            depth: 1,
            gas: 1_000,
            recipient: OTHER,
            code_address: OTHER,
            sender: SELF,
            input: b"data".to_vec(),
            ..Message::default()
        };
        let expected = match kind {
            Kind::Call => Message { value: 5.into(), gas: 3_300, ..base },
            Kind::Code => {
                Message { kind: CallKind::CallCode, recipient: SELF, value: 5.into(), gas: 3_300, ..base }
            }
            Kind::Delegate => Message {
                kind: CallKind::DelegateCall,
                recipient: SELF,
                sender: CALLER,
                value: 77.into(),
                ..base
            },
            Kind::Static => Message { is_static: true, ..base },
        };
        assert_eq!(run.frame.host.calls, [expected], "{kind:?}");
    }
}

/// G_call = 700; G_callvalue = 9000 for call and callCode; the callee's gas on top.
/// The stipend of 2300 is free and not the delegate's, though its message has a value.
#[test]
fn calls_cost_700_and_9000_for_a_value() {
    for kind in KINDS {
        for value in [0, 1] {
            let mut run = run(value);
            assert_eq!(run.call(|g| nested(g, kind, 1_000, DATA, 4)), Ok(0));
            let transfers = value != 0 && matches!(kind, Kind::Call | Kind::Code);
            let (extra, stipend) = if transfers { (9_000, 2_300) } else { (0, 0) };
            assert_eq!(run.used(), 700 + extra + 1_000, "{kind:?} {value}");
            assert_eq!(run.frame.host.calls[0].gas, 1_000 + stipend, "{kind:?} {value}");
        }
    }
}

/// G_newaccount = 25000 (EIP-161): for call alone, and only with a value.
#[test]
fn a_new_account_costs_25000_in_call_with_a_value() {
    for kind in KINDS {
        for value in [0, 1] {
            let mut run = run(value);
            run.frame.host.accounts.remove(&OTHER);
            assert_eq!(run.call(|g| nested(g, kind, 0, DATA, 4)), Ok(0));
            let expected = match (kind, value) {
                (Kind::Call, 1) => 700 + 9_000 + 25_000,
                (Kind::Code, 1) => 700 + 9_000,
                _ => 700,
            };
            assert_eq!(run.used(), expected, "{kind:?} {value}");
        }
    }
}

/// A balance below the value: the call returns 1, the 9000 stay spent (the ewasm state tests pin it), the
/// 25000 are not asked for, and the return data is cleared as the EVM does.
#[test]
fn too_little_balance_returns_1_before_the_new_account_is_paid() {
    for kind in [Kind::Call, Kind::Code] {
        let mut run = run(1_001);
        run.frame.host.accounts.remove(&OTHER);
        run.frame.return_data = vec![1];
        assert_eq!(run.call(|g| nested(g, kind, 1_000, DATA, 4)), Ok(1));
        assert_eq!(run.used(), 9_700);
        assert!(run.frame.host.calls.is_empty() && run.frame.return_data.is_empty());
    }
    // All of the balance is enough.
    let mut run = run(1_000);
    assert_eq!(run.call(|g| nested(g, Kind::Call, 1_000, DATA, 4)), Ok(0));
}

/// Yellow Paper, section 8: no deeper than 1024. The value is not charged then.
#[test]
fn the_1024th_level_calls_nobody() {
    for (depth, answer, calls) in [(1_023, 0, 1), (1_024, 1, 0), (i32::MAX, 1, 0)] {
        for kind in KINDS {
            let mut run = Run::with(Message { depth, ..Message::default() });
            prepare(&mut run, 1);
            run.frame.return_data = vec![1];
            assert_eq!(run.call(|g| nested(g, kind, 0, DATA, 4)), Ok(answer));
            assert_eq!(run.frame.host.calls.len(), calls);
            assert!(run.frame.return_data.is_empty());
            if answer == 1 {
                assert_eq!(run.used(), 700);
            } else {
                assert_eq!(run.frame.host.calls[0].depth, 1_024);
            }
        }
    }
}

/// EIP-150: at most all but one 64th; asking for more is no error.
#[test]
fn a_64th_of_the_gas_stays() {
    for gas in [i64::MAX, GAS, all_but_one_64th(700) + 1] {
        let mut run = run(0);
        assert_eq!(run.call(|g| nested(g, Kind::Call, gas, DATA, 4)), Ok(0));
        // (1,000,000 − 700) − ⌊999,300 ÷ 64⌋ = 999,300 − 15,614
        assert_eq!(run.frame.host.calls[0].gas, 983_686);
        assert_eq!(run.frame.gas.left(), 15_614);
    }
    let mut run = run(0);
    assert_eq!(run.call(|g| nested(g, Kind::Call, 983_685, DATA, 4)), Ok(0));
    assert_eq!(run.frame.host.calls[0].gas, 983_685);
}

/// What the callee leaves comes back, its refund too, and 0, 2 or 1 says how it went.
#[test]
fn results_come_back() {
    for (status, answer, refund) in [
        (StatusCode::Success, 0, 40),
        (StatusCode::Revert, 2, 0),
        (StatusCode::Failure, 1, 0),
        (StatusCode::OutOfGas, 1, 0),
        (StatusCode::InsufficientBalance, 1, 0),
    ] {
        let mut run = run(0);
        let result = &mut run.frame.host.call_result;
        *result = CallResult { status, gas_left: 300, gas_refund: 40, output: vec![5; 3], ..result.clone() };
        assert_eq!(run.call(|g| nested(g, Kind::Call, 1_000, DATA, 4)), Ok(answer), "{status:?}");
        assert_eq!(run.used(), 700 + 1_000 - 300);
        assert_eq!((run.frame.refund, &run.frame.return_data[..]), (refund, &[5; 3][..]));
    }
}

/// A host cannot make gas: what it says is brought between nothing and what was given.
#[test]
fn gas_that_comes_back_is_bounded() {
    for (claimed, used) in [(i64::MAX, 700), (1_001, 700), (1_000, 700), (-1, 1_700), (i64::MIN, 1_700)] {
        let mut run = run(0);
        run.frame.host.call_result.gas_left = claimed;
        assert_eq!(run.call(|g| nested(g, Kind::Call, 1_000, DATA, 4)), Ok(0));
        assert_eq!(run.used(), used, "{claimed}");
    }
}

/// A failure of the node below must not become a contract's result.
#[test]
fn a_nested_failure_of_the_node_is_a_fault() {
    for status in [StatusCode::InternalError, StatusCode::Rejected, StatusCode::OutOfMemory] {
        let mut run = run(0);
        run.frame.host.call_result.status = status;
        let fault = Fault::NestedCall(status);
        assert_eq!(run.call(|g| nested(g, Kind::Call, 1_000, DATA, 4)), Err(fault.into()));
    }
}

/// EIP-214: a static call's own value is banned, callCode's is not; static is inherited by all below.
#[test]
fn static_mode_is_inherited_and_bans_a_value_in_call() {
    for kind in KINDS {
        let mut run = Run::in_static_mode();
        prepare(&mut run, 1);
        let result = run.call(|g| nested(g, kind, 1_000, DATA, 4));
        if kind == Kind::Call {
            assert_eq!(result, Err(Halt::StaticModeViolation.into()));
            assert_eq!(run.used(), 0);
        } else {
            assert_eq!(result, Ok(0));
            assert!(run.frame.host.calls[0].is_static, "{kind:?}");
        }
    }
    let mut run = Run::in_static_mode();
    prepare(&mut run, 0);
    assert_eq!(run.call(|g| nested(g, Kind::Call, 1_000, DATA, 4)), Ok(0));
    assert!(run.frame.host.calls[0].is_static);
}

/// Negative gas comes before everything else, a bad pointer included.
#[test]
fn negative_gas_is_out_of_range() {
    for kind in KINDS {
        let mut run = run(0);
        let stop = run.call(|g| nested(g, kind, -1, MEMORY + 1, 4));
        assert_eq!(stop, Err(Halt::NegativeGas(-1).into()));
    }
}

/// The ban on a value in a static call comes before the data.
#[test]
fn the_static_ban_comes_before_the_data() {
    let mut run = Run::in_static_mode();
    prepare(&mut run, 1);
    let stop = run.call(|g| nested(g, Kind::Call, 0, -1, 4));
    assert_eq!(stop, Err(Halt::StaticModeViolation.into()));
}

/// Operands are read before the base charge; a length of 0 needs no pointer.
#[test]
fn pointers_are_checked_before_the_charge() {
    for kind in KINDS {
        let mut run = run(0);
        let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 - 3, length: 4, size: MEMORY as u64 };
        run.frame.gas = GasCounter::new(0);
        assert_eq!(run.call(|g| nested(g, kind, 1_000, MEMORY - 3, 4)), Err(halt.into()));
        run.frame.gas = GasCounter::new(GAS);
        assert_eq!(run.call(|g| nested(g, kind, 1_000, -1, 0)), Ok(0));
        assert!(run.frame.host.calls[0].input.is_empty());
    }
}

/// The ewasm state tests pin it: an own balance that is no u128 cannot be compared with a value.
#[test]
fn an_own_balance_beyond_a_u128_is_out_of_range_with_a_value() {
    for kind in KINDS {
        for value in [0, 1] {
            let mut run = run(value);
            run.set_balance(SELF, too_wide());
            let expected = if value != 0 && matches!(kind, Kind::Call | Kind::Code) {
                Err(Halt::ValueTooWide.into())
            } else {
                Ok(0)
            };
            assert_eq!(run.call(|g| nested(g, kind, 1_000, DATA, 4)), expected, "{kind:?} {value}");
        }
    }
}

/// A delegate passes a value on that itself fits no u128.
#[test]
fn a_delegate_passes_any_value() {
    let mut run = Run::with(Message { value: U256::MAX, ..Message::default() });
    prepare(&mut run, 0);
    assert_eq!(run.call(|g| nested(g, Kind::Delegate, 1_000, DATA, 4)), Ok(0));
    assert_eq!(run.frame.host.calls[0].value, U256::MAX);
}
