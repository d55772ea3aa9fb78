//! Values here and in revm are the same bytes under two names.

use hebe_host_ei::{Address, Bytes32, U256};
use revm_interpreter::primitives as r;

pub(crate) fn to_address(address: Address) -> r::Address {
    r::Address::new(address.0)
}

pub(crate) fn from_address(address: r::Address) -> Address {
    Address(address.into_array())
}

pub(crate) fn to_u256(number: U256) -> r::U256 {
    r::U256::from_limbs(number.0)
}

pub(crate) fn from_u256(number: r::U256) -> U256 {
    U256(number.into_limbs())
}

/// A storage key or value: big-endian in 32 bytes here, a number in revm.
pub(crate) fn to_word(bytes: Bytes32) -> r::U256 {
    r::U256::from_be_bytes(bytes.0)
}

pub(crate) fn from_word(number: r::U256) -> Bytes32 {
    Bytes32(number.to_be_bytes())
}
