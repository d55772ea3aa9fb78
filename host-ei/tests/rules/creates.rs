//! Creations.

use hebe_host_ei::{Address, CallKind, CallResult, Halt, Message, StatusCode, functions::*};

use crate::{GAS, MEMORY, Run, SELF, too_wide};

const VALUE: i32 = 0;
const CODE: i32 = 32;
const RESULT: i32 = 512;
const NEW: Address = Address([0xee; 20]);

/// (1,000,000 − 32,000) − ⌊968,000 ÷ 64⌋ = 968,000 − 15,125
const FORWARDED: i64 = 952_875;

fn prepare(run: &mut Run, value: u128) {
    run.set_balance(SELF, 10);
    run.put(VALUE, &value.to_le_bytes());
    run.put(CODE, b"init");
    run.frame.return_data = vec![1];
    let result = &mut run.frame.host.call_result;
    *result = CallResult { gas_left: 0, create_address: NEW, ..result.clone() };
}

fn run(value: u128) -> Run {
    let mut run = Run::new();
    prepare(&mut run, value);
    run
}

/// G_create = 32000, all but one 64th goes along (EIP-150), and the address is written. The return data is
/// empty after a success.
#[test]
fn create_costs_32000_and_writes_the_address() {
    let mut run = run(10);
    run.frame.host.call_result.output = vec![9];
    assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, RESULT)), Ok(0));
    let expected = Message {
        kind: CallKind::Create,
        depth: 1,
        gas: FORWARDED,
        sender: SELF,
        input: b"init".to_vec(),
        value: 10.into(),
        ..Message::default()
    };
    assert_eq!(run.frame.host.calls, [expected]);
    assert_eq!(run.frame.gas.left(), GAS - 32_000 - FORWARDED);
    assert_eq!(run.get(RESULT, 21), [&NEW.0[..], &[0]].concat());
    assert!(run.frame.return_data.is_empty());
}

/// A revert's output becomes the return data, a failure's does not; neither writes an address.
#[test]
fn a_failed_create_writes_nothing() {
    for (status, answer, data) in
        [(StatusCode::Revert, 2, &[9][..]), (StatusCode::Failure, 1, &[]), (StatusCode::OutOfGas, 1, &[])]
    {
        let mut run = run(0);
        let result = &mut run.frame.host.call_result;
        *result = CallResult { status, output: vec![9], gas_left: 100, ..result.clone() };
        assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, RESULT)), Ok(answer));
        assert_eq!(run.get(RESULT, 20), [0; 20]);
        assert_eq!(run.frame.return_data, data);
        assert_eq!(run.frame.gas.left(), GAS - 32_000 - FORWARDED + 100);
    }
}

/// Depth and balance return 1 before the init code is looked at; the 32000 stay spent.
#[test]
fn too_deep_or_too_poor_returns_1_before_the_code_is_read() {
    let mut poor = run(11);
    let mut deep = Run::with(Message { depth: 1_024, ..Message::default() });
    prepare(&mut deep, 0);
    for run in [&mut poor, &mut deep] {
        assert_eq!(run.call(|g| create(g, VALUE, -1, 4, RESULT)), Ok(1));
        assert_eq!(run.used(), 32_000);
        assert!(run.frame.return_data.is_empty() && run.frame.host.calls.is_empty());
    }
    let mut run = run(0);
    let halt = Halt::MemoryOutOfBounds { offset: u32::MAX, length: 4, size: MEMORY as u64 };
    assert_eq!(run.call(|g| create(g, VALUE, -1, 4, RESULT)), Err(halt.into()));
}

/// Without init code the pointer is not looked at.
#[test]
fn empty_init_code_needs_no_pointer() {
    let mut run = run(0);
    assert_eq!(run.call(|g| create(g, VALUE, -1, 0, RESULT)), Ok(0));
    assert!(run.frame.host.calls[0].input.is_empty());
}

/// The place for the address is checked when there is one: after the child ran.
#[test]
fn an_address_out_of_bounds_traps_after_the_child() {
    let mut run = run(0);
    let halt = Halt::MemoryOutOfBounds { offset: MEMORY as u32 - 19, length: 20, size: MEMORY as u64 };
    assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, MEMORY - 19)), Err(halt.into()));
    assert_eq!(run.frame.host.calls.len(), 1);
}

/// EIP-214, after the charge.
#[test]
fn static_mode_bans_create() {
    let mut run = Run::in_static_mode();
    assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, RESULT)), Err(Halt::StaticModeViolation.into()));
    assert_eq!(run.used(), 32_000);
    // Before the value is read.
    assert_eq!(run.call(|g| create(g, -1, CODE, 4, RESULT)), Err(Halt::StaticModeViolation.into()));
}

/// The ewasm state tests pin it: at any value, even 0.
#[test]
fn an_own_balance_beyond_a_u128_is_out_of_range() {
    for value in [0, 1] {
        let mut run = run(value);
        run.set_balance(SELF, too_wide());
        assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, RESULT)), Err(Halt::ValueTooWide.into()));
    }
}

/// Depth comes before the balance: at 1024 the balance is not looked at.
#[test]
fn depth_comes_before_the_balance() {
    let mut run = Run::with(Message { depth: 1_024, ..Message::default() });
    prepare(&mut run, 0);
    run.set_balance(SELF, too_wide());
    assert_eq!(run.call(|g| create(g, VALUE, CODE, 4, RESULT)), Ok(1));
}
