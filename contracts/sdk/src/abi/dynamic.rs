//! Types of any length, and arrays.

use alloc::{string::String, vec::Vec};

use super::{Abi, Decode, Decoder, Encode, Encoder, Text, WORD};
use crate::{keccak256, revert::refuse};

/// Solidity's `bytes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

/// What bytes take behind the head: their length, and themselves with zeros behind.
pub(crate) fn bytes_size(bytes: &[u8]) -> usize {
    WORD + bytes.len().next_multiple_of(WORD)
}

fn read_bytes(from: &mut Decoder<'_>) -> Vec<u8> {
    let mut tail = from.tail();
    let length = tail.number();
    let Some(bytes) = tail.rest().get(..length) else { refuse() };
    bytes.to_vec()
}

macro_rules! dynamic {
    ($($kind:ty = $name:literal, $value:ident => $bytes:expr;)*) => { $(
        impl Abi for $kind {
            const NAME: Text<64> = Text::new().push($name);
            const DYNAMIC: bool = true;
        }

        impl Encode for $kind {
            fn tail(&self) -> usize {
                let $value = self;
                bytes_size($bytes)
            }

            fn encode(&self, to: &mut Encoder) {
                let $value = self;
                to.bytes($bytes);
            }

            fn encode_topic(&self, to: &mut Encoder) {
                let $value = self;
                *to.word() = keccak256($bytes).0;
            }

            fn flatten(&self, to: &mut Vec<u8>) {
                let $value = self;
                to.extend_from_slice($bytes);
                to.resize(to.len().next_multiple_of(WORD), 0);
            }
        }
    )* };
}

dynamic! {
    Bytes = "bytes", value => &value.0;
    String = "string", value => value.as_bytes();
    &str = "string", value => value.as_bytes();
}

impl Decode for Bytes {
    fn decode(from: &mut Decoder<'_>) -> Self {
        Self(read_bytes(from))
    }
}

impl Decode for String {
    /// Text that is not UTF-8 is refused, which Solidity does not do.
    fn decode(from: &mut Decoder<'_>) -> Self {
        let Ok(text) = Self::from_utf8(read_bytes(from)) else { refuse() };
        text
    }
}

impl<T: Abi> Abi for Vec<T> {
    const NAME: Text<64> = T::NAME.push("[]");
    const DYNAMIC: bool = true;
}

impl<T: Encode> Encode for Vec<T> {
    fn tail(&self) -> usize {
        WORD + items_size(self)
    }

    fn encode(&self, to: &mut Encoder) {
        to.nest(WORD + self.len() * T::HEAD, |to| {
            to.length(self.len());
            write_items(to, self);
        });
    }

    fn encode_topic(&self, to: &mut Encoder) {
        items_topic(to, self);
    }

    fn flatten(&self, to: &mut Vec<u8>) {
        self.iter().for_each(|item| item.flatten(to));
    }
}

/// What items take without their number.
fn items_size<T: Encode>(items: &[T]) -> usize {
    items.iter().map(|item| T::HEAD + item.tail()).sum()
}

fn write_items<T: Encode>(to: &mut Encoder, items: &[T]) {
    items.iter().for_each(|item| item.encode(to));
}

fn items_topic<T: Encode>(to: &mut Encoder, items: &[T]) {
    let mut data = Vec::new();
    items.iter().for_each(|item| item.flatten(&mut data));
    *to.word() = keccak256(&data).0;
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(from: &mut Decoder<'_>) -> Self {
        let mut tail = from.tail();
        let length = tail.number();
        let content = tail.rest();
        // Before memory is taken for them.
        if content.len() / T::HEAD < length {
            refuse();
        }
        let mut items = Decoder::new(content);
        (0..length).map(|_| T::decode(&mut items)).collect()
    }
}

impl<T: Abi, const N: usize> Abi for [T; N] {
    const NAME: Text<64> = T::NAME.push("[").push_number(N).push("]");
    const HEAD: usize = if T::DYNAMIC { WORD } else { T::HEAD * N };
    const DYNAMIC: bool = T::DYNAMIC;
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn tail(&self) -> usize {
        if T::DYNAMIC { items_size(self) } else { 0 }
    }

    fn encode(&self, to: &mut Encoder) {
        if T::DYNAMIC {
            to.nest(N * T::HEAD, |to| write_items(to, self));
        } else {
            write_items(to, self);
        }
    }

    fn encode_topic(&self, to: &mut Encoder) {
        items_topic(to, self);
    }

    fn flatten(&self, to: &mut Vec<u8>) {
        self.iter().for_each(|item| item.flatten(to));
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    fn decode(from: &mut Decoder<'_>) -> Self {
        if T::DYNAMIC {
            let mut tail = from.tail();
            core::array::from_fn(|_| T::decode(&mut tail))
        } else {
            core::array::from_fn(|_| T::decode(from))
        }
    }
}
