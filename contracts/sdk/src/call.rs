//! Calls of other contracts. `#[interface]` makes typed ones of a trait.

#[cfg(feature = "extensions")]
use crate::Bytes32;
use crate::{Address, U256, abi::Data, sys};

/// A call to come.
#[derive(Clone, Copy, Debug)]
#[must_use = "`send` makes the call"]
pub struct Call {
    to: Address,
    value: U256,
    gas: u64,
    kind: sys::Kind,
}

/// A call of `to` with all gas that may be given, without value.
pub fn call(to: Address) -> Call {
    Call { to, value: U256::ZERO, gas: u64::MAX >> 1, kind: sys::Kind::Call }
}

/// A call of `to` that changes nothing.
pub fn static_call(to: Address) -> Call {
    Call { kind: sys::Kind::Static, ..call(to) }
}

/// The code of `to` in this account's place, with this call's sender and value.
pub fn delegate_call(to: Address) -> Call {
    Call { kind: sys::Kind::Delegate, ..call(to) }
}

impl Call {
    /// With so much wei. Only a plain call can have any.
    pub fn value(self, value: U256) -> Self {
        Self { value, ..self }
    }

    /// With so much gas at most. All but a 64th of what is left is the most there can be (EIP-150).
    pub fn gas(self, gas: u64) -> Self {
        Self { gas: gas.min(u64::MAX >> 1), ..self }
    }

    /// Makes the call. The error is what the other contract reverted with, empty if it failed in another way.
    ///
    /// The other contract may call this one before it returns: state must be written before.
    pub fn send(self, input: &[u8]) -> Result<Data, Data> {
        sys::call(self.kind, self.gas, &self.to, &self.value, input)
    }
}

/// Creates a contract from init code. The error is what that reverted with.
pub fn create(value: U256, init_code: &[u8]) -> Result<Address, Data> {
    sys::create(&value, init_code)
}

/// Creates a contract at an address that the init code and a salt decide (EIP-1014). The error is what the init code
/// reverted with, empty if there is a contract at that address.
#[cfg(feature = "extensions")]
pub fn create2(value: U256, init_code: &[u8], salt: Bytes32) -> Result<Address, Data> {
    sys::create2(&value, init_code, &salt)
}
