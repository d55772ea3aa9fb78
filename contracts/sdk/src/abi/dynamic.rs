//! Types of any length, and arrays.

use alloc::{string::String, vec::Vec};

use super::{Abi, Decode, Decoder, Encode, Encoder, Text, WORD, word};
use crate::{keccak256, memory, revert::refuse};

/// Solidity's `bytes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

/// What bytes take behind the head: their length, and themselves with zeros behind.
fn bytes_tail(bytes: &[u8]) -> usize {
    WORD + bytes.len().next_multiple_of(WORD)
}

fn write_bytes(to: &mut Encoder<'_>, bytes: &[u8]) {
    let Some((length, out)) = to.tail(bytes_tail(bytes)).split_first_chunk_mut() else { refuse() };
    *length = word::from_usize(bytes.len());
    out.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
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
                bytes_tail($bytes)
            }

            fn bytes(&self) -> Option<&[u8]> {
                let $value = self;
                Some($bytes)
            }

            fn encode(&self, to: &mut Encoder<'_>) {
                let $value = self;
                write_bytes(to, $bytes);
            }

            fn topic(&self) -> [u8; WORD] {
                let $value = self;
                keccak256($bytes).0
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

    fn encode(&self, to: &mut Encoder<'_>) {
        let Some((length, out)) = to.tail(Encode::tail(self)).split_first_chunk_mut() else { refuse() };
        *length = word::from_usize(self.len());
        write_items(out, self);
    }

    fn topic(&self) -> [u8; WORD] {
        items_topic(self)
    }
}

/// What items take without their number.
fn items_size<T: Encode>(items: &[T]) -> usize {
    items.iter().map(|item| T::HEAD + item.tail()).sum()
}

fn write_items<T: Encode>(out: &mut [u8], items: &[T]) {
    let mut encoder = Encoder::new(out, items.len() * T::HEAD);
    items.iter().for_each(|item| item.encode(&mut encoder));
}

fn items_topic<T: Encode>(items: &[T]) -> [u8; WORD] {
    let out = memory::zeros(items_size(items));
    write_items(out, items);
    keccak256(out).0
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

    fn encode(&self, to: &mut Encoder<'_>) {
        if T::DYNAMIC {
            write_items(to.tail(items_size(self)), self);
        } else {
            self.iter().for_each(|item| item.encode(to));
        }
    }

    fn topic(&self) -> [u8; WORD] {
        items_topic(self)
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
