//! A native stack of its own for an execution, and the way back to the caller's.
//!
//! Messages nest 1024 deep through the client, on a thread that the client chose. An execution whose frames lay on the
//! client's stack would need 12 KB of it for each level. So when the client's stack is not ample, an
//! execution runs on a stack of its own ([`run`]), and each call of the client goes [`back`] to the client's stack.
//! That is more than thrift: Go, for one, ends the process when C calls it back on a stack that it does not know.
//!
//! A client's thread that is too small even for that gets more stack as a last resort, and then the
//! client is called on it.

use std::{
    cell::{Cell, RefCell},
    ptr::NonNull,
};

use corosensei::{CoroutineResult, ScopedCoroutine, Yielder, stack::DefaultStack};

/// With this much left of the client's stack, an execution runs there: enough for 1024 levels that do not, beside the 4 MiB that
/// compiled code may take.
const AMPLE: usize = 6 << 20;
/// With less than this left, even the way there and back may not fit.
const SCARCE: usize = 96 << 10;
/// The last resort: what the client's stack grows by.
const SEGMENT: usize = 2 << 20;
/// Stack for one execution: the engine's frames and those of its translation, none of the client's. Compiled code may take
/// 4 MiB of it. It is address space; memory is what was touched.
const OWN: usize = 4_608 << 10;
/// How many idle stacks a thread keeps: those of a whole nest. A new one takes 20 times as long as all else that a level does.
const SPARE_STACKS: usize = 1_024;
/// So many of them keep all memory that was ever touched, the others only this much of it, in bytes. A few pages are what most
/// executions touch, but a contract may recurse through megabytes.
const UNTRIMMED_STACKS: usize = 8;
const TRIMMED: usize = 64 << 10;

type WayBack = Yielder<(), ()>;

thread_local! {
    static SPARE: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
    /// Set exactly while this thread is on an execution's own stack.
    static WAY_BACK: Cell<Option<NonNull<WayBack>>> = const { Cell::new(None) };
}

/// The system gave no memory for a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoStack;

/// Runs `work` with enough native stack. A panic of `work` goes on through this.
///
/// # Errors
/// If the system gives no stack. `work` has not begun then.
pub fn run<T>(work: impl FnOnce() -> T) -> Result<T, NoStack> {
    if WAY_BACK.get().is_some() {
        // Already aside: only a client's function goes back, and it does so before it can come here.
        return Ok(work());
    }
    match stacker::remaining_stack() {
        Some(left) if left >= AMPLE => Ok(work()),
        Some(left) if left < SCARCE => stacker::grow(SEGMENT, || aside(work)),
        _ => aside(work),
    }
}

/// Runs `work` on the client's stack, from wherever in an execution.
pub fn back<T>(work: impl FnOnce() -> T + Send) -> T {
    let Some(way) = WAY_BACK.take() else { return work() };
    // Whatever `work` does, also a panic: afterwards this thread is on the execution's stack again.
    let _here_again = Restore(Some(way));
    // SAFETY: `aside` sets the way on this thread, to a yielder that lives as long as the body of its coroutine, and
    // takes it away when the body ends. It was set, so this is within the body; and it is not set while the
    // thread is on the client's stack, so this is on the coroutine's own.
    unsafe { way.as_ref() }.on_parent_stack(work)
}

/// Puts a way back in its place when dropped.
struct Restore(Option<NonNull<WayBack>>);

impl Drop for Restore {
    fn drop(&mut self) {
        WAY_BACK.set(self.0);
    }
}

/// Runs `work` on a stack of its own.
fn aside<T>(work: impl FnOnce() -> T) -> Result<T, NoStack> {
    let spare = SPARE.with_borrow_mut(Vec::pop);
    let mut stack = spare.map_or_else(|| DefaultStack::new(OWN).map_err(|_| NoStack), Ok)?;
    let body = |way: &WayBack, ()| {
        let _way_that_was = Restore(WAY_BACK.replace(Some(NonNull::from(way))));
        work()
    };
    let coroutine = ScopedCoroutine::with_stack(&mut stack, body);
    let result = coroutine.scope(|mut coroutine| match coroutine.resume(()) {
        CoroutineResult::Return(result) => result,
        CoroutineResult::Yield(()) => unreachable!("nothing suspends"),
    });
    SPARE.with_borrow_mut(|spare| {
        if spare.len() < SPARE_STACKS && (spare.len() < UNTRIMMED_STACKS || trim(&mut stack)) {
            spare.push(stack);
        }
    });
    Ok(result)
}

