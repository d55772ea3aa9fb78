//! Ends of a call that undo it.

use crate::{abi::Data, memory, sys};

/// Codes of Solidity's `Panic(uint256)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Panic {
    /// An assertion does not hold.
    Assert = 0x01,
    /// Arithmetic leaves its range.
    Overflow = 0x11,
    /// Division by zero.
    DivisionByZero = 0x12,
    /// `pop` of an empty array.
    EmptyArray = 0x31,
    /// An index past an array's end.
    OutOfBounds = 0x32,
}

/// What a function may revert with: what `#[errors]` makes of an enum, a text (Solidity's `Error(string)`), or bytes as
/// they are.
pub trait Revert {
    /// The output of the revert.
    fn data(&self) -> Data;
}

/// `Error(string)`.
impl Revert for &str {
    fn data(&self) -> Data {
        crate::abi::encode_call([0x08, 0xc3, 0x79, 0xa0], self)
    }
}

/// As they are: what another contract reverted with.
impl Revert for Data {
    fn data(&self) -> Data {
        self
    }
}

impl Revert for alloc::vec::Vec<u8> {
    fn data(&self) -> Data {
        let data = memory::zeros(self.len());
        memory::copy(data, self);
        data
    }
}

impl Revert for () {
    fn data(&self) -> Data {
        &[]
    }
}

impl Revert for Panic {
    /// `Panic(uint256)`.
    fn data(&self) -> Data {
        crate::abi::encode_call([0x4e, 0x48, 0x7b, 0x71], &(*self as u8))
    }
}

/// Ends the call: every change is undone, the gas left is kept, the caller sees the error.
#[allow(clippy::needless_pass_by_value)]
pub fn revert(error: impl Revert) -> ! {
    sys::revert(error.data())
}

/// Reverts unless the condition holds (Solidity's `require`).
pub fn ensure(condition: bool, error: impl Revert) {
    if !condition {
        revert(error);
    }
}

#[cold]
#[inline(never)]
pub(crate) fn panic(code: Panic) -> ! {
    revert(code)
}

/// The end of a call with something that the ABI does not allow: an empty revert, as Solidity's.
#[cold]
#[inline(never)]
#[doc(hidden)]
pub fn refuse() -> ! {
    sys::revert(&[])
}
