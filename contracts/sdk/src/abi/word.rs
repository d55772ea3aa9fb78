//! Types of one word.

use alloc::vec::Vec;

use super::{Abi, Decode, Decoder, Encode, Encoder, Text, WORD};
use crate::{Address, Bytes32, U256, revert::refuse};

/// A value of one word, which can also be a storage value and a key.
pub trait Word: Abi + Sized {
    /// How many bytes of the word it takes. Solidity puts several of them into one storage slot.
    const BYTES: usize;
    /// True if they are the first of the word (`bytesN`), false if the last (all else).
    const FIRST: bool = false;

    /// Writes it to a word that is zero.
    fn write(&self, to: &mut [u8; WORD]);

    /// The word.
    fn to_word(&self) -> [u8; WORD] {
        let mut word = [0; WORD];
        self.write(&mut word);
        word
    }

    /// The value, if the word is one.
    fn from_word(word: &[u8; WORD]) -> Option<Self>;
}

impl<T: Word> Encode for T {
    fn encode(&self, to: &mut Encoder) {
        self.write(to.word());
    }

    fn encode_topic(&self, to: &mut Encoder) {
        self.encode(to);
    }

    fn flatten(&self, to: &mut Vec<u8>) {
        to.extend(self.to_word());
    }
}

impl<T: Word> Decode for T {
    fn decode(from: &mut Decoder<'_>) -> Self {
        let Some(value) = T::from_word(from.word()) else { refuse() };
        value
    }
}

/// Writes a small number to a word that is zero.
#[inline(never)]
pub(crate) fn set_low(word: &mut [u8; WORD], number: u32) {
    if let Some(low) = word.last_chunk_mut() {
        *low = number.to_be_bytes();
    }
}

impl Abi for U256 {
    const NAME: Text<64> = Text::new().push("uint256");
}

impl Word for U256 {
    const BYTES: usize = 32;

    #[inline(always)]
    fn write(&self, to: &mut [u8; WORD]) {
        self.write_be(to);
    }

    #[inline(always)]
    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        Some(Self::read_be(word))
    }
}

impl Abi for Bytes32 {
    const NAME: Text<64> = Text::new().push("bytes32");
}

impl Word for Bytes32 {
    const BYTES: usize = 32;

    fn write(&self, to: &mut [u8; WORD]) {
        *to = self.0;
    }

    #[inline(always)]
    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        Some(Self(*word))
    }
}

impl Abi for Address {
    const NAME: Text<64> = Text::new().push("address");
}

impl Word for Address {
    const BYTES: usize = 20;

    fn write(&self, to: &mut [u8; WORD]) {
        if let Some(low) = to.last_chunk_mut() {
            *low = self.0;
        }
    }

    #[inline(always)]
    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        let (zeros, _) = word.split_first_chunk::<12>()?;
        if *zeros != [0; 12] {
            return None;
        }
        word.last_chunk().copied().map(Self)
    }
}

impl Abi for bool {
    const NAME: Text<64> = Text::new().push("bool");
}

impl Word for bool {
    const BYTES: usize = 1;

    fn write(&self, to: &mut [u8; WORD]) {
        set_low(to, u32::from(*self));
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
                }

        impl Word for $integer {
            const BYTES: usize = size_of::<Self>();

            fn write(&self, to: &mut [u8; WORD]) {
                #[allow(unused_comparisons)]
                if *self < 0 {
                    *to = [0xff; WORD];
                }
                if let Some(low) = to.last_chunk_mut() {
                    *low = self.to_be_bytes();
                }
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
}

impl<const N: usize> Word for FixedBytes<N> {
    const BYTES: usize = N;
    const FIRST: bool = true;

    fn write(&self, to: &mut [u8; WORD]) {
        if let Some(high) = to.first_chunk_mut() {
            *high = self.0;
        }
    }

    fn from_word(word: &[u8; WORD]) -> Option<Self> {
        let (value, zeros) = word.split_first_chunk()?;
        zeros.iter().all(|byte| *byte == 0).then_some(Self(*value))
    }
}
