//! `hebe_last_error`: why an option was refused.

use std::{
    ffi::{CStr, c_char},
    mem, thread,
};

use crate::common::{RawVm, library};

fn last_error() -> Option<String> {
    // SAFETY: the library is ours.
    let library = unsafe { libloading::Library::new(library()) }.expect("the library opens");
    // SAFETY: this is the type of the symbol.
    let function = unsafe { library.get::<unsafe extern "C" fn() -> *const c_char>("hebe_last_error") };
    let function = *function.expect("the symbol");
    mem::forget(library);
    // SAFETY: it may be called at any time.
    let text = unsafe { function() };
    // SAFETY: it is null or a string that lives until this thread sets an option.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8").to_owned())
}

#[test]
fn a_refusal_is_told_to_who_asks() {
    let vm = RawVm::with_defaults();
    assert_eq!(last_error(), None);
    assert_eq!(vm.set_option(Some(c"cache-dir"), Some(c"/dev/null/below")), 2);
    let expected = "option cache-dir: cannot open the cache folder /dev/null/below: Not a directory";
    assert!(last_error().is_some_and(|text| text.starts_with(expected)), "{:?}", last_error());
    // To the thread that set it alone.
    thread::spawn(|| assert_eq!(last_error(), None)).join().expect("no panic");
    assert_eq!(vm.set_option(Some(c"engine"), None), 2);
    assert!(last_error().is_some_and(|text| text.starts_with("option engine: no value; it takes ")));
    assert_eq!(vm.set_option(Some(c"speed"), Some(c"high")), 1);
    assert!(last_error().is_some_and(|text| text.starts_with("there is no option \"speed\"; options are ")));
    for name in [None, Some(c"\xff")] {
        assert_eq!(vm.set_option(name, Some(c"x")), 1);
        assert_eq!(last_error().as_deref(), Some("there is no VM, or no option's name in UTF-8"));
    }
    // What is set takes an earlier refusal back.
    assert_eq!(vm.set_option(Some(c"engine"), Some(c"wasmi")), 0);
    assert_eq!(last_error(), None);
}
