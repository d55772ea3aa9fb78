//! Calls inside calls, through the C ABI at every level.

use std::{cell::RefCell, ffi::c_void, ptr, thread};

use hebe::abi;

use crate::common::{Answer, BYZANTIUM, Call, RawVm, contract};

const ENGINES: [&str; 4] = ["wasmi", "winch", "cranelift", "tiered"];

/// A client in which every account has the same code. It runs a nested call in the same VM and gives
/// the VM's own result back.
struct Nest {
    vm: RawVm,
    code: Vec<u8>,
    /// How deep it lets calls go.
    deepest: i32,
    /// Where on the stack it was called, at each level.
    called_at: RefCell<Vec<usize>>,
}

impl Nest {
    fn new(engine: &str, deepest: i32) -> Self {
        let vm = RawVm::new();
        vm.set("engine", engine);
        Self { vm, code: nested_calls(), deepest, called_at: RefCell::default() }
    }

    /// Runs the whole nest on a thread with this much stack, and gives where on that stack it began.
    fn run_on(self, stack: usize, gas: i64) -> (Answer, Vec<usize>, usize) {
        let run = move || {
            let here = 0_u8;
            let mut nest = self;
            let context = ptr::from_mut(&mut nest).cast();
            let call = Call { host: Some(host()), context, ..Call::of(nest.code.clone()) };
            let answer = nest.vm.execute(&call.with(|message| message.gas = gas));
            (answer, nest.called_at.take(), &raw const here as usize)
        };
        let thread = thread::Builder::new().stack_size(stack).spawn(run).expect("a thread");
        thread.join().expect("no panic")
    }
}

fn host() -> abi::HostInterface {
    abi::HostInterface { call: Some(call), ..abi::HostInterface::default() }
}

unsafe extern "C" fn call(context: *mut c_void, message: *const abi::Message) -> abi::ExecutionResult {
    // SAFETY: the test gives this context, which lives until it is done.
    let nest = unsafe { &*context.cast::<Nest>() };
    let here = 0_u8;
    nest.called_at.borrow_mut().push(&raw const here as usize);
    // SAFETY: the VM passes a message.
    if unsafe { (*message).depth } > nest.deepest {
        return abi::ExecutionResult {
            status_code: 1,
            gas_left: 0,
            gas_refund: 0,
            output_data: ptr::null(),
            output_size: 0,
            release: None,
            create_address: abi::Address::default(),
            padding: [0; 4],
        };
    }
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
    let gas = 1_000_000_000_000_000;
    for engine in ENGINES {
        let (answer, called_at, _) = Nest::new(engine, 1024).run_on(256 << 10, gas);
        assert_eq!((answer.status, called_at.len()), (0, 1024), "{engine}");
        assert_eq!(answer.output, 1025_u32.to_le_bytes(), "{engine}");
        assert_eq!(answer.gas_left, gas - 1025 * 700 - 1024 * 6, "{engine}");
    }
}

/// The client is called on its own stack, however deep: Go, for one, ends the process on any other.
#[test]
fn the_client_is_called_on_its_own_stack() {
    let stack = 3 << 20;
    for engine in ENGINES {
        let (answer, called_at, start) = Nest::new(engine, 100).run_on(stack, 1_000_000_000);
        // 101 levels run; the call to the 102nd fails.
        assert_eq!((answer.status, answer.output), (0, 101_u32.to_le_bytes().to_vec()), "{engine}");
        assert_eq!(called_at.len(), 101);
        assert!(
            called_at.is_sorted_by(|outer, inner| outer > inner),
            "{engine}: each level is below the one that called it"
        );
        assert!(called_at.iter().all(|place| start - place < stack), "{engine}: all on the thread's stack");
    }
}
