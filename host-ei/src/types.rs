//! Addresses, words and integers as Ethereum writes them.

use std::{fmt, str::FromStr};

pub use primitive_types::U256;

/// A 160-bit account address, in the order in which it is printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(pub [u8; 20]);

/// 32 bytes without a number's meaning: a storage key or value, a log topic, a hash.
///
/// The EEI moves them between linear memory and the host as they are, without a byte swap.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes32(pub [u8; 32]);

impl Bytes32 {
    /// 32 zero bytes: what an unset storage slot reads as.
    pub const ZERO: Self = Self([0; 32]);

    /// True if every byte is zero.
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// The number that these bytes are in big-endian order, as the EVM reads them.
    pub fn to_u256(self) -> U256 {
        U256::from_big_endian(&self.0)
    }
}

impl From<U256> for Bytes32 {
    /// Big-endian, as the EVM writes a number into a word.
    fn from(value: U256) -> Self {
        Self(value.to_big_endian())
    }
}

impl From<u64> for Bytes32 {
    /// Big-endian, right-aligned.
    fn from(value: u64) -> Self {
        U256::from(value).into()
    }
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

macro_rules! print_as_hex {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }
    )*};
}
print_as_hex!(Address, Bytes32);

/// Text that is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address is 40 hex digits, with or without 0x before them")]
pub struct BadAddress;

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
        let mut address = Self::default();
        if digits.len() != 2 * address.0.len() {
            return Err(BadAddress);
        }
        let value = |digit: u8| char::from(digit).to_digit(16).ok_or(BadAddress);
        for (byte, pair) in address.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = (value(pair[0])? * 16 + value(pair[1])?) as u8;
        }
        Ok(address)
    }
}
