//! Panics as faults.

use std::{
    any::Any,
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
};

use hebe_host_ei::Fault;

/// Runs `work`; a panic becomes a fault and goes no further.
///
/// A [`Fault`] as the panic's payload is that fault: so can a host, whose functions have no other way
/// out, end an execution (with [`std::panic::resume_unwind`], which prints nothing).
///
/// What `work` had borrowed may be left half-changed. Whoever calls this knows why that does no harm.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(from_payload(payload)))
}

fn from_payload(payload: Box<dyn Any + Send>) -> Fault {
    let text = |text: &str| Fault::Panic(text.to_owned());
    let fault = (payload.downcast_ref::<Fault>().cloned())
        .or_else(|| payload.downcast_ref::<&str>().map(|words| text(words)))
        .or_else(|| payload.downcast_ref::<String>().map(|words| text(words)));
    // A payload may panic when it is dropped. What that panic carries may do the same, and is leaked.
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        mem::forget(second);
    }
    fault.unwrap_or_else(|| text("no text"))
}

#[cfg(test)]
mod tests {
    use std::panic::{panic_any, resume_unwind};

    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            resume_unwind(Box::new(Self));
        }
    }

    #[test]
    fn no_panic_passes() {
        let panic = |text: &str| Err::<(), _>(Fault::Panic(text.to_owned()));
        assert_eq!(caught(|| Ok(7)), Ok(7));
        assert_eq!(caught(|| Err::<(), _>(Fault::OutOfMemory)), Err(Fault::OutOfMemory));
        assert_eq!(caught(|| panic!("plain")), panic("plain"));
        assert_eq!(caught(|| panic!("number {}", 7)), panic("number 7"));
        assert_eq!(caught(|| panic_any(7)), panic("no text"));
        assert_eq!(caught(|| panic_any(PanicsWhenDropped)), panic("no text"));
        assert_eq!(
            caught(|| resume_unwind(Box::new(Fault::Host("call")))),
            Err::<(), _>(Fault::Host("call"))
        );
    }
}
