//! The call that runs, and its transaction.

#[cfg(feature = "extensions")]
use crate::Bytes32;
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

/// The versioned hash of one of the transaction's blobs, if it has as many. From Cancun on (EIP-4844).
#[cfg(feature = "extensions")]
pub fn blob_hash(index: u32) -> Option<Bytes32> {
    sys::blob_hash(index)
}

/// Spends so much gas. With more than is left the call fails.
pub fn use_gas(amount: u64) {
    sys::use_gas(amount);
}

/// Ends the call, destroys the account (from Cancun on only if it is as young as the transaction, EIP-6780) and gives its
/// balance away.
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
