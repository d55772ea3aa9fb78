//! The call that runs, and the account that runs it.

use crate::{Address, U256, abi::Data, sys};

/// Who called.
pub fn sender() -> Address {
    sys::sender()
}

/// The wei that came with the call.
pub fn value() -> U256 {
    sys::value()
}

/// The whole call data, selector included.
pub fn input() -> Data {
    sys::input()
}

/// The gas left.
pub fn gas_left() -> u64 {
    sys::gas_left()
}

/// The account that runs.
pub fn this() -> Address {
    sys::this()
}

/// The sender of the transaction. Not for deciding who may do what: any contract that the sender calls can call this one.
pub fn origin() -> Address {
    sys::origin()
}

/// The transaction's price of gas in wei.
pub fn gas_price() -> U256 {
    sys::gas_price()
}

/// The balance of an account in wei.
pub fn balance(of: Address) -> U256 {
    sys::balance(&of)
}

/// Ends the call, destroys the account (from Cancun on only if it is as young as the transaction, EIP-6780) and gives its balance away.
pub fn self_destruct(beneficiary: Address) -> ! {
    sys::self_destruct(&beneficiary)
}

/// Refuses ether, with an empty revert.
#[doc(hidden)]
pub fn refuse_value() {
    if !sys::value().is_zero() {
        crate::revert::refuse();
    }
}
