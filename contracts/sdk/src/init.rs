//! A creation. Init code ends with a custom section whose content is the code to deploy, the constructor's arguments, and
//! the size of each in 4 bytes, little-endian.

use crate::{
    abi::Data,
    revert::{Revert, refuse, revert},
    sys,
};

const SIZES: u32 = 8;

/// The code to deploy, and the constructor's arguments.
pub fn parts() -> (Data, Data) {
    let size = sys::code_size();
    let Some(end) = size.checked_sub(SIZES) else { refuse() };
    let Some((code, arguments)) = sys::code(end, SIZES).split_first_chunk() else { refuse() };
    let Some(arguments) = arguments.first_chunk() else { refuse() };
    let (code, arguments) = (u32::from_le_bytes(*code), u32::from_le_bytes(*arguments));
    let Some(arguments_at) = end.checked_sub(arguments) else { refuse() };
    let Some(code_at) = arguments_at.checked_sub(code) else { refuse() };
    (sys::code(code_at, code), sys::code(arguments_at, arguments))
}

/// Ends the creation with the code to deploy.
pub fn deploy(code: &[u8]) -> ! {
    sys::finish(code)
}

/// How a constructor ends.
pub trait Constructed {
    /// Goes on, or reverts with the error.
    fn go_on(self);
}

impl Constructed for () {
    fn go_on(self) {}
}

impl<E: Revert> Constructed for Result<(), E> {
    fn go_on(self) {
        if let Err(error) = self {
            revert(error);
        }
    }
}

/// Goes on if the constructor succeeded.
pub fn constructed(end: impl Constructed) {
    end.go_on();
}
