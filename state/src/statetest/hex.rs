//! Numbers and bytes as state tests write them. The oldest write bytes without `0x`; a number
//! without it is decimal.

use std::fmt;

use hebe_host_ei::{Address, Bytes32, U256};
use serde::{Deserialize, Deserializer, de};

/// Bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct HexBytes(pub(super) Vec<u8>);

/// An address of exactly 20 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HexAddress(pub(super) Address);

/// 32 bytes in hexadecimal; leading zeros may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HexWord(pub(super) Bytes32);

/// A number of up to 256 bits; too large a one is [`None`], since a transaction may carry it on purpose.
#[derive(Clone, Copy, Debug)]
pub(super) struct HexNumber(pub(super) Option<U256>);

impl HexNumber {
    /// The number if it has up to 64 bits.
    pub(super) fn to_u64(self) -> Option<u64> {
        self.0?.try_into().ok()
    }

    /// The number, or the largest possible.
    pub(super) fn saturating_u64(self) -> u64 {
        self.to_u64().unwrap_or(u64::MAX)
    }

    /// The number, or the largest possible.
    pub(super) fn saturating_u128(self) -> u128 {
        self.0.and_then(|number| number.try_into().ok()).unwrap_or(u128::MAX)
    }
}

impl HexBytes {
    fn read(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        hex::decode(digits).map(Self).map_err(|error| error.to_string())
    }
}

impl HexAddress {
    fn read(text: &str) -> Result<Self, String> {
        let HexBytes(bytes) = HexBytes::read(text)?;
        let length = bytes.len();
        let bytes = bytes.try_into().map_err(|_| format!("an address has 20 bytes, not {length}"))?;
        Ok(Self(Address(bytes)))
    }
}

impl HexWord {
    fn read(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let HexBytes(bytes) = HexBytes::read(&format!("{digits:0>64}"))?;
        let length = bytes.len();
        let bytes = bytes.try_into().map_err(|_| format!("a word has 32 bytes, not {length}"))?;
        Ok(Self(Bytes32(bytes)))
    }
}

impl HexNumber {
    fn read(text: &str) -> Result<Self, String> {
        // Numbers that their writer's tool could not hold look like `0x:bigint 0x1000…`.
        let text = text.strip_prefix("0x:bigint ").unwrap_or(text);
        let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |digits| (digits, 16));
        if let Some(bad) = digits.chars().find(|c| !c.is_digit(radix)) {
            return Err(format!("{bad:?} is no digit of base {radix}"));
        }
        // What is left to go wrong is only the size.
        Ok(Self(U256::from_str_radix(digits.trim_start_matches('0'), radix).ok()))
    }
}

struct Text<T>(fn(&str) -> Result<T, String>);

impl<T> de::Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hexadecimal text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(|error| E::custom(format!("{text:.80?}: {error}")))
    }

    /// Some tests write small numbers as JSON numbers.
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&format!("{number:#x}"))
    }
}

macro_rules! deserialize_text {
    ($($name:ident),*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Text($name::read))
            }
        }
    )*};
}
deserialize_text!(HexBytes, HexAddress, HexWord, HexNumber);
