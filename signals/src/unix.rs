use std::{mem, ptr};

/// The signals of faults: memory, instruction, arithmetic.
const FAULTS: [libc::c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// The process's handlers of the signals of faults at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handlers([(libc::sighandler_t, libc::c_int); FAULTS.len()]);

impl Handlers {
    /// The handlers now. Takes four system calls.
    pub fn now() -> Self {
        Self(FAULTS.map(|signal| {
            // SAFETY: `sigaction` is a C struct of numbers, a function pointer that may be null and a set of bits: all zeros are
            // one of its values.
            let mut action: libc::sigaction = unsafe { mem::zeroed() };
            // SAFETY: a null pointer asks for no change; `action` is there to be written to. It can only fail for a signal that does
            // not exist, and leaves `action` alone then.
            unsafe { libc::sigaction(signal, ptr::null(), &raw mut action) };
            (action.sa_sigaction, action.sa_flags)
        }))
    }
}

/// Runs `work`; afterwards this thread has the alternate signal stack that it had before.
pub fn keeping_alternate_stack<T>(work: impl FnOnce() -> T) -> T {
    let _before = AlternateStack(alternate_stack());
    work()
}

/// Put in place when dropped.
struct AlternateStack(libc::stack_t);

fn alternate_stack() -> libc::stack_t {
    // SAFETY: `stack_t` is a C struct of a pointer that may be null and two numbers: all zeros are one of its values.
    let mut stack: libc::stack_t = unsafe { mem::zeroed() };
    // SAFETY: a null pointer asks for no change; `stack` is there to be written to.
    unsafe { libc::sigaltstack(ptr::null(), &raw mut stack) };
    stack
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        let before = self.0;
        let now = alternate_stack();
        if (now.ss_sp, now.ss_flags, now.ss_size) != (before.ss_sp, before.ss_flags, before.ss_size) {
            // SAFETY: the thread had exactly this stack, or none, a moment ago, and whoever gave it that answers for it. If the
            // thread is on an alternate stack now, the system refuses, and nothing changes.
            unsafe { libc::sigaltstack(&raw const before, ptr::null_mut()) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alternate_stack_is_what_it_was() {
        let mut memory = vec![0_u8; 64 << 10];
        let own = libc::stack_t { ss_sp: memory.as_mut_ptr().cast(), ss_flags: 0, ss_size: memory.len() };
        let place = |stack: &libc::stack_t| (stack.ss_sp, stack.ss_size);
        let first = alternate_stack();
        keeping_alternate_stack(|| {
            // SAFETY: the memory outlives its use as a stack, which ends with this closure.
            assert_eq!(unsafe { libc::sigaltstack(&raw const own, ptr::null_mut()) }, 0);
            assert_eq!(place(&alternate_stack()), place(&own));
        });
        assert_eq!(place(&alternate_stack()), place(&first));
    }

    #[test]
    fn another_handler_is_noticed() {
        extern "C" fn handler(_: libc::c_int) {}
        let before = Handlers::now();
        assert_eq!(before, Handlers::now());
        // SAFETY: as in `Handlers::now`; the handler does nothing, and no fault is made while it is there.
        let old = unsafe { libc::signal(libc::SIGFPE, handler as *const () as libc::sighandler_t) };
        assert_ne!(before, Handlers::now());
        // SAFETY: what was there before.
        unsafe { libc::signal(libc::SIGFPE, old) };
        assert_eq!(before.0[3].0, Handlers::now().0[3].0);
    }
}