/// Gives the memory of an idle stack back, but for what is used first. False if the system does not do that.
#[cfg(target_os = "linux")]
fn trim(stack: &mut DefaultStack) -> bool {
    use corosensei::stack::Stack;
    use rustix::mm::{Advice, madvise};

    // A stack is used from its base downwards.
    let (lowest, base) = (stack.limit().get(), stack.base().get());
    let length = (base - lowest).saturating_sub(TRIMMED);
    // SAFETY: nobody else has the stack, and no coroutine is on it, for it is borrowed alone. The range begins at its lowest
    // address, which is that of a page (the guard's, which has no memory), and ends `TRIMMED` bytes before its base. Nobody reads there before they
    // have written: what a finished coroutine left is nobody's.
    unsafe { madvise(std::ptr::with_exposed_provenance_mut(lowest), length, Advice::LinuxDontNeed) }.is_ok()
}

#[cfg(not(target_os = "linux"))]
fn trim(_: &mut DefaultStack) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        thread,
    };

    use super::*;

    /// Where the stack is now.
    fn here() -> usize {
        let local = 0_u8;
        &raw const local as usize
    }

    fn near(a: usize, b: usize) -> bool {
        a.abs_diff(b) < 64 << 10
    }

    fn on_a_thread_of(stack: usize, work: impl FnOnce() + Send + 'static) {
        thread::Builder::new().stack_size(stack).spawn(work).expect("a thread").join().expect("no panic");
    }

    #[test]
    fn work_is_aside_and_calls_are_back() {
        on_a_thread_of(1 << 20, || {
            let outside = here();
            let (inside, called, inside_again) = run(|| (here(), back(here), here())).expect("a stack");
            assert!(!near(outside, inside) && near(outside, called) && near(inside, inside_again));
            assert!(near(outside, back(here)), "outside, the way back leads nowhere else");
        });
    }

    #[test]
    fn an_ample_stack_is_used() {
        on_a_thread_of(16 << 20, || {
            let outside = here();
            assert!(near(outside, run(here).expect("a stack")));
        });
    }

    /// Each level has its own stack; the client's grows by what the way there and back takes.
    #[test]
    fn a_nest_stays_on_the_clients_stack() {
        fn nest(level: usize, outside: usize) -> usize {
            let called = run(|| {
                assert!(!near(here(), outside));
                back(|| {
                    let here = here();
                    assert!(outside.abs_diff(here) < 1 << 20, "level {level}: not on the thread's stack");
                    if level == 0 { here } else { nest(level - 1, outside) }
                })
            });
            called.expect("a stack")
        }
        on_a_thread_of(3 << 20, || {
            let outside = here();
            assert!(nest(500, outside) < outside);
        });
    }

    /// 200 levels that each touch 1 MiB of their stacks keep 8 of these and 64 KiB of the others, 20 MiB in all.
    #[cfg(target_os = "linux")]
    #[test]
    fn idle_stacks_take_little_memory() {
        fn nest(level: usize) {
            fn touch() -> usize {
                std::hint::black_box([1_u8; 1 << 20]).len()
            }
            let level = run(|| {
                std::hint::black_box(touch());
                back(|| {
                    if level > 0 {
                        nest(level - 1);
                    }
                });
            });
            level.expect("a stack");
        }
        let resident = || {
            let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
            pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a number") * 4_096
        };
        on_a_thread_of(2 << 20, move || {
            let before = resident();
            nest(200);
            assert_eq!(SPARE.with_borrow(Vec::len), 201);
            let more = resident().saturating_sub(before);
            assert!(more < 60 << 20, "{more} bytes");
            // They serve again, and what was given back is there when it is needed.
            nest(200);
            assert_eq!(SPARE.with_borrow(Vec::len), 201);
        });
    }

    #[test]
    fn a_scarce_stack_grows() {
        fn nest(level: usize) -> usize {
            run(|| back(|| if level == 0 { 0 } else { 1 + nest(level - 1) })).expect("a stack")
        }
        on_a_thread_of(128 << 10, || assert_eq!(nest(1_024), 1_024));
    }

    #[test]
    fn panics_go_through_and_leave_everything_in_place() {
        on_a_thread_of(1 << 20, || {
            let outside = here();
            for _ in 0..3 {
                let inside = catch_unwind(|| run(|| std::panic::resume_unwind(Box::new(1))));
                assert_eq!(inside.err().and_then(|panic| panic.downcast_ref::<i32>().copied()), Some(1));
                let called = run(|| {
                    let panic =
                        catch_unwind(AssertUnwindSafe(|| back(|| std::panic::resume_unwind(Box::new(2)))));
                    (panic.is_err(), here(), back(here))
                });
                let (panicked, inside, called) = called.expect("a stack");
                assert!(panicked && !near(outside, inside) && near(outside, called));
                assert!(near(outside, back(here)));
            }
        });
    }
}
