//! Types of one word.

use super::{Abi, Decode, Decoder, Encode, Encoder, Text, WORD};
use crate::{Address, Bytes32, U256, revert::refuse};

/// A value of one word, which can also be a storage value and a key.
pub trait Word: Abi + Sized {
    /// How many bytes of the word it takes. Solidity puts several of them into one storage slot.
    const BYTES: usize;
    /// True if they are the first of the word (`bytesN`), false if the last (all else).
    const FIRST: bool = false;

    /// The word.
    fn to_word(&self) -> [u8; WORD];

    /// The value, if the word is one.
    fn from_word(word: &[u8; WORD]) -> Option<Self>;
}

impl<T: Word> Encode for T {
    fn encode(&self, to: &mut Encoder<'_>) {
        to.word(&self.to_word());
    }

    fn topic(&self) -> [u8; WORD] {
        self.to_word()
    }
}

impl<T: Word> Decode for T {
    fn decode(from: &mut Decoder<'_>) -> Self {
        let Some(value) = T::from_word(from.word()) else { refuse() };
        value
    }
}

pub(crate) fn from_usize(number: usize) -> [u8; WORD] {
    (number as u32).to_word()
}

impl Abi for U256 {
    const NAME: Text<64> = Text::new().push("uint256");
    const IS_WORD: bool = true;
}

impl Word for U256 {
    const BYTES: usize = 32;

    fn to_word(&self) -> [u8; WORD] {
        self.to_be_bytes()
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        Some(Self::from_be_bytes(*word))
    }
}

impl Abi for Bytes32 {
    const NAME: Text<64> = Text::new().push("bytes32");
    const IS_WORD: bool = true;
}

impl Word for Bytes32 {
    const BYTES: usize = 32;

    fn to_word(&self) -> [u8; WORD] {
        self.0
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        Some(Self(*word))
    }
}

impl Abi for Address {
    const NAME: Text<64> = Text::new().push("address");
    const IS_WORD: bool = true;
}

impl Word for Address {
    const BYTES: usize = 20;

    fn to_word(&self) -> [u8; WORD] {
        let mut word = [0; WORD];
        if let Some(low) = word.last_chunk_mut() {
            *low = self.0;
        }
        word
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        let (zeros, address) = word.split_last_chunk()?;
        zeros.iter().all(|byte| *byte == 0).then_some(Self(*address))
    }
}

impl Abi for bool {
    const NAME: Text<64> = Text::new().push("bool");
    const IS_WORD: bool = true;
}

impl Word for bool {
    const BYTES: usize = 1;

    fn to_word(&self) -> [u8; WORD] {
        u8::from(*self).to_word()
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        match u8::from_word(word)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

macro_rules! integers {
    ($($integer:ty = $name:literal)*) => { $(
        impl Abi for $integer {
            const NAME: Text<64> = Text::new().push($name);
            const IS_WORD: bool = true;
        }

        impl Word for $integer {
            const BYTES: usize = size_of::<Self>();

            fn to_word(&self) -> [u8; WORD] {
                #[allow(unused_comparisons)]
                let sign = if *self < 0 { 0xff } else { 0 };
                let mut word = [sign; WORD];
                if let Some(low) = word.last_chunk_mut() {
                    *low = self.to_be_bytes();
                }
                word
            }

            fn from_word(word: &[u8; WORD]) -> Option<Self> {
                let (_, low) = word.split_last_chunk()?;
                let value = Self::from_be_bytes(*low);
                (value.to_word() == *word).then_some(value)
            }
        }
    )* };
}

integers! {
    u8 = "uint8" u16 = "uint16" u32 = "uint32" u64 = "uint64" u128 = "uint128"
    i8 = "int8" i16 = "int16" i32 = "int32" i64 = "int64" i128 = "int128"
}

/// `N` bytes, at most 32: Solidity's `bytes1` to `bytes32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FixedBytes<const N: usize>(pub [u8; N]);

impl<const N: usize> Abi for FixedBytes<N> {
    const NAME: Text<64> = {
        assert!(N >= 1 && N <= WORD, "Solidity has bytes1 to bytes32");
        Text::new().push("bytes").push_number(N)
    };
    const IS_WORD: bool = true;
}

impl<const N: usize> Word for FixedBytes<N> {
    const BYTES: usize = N;
    const FIRST: bool = true;

    fn to_word(&self) -> [u8; WORD] {
        let mut word = [0; WORD];
        word[..N].copy_from_slice(&self.0);
        word
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        let (value, zeros) = word.split_first_chunk()?;
        zeros.iter().all(|byte| *byte == 0).then_some(Self(*value))
    }
}
