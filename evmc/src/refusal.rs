//! Why an option was refused, for a program that asks: EVMC's answer is a number alone.

use std::{
    cell::RefCell,
    ffi::{CString, c_char},
    ptr,
};

thread_local! {
    static REASON: RefCell<Option<CString>> = const { RefCell::new(None) };
}

/// Why the option that this thread set last was refused; null if it was not. Not part of EVMC. The text ends with a NUL and lives until
/// this thread sets another option or ends.
#[unsafe(no_mangle)]
pub extern "C" fn hebe_last_error() -> *const c_char {
    let reason = REASON.try_with(|reason| {
        // Nobody holds it longer than it takes to look.
        let reason = reason.try_borrow().ok()?;
        reason.as_ref().map(|text| text.as_ptr())
    });
    reason.ok().flatten().unwrap_or(ptr::null())
}

/// What [`hebe_last_error`] says from now on in this thread.
pub(crate) fn set(reason: Option<&str>) {
    let text = reason.map(|reason| CString::new(reason.replace('\0', "\\0")).unwrap_or_default());
    // A thread that ends asks no more.
    let _ = REASON.try_with(|reason| reason.try_borrow_mut().map(|mut reason| *reason = text));
}
