//! Contracts as ordinary programs, for tests.
//!
//! Each thread, so each test, has a world of its own: a [`MockHost`] and the call that runs. Functions of a contract are
//! called directly, or through their ABI with [`call`]. Gas is not counted, and other contracts do not run: the host
//! answers for them (`call_result`, `on_call`). For all of that there is `hebe test`.

use alloc::vec::Vec;
use std::panic;

pub use hebe_host_ei::{
    self as ei,
    mock::{MockHost, MockLog},
};

pub use crate::sys::World;
use crate::{Address, sys, sys::End};

/// Looks at the world, or changes it.
pub fn with<T>(act: impl FnOnce(&mut World) -> T) -> T {
    sys::with(act)
}

/// Makes the next calls come from `sender`.
pub fn set_sender(sender: Address) {
    with(|world| world.message.sender = ei::Address(sender.0));
}

/// Gives the next calls so much wei.
pub fn set_value(value: crate::U256) {
    with(|world| world.message.value = sys::big(&value));
}

/// The log entries so far.
pub fn logs() -> Vec<MockLog> {
    with(|world| world.host.logs.clone())
}

/// An address that is this number.
pub fn address(number: u64) -> Address {
    let mut address = [0; 20];
    address[12..].copy_from_slice(&number.to_be_bytes());
    Address(address)
}

/// Calls a contract's entry (`Counter::main`) with call data. The error is the output of a revert, which undoes what the
/// call did.
pub fn call(main: fn(), input: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    with(|world| world.message.input = input.to_vec());
    run(main)
}

/// Runs something that may end the call. The error is the output of a revert, which undoes what was done.
pub fn run(act: impl FnOnce()) -> Result<Vec<u8>, Vec<u8>> {
    let before = with(|world| world.host.clone());
    match panic::catch_unwind(panic::AssertUnwindSafe(act)) {
        Ok(()) => Ok(Vec::new()),
        Err(end) => match end.downcast::<End>().map(|end| *end) {
            Ok(End::Finish(output)) => Ok(output),
            Ok(End::Revert(output)) => {
                with(|world| world.host = before);
                Err(output)
            }
            Err(other) => panic::resume_unwind(other),
        },
    }
}
