//! Calls inside calls, through the C ABI at every level.

use std::{ffi::c_void, ptr, thread};

use hebe::abi;

use crate::common::{BYZANTIUM, Call, RawVm, contract};

/// A client in which every account has the same code. It runs a nested call in the same VM and gives
/// the VM's own result back.
struct Nest {
    vm: RawVm,
    code: Vec<u8>,
}

fn host() -> abi::HostInterface {
    abi::HostInterface { call: Some(call), ..abi::HostInterface::default() }
}

unsafe extern "C" fn call(context: *mut c_void, message: *const abi::Message) -> abi::ExecutionResult {
    // SAFETY: the test gives this context, which lives until it is done.
    let nest = unsafe { &*context.cast::<Nest>() };
    let execute = nest.vm.functions().execute.expect("execute");
    let (code, size) = (nest.code.as_ptr(), nest.code.len());
    // SAFETY: everything lives until `execute` returns.
    unsafe { execute(nest.vm.pointer(), &host(), context, BYZANTIUM, message, code, size) }
}

/// Returns 1 when it cannot call, otherwise one more than what the nested call returned.
fn nested_calls() -> Vec<u8> {
    contract(
        r#"(import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
           (import "ethereum" "returnDataCopy" (func $copy (param i32 i32 i32)))
           (import "ethereum" "finish" (func $finish (param i32 i32)))"#,
        "(if (i32.eqz (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
           (then (call $copy (i32.const 32) (i32.const 0) (i32.const 4))))
         (i32.store (i32.const 32) (i32.add (i32.load (i32.const 32)) (i32.const 1)))
         (call $finish (i32.const 32) (i32.const 4))",
    )
}

/// Source: Yellow Paper, section 8: a message at depth 1024 still runs but calls no more. So 1025 levels
/// run. Each pays 700 for its call, all but the last 3 + 3 for the copy; what 63/64 keeps back comes back.
#[test]
fn a_nest_of_1024_calls_fits_a_thread_of_256_kib() {
    let mut nest = Nest { vm: RawVm::new(), code: nested_calls() };
    let run = move || {
        let gas = 1_000_000_000_000_000;
        let call = Call {
            host: Some(host()),
            context: ptr::from_mut(&mut nest).cast(),
            ..Call::of(nest.code.clone())
        };
        (nest.vm.execute(&call.with(|message| message.gas = gas)), gas)
    };
    let thread = thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread");
    let (answer, gas) = thread.join().expect("no panic");
    assert_eq!(answer.status, 0);
    assert_eq!(answer.output, 1025_u32.to_le_bytes());
    assert_eq!(answer.gas_left, gas - 1025 * 700 - 1024 * 6);
}
