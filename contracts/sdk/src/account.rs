//! Accounts of the chain.

#[cfg(feature = "extensions")]
use crate::Bytes32;
use crate::{Address, U256, abi::Data, sys};

/// The balance of an account in wei.
pub fn balance(of: Address) -> U256 {
    sys::balance(&of)
}

/// The size of an account's code in bytes: 0 if it is not a contract, or one whose constructor still runs.
pub fn code_size(of: Address) -> u32 {
    sys::external_code_size(&of)
}

/// An account's code.
pub fn code(of: Address) -> Data {
    sys::external_code(&of, 0, sys::external_code_size(&of))
}

/// The code that runs: this account's, or that of a delegate call.
pub fn own_code() -> Data {
    sys::code(0, sys::code_size())
}

/// The balance of the account that runs, in wei: cheaper than [`balance`]. From Istanbul on (EIP-1884).
#[cfg(feature = "extensions")]
pub fn own_balance() -> U256 {
    sys::self_balance()
}

/// The Keccak-256 of an account's code; zeros if there is no such account. From Constantinople on (EIP-1052).
#[cfg(feature = "extensions")]
pub fn code_hash(of: Address) -> Bytes32 {
    sys::code_hash(&of)
}
