//! What a client answers, sense and nonsense, and that each result of its is released once.

use std::{cell::Cell, ffi::c_void, mem, ptr};

use hebe::abi;

use crate::common::{Answer, Call, RawVm, contract};

/// A client that gives the same answers again and again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers {
    pub(crate) call: abi::ExecutionResult,
    pub(crate) storage_status: i32,
    pub(crate) tx: abi::TxContext,
}

impl Default for Answers {
    /// Zeros: a nested call succeeds without output or gas left.
    fn default() -> Self {
        // SAFETY: numbers and pointers may be zero.
        unsafe { mem::zeroed() }
    }
}

impl Answers {
    /// A call of `execute` with this client.
    pub(crate) fn to(self, code: impl Into<Vec<u8>>) -> Call {
        let host = abi::HostInterface {
            get_storage: Some(get_storage),
            set_storage: Some(set_storage),
            get_balance: Some(get_balance),
            call: Some(call),
            get_tx_context: Some(get_tx_context),
            ..abi::HostInterface::default()
        };
        // It may stay until the test ends.
        let context = ptr::from_mut(Box::leak(Box::new(self))).cast();
        Call { host: Some(host), context, ..Call::of(code) }
    }
}

/// # Safety
/// `context` is that of `to`.
unsafe fn answers(context: *mut c_void) -> Answers {
    // SAFETY: the caller's promise.
    unsafe { *context.cast::<Answers>() }
}

unsafe extern "C" fn call(context: *mut c_void, _: *const abi::Message) -> abi::ExecutionResult {
    // SAFETY: the context is that of `to`.
    unsafe { answers(context) }.call
}

unsafe extern "C" fn get_tx_context(context: *mut c_void) -> abi::TxContext {
    // SAFETY: the context is that of `to`.
    unsafe { answers(context) }.tx
}

unsafe extern "C" fn set_storage(
    context: *mut c_void,
    _: *const abi::Address,
    _: *const abi::Bytes32,
    _: *const abi::Bytes32,
) -> i32 {
    // SAFETY: the context is that of `to`.
    unsafe { answers(context) }.storage_status
}

unsafe extern "C" fn get_storage(
    _: *mut c_void,
    _: *const abi::Address,
    _: *const abi::Bytes32,
) -> abi::Bytes32 {
    abi::Bytes32::default()
}

unsafe extern "C" fn get_balance(_: *mut c_void, _: *const abi::Address) -> abi::Bytes32 {
    abi::Bytes32::default()
}

thread_local! {
    /// `release` is given no context; each test has a thread of its own.
    static RELEASED: Cell<u32> = const { Cell::new(0) };
}

unsafe extern "C" fn release(_: *const abi::ExecutionResult) {
    RELEASED.set(RELEASED.get() + 1);
}

/// Calls once with 1000 gas and returns what `call` gave, 4 bytes, and the return data.
pub(crate) fn reporter() -> Vec<u8> {
    contract(
        r#"(import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
           (import "ethereum" "getReturnDataSize" (func $size (result i32)))
           (import "ethereum" "returnDataCopy" (func $copy (param i32 i32 i32)))
           (import "ethereum" "finish" (func $finish (param i32 i32)))"#,
        "(i32.store (i32.const 64)
           (call $call (i64.const 1000) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
         (call $copy (i32.const 68) (i32.const 0) (call $size))
         (call $finish (i32.const 64) (i32.add (i32.const 4) (call $size)))",
    )
}

static OUTPUT: [u8; 3] = [7, 8, 9];

fn result(status_code: i32, gas_left: i64, output: &'static [u8]) -> abi::ExecutionResult {
    abi::ExecutionResult {
        status_code,
        gas_left,
        output_data: output.as_ptr(),
        output_size: output.len(),
        release: Some(release),
        ..Answers::default().call
    }
}

/// The contract pays call 700, twice getReturnDataSize 2, returnDataCopy 3 (+ 3 with output) and of the
/// 1000 it gives what does not come back.
#[test]
fn nested_results_reach_the_contract_and_are_released_once() {
    let table = [
        ("success", result(0, 400, &OUTPUT), 0, 600, &OUTPUT[..]),
        ("output not null without a size", result(0, 400, &[]), 0, 600, &[]),
        ("failure", result(1, 0, &[]), 1, 1000, &[]),
        ("revert", result(2, 400, &OUTPUT), 2, 600, &OUTPUT),
        ("unknown positive status", result(18, 0, &[]), 1, 1000, &[]),
        ("more gas left than given", result(0, 1001, &[]), 0, 0, &[]),
        ("less than no gas left", result(0, -1, &[]), 0, 1000, &[]),
    ];
    let vm = RawVm::new();
    for (name, call, seen, spent, output) in table {
        RELEASED.set(0);
        let answer = vm.execute(&Answers { call, ..Answers::default() }.to(reporter()));
        let copy = if output.is_empty() { 3 } else { 6 };
        let expected = Answer {
            status: 0,
            gas_left: 1_000_000 - 700 - spent - 4 - copy,
            gas_refund: 0,
            output: [&[seen, 0, 0, 0], output].concat(),
        };
        assert_eq!(answer, expected, "{name}");
        assert_eq!(RELEASED.get(), 1, "{name}");
    }
}

#[test]
fn a_result_that_makes_no_sense_is_released_too() {
    let vm = RawVm::new();
    let absent = abi::ExecutionResult { output_data: ptr::null(), output_size: 3, ..result(0, 0, &[]) };
    for call in [absent, result(-1, 0, &OUTPUT), result(-77, 0, &OUTPUT)] {
        RELEASED.set(0);
        let answer = vm.execute(&Answers { call, ..Answers::default() }.to(reporter()));
        assert_eq!(answer, Answer { status: -1, gas_left: 0, gas_refund: 0, output: Vec::new() });
        assert_eq!(RELEASED.get(), 1);
    }
}

#[test]
fn a_result_without_release_is_fine() {
    let call = abi::ExecutionResult { release: None, ..result(0, 1000, &OUTPUT) };
    let answer = RawVm::new().execute(&Answers { call, ..Answers::default() }.to(reporter()));
    assert_eq!((answer.status, answer.gas_left), (0, 1_000_000 - 700 - 4 - 6));
}
