//! Solidity's ABI (its specification, "Contract ABI Specification"): names of types, encoding, decoding.
//!
//! Decoding refuses what Solidity refuses, with an empty revert: data that is too short, an address, a number or a bool with bits beyond
//! its type, an offset or a length that leads out of the data. Bytes behind the arguments are allowed.

mod dynamic;
mod name;
mod word;

pub use dynamic::Bytes;
pub use name::Text;
pub use word::{FixedBytes, Word};

use crate::{
    memory,
    revert::{Revert, refuse, revert},
    sys,
};

/// Bytes of a word.
pub(crate) const WORD: usize = 32;

/// Encoded values: memory that lives as long as the call.
pub type Data = &'static [u8];

/// A type of the ABI.
pub trait Abi {
    /// Its canonical name, as in signatures: `uint256`.
    const NAME: Text<64>;
    /// Its size in the head of an encoding, in bytes.
    const HEAD: usize = WORD;
    /// True if its content is behind the head, which has the offset.
    const DYNAMIC: bool = false;
    /// True if it is one word, which is its topic.
    const IS_WORD: bool = false;
}

/// A value that can be encoded.
pub trait Encode: Abi {
    /// The bytes it takes behind the head.
    fn tail(&self) -> usize {
        0
    }

    /// What it is apart from its length, if it is text or bytes.
    fn bytes(&self) -> Option<&[u8]> {
        None
    }

    /// Writes the value.
    fn encode(&self, to: &mut Encoder<'_>);

    /// The topic of an indexed parameter of an event: the word, or the Keccak-256 of what is longer.
    fn topic(&self) -> [u8; WORD];
}

/// A value that can be decoded.
pub trait Decode: Abi + Sized {
    /// Reads a value. Ends the call if there is none.
    fn decode(from: &mut Decoder<'_>) -> Self;
}

/// Where values are written: a head of known size, and behind it whatever is dynamic.
pub struct Encoder<'a> {
    /// What is left of the head.
    head: &'a mut [u8],
    /// What is left behind it.
    tail: &'a mut [u8],
    /// Where that is, counted from the start of the head.
    offset: usize,
}

impl<'a> Encoder<'a> {
    /// Into `out`, whose first `head` bytes are the head.
    pub fn new(out: &'a mut [u8], head: usize) -> Self {
        let Some((head, tail)) = out.split_at_mut_checked(head) else { refuse() };
        Self { offset: head.len(), head, tail }
    }

    #[inline(never)]
    pub(crate) fn word(&mut self, word: &[u8; WORD]) {
        let Some((place, rest)) = core::mem::take(&mut self.head).split_first_chunk_mut() else { refuse() };
        *place = *word;
        self.head = rest;
    }

    /// Writes the offset of the next `length` bytes behind the head, which are the caller's to fill.
    pub(crate) fn tail(&mut self, length: usize) -> &'a mut [u8] {
        self.word(&word::from_usize(self.offset));
        let Some((part, rest)) = core::mem::take(&mut self.tail).split_at_mut_checked(length) else {
            refuse()
        };
        self.tail = rest;
        self.offset += length;
        part
    }
}

/// Where values are read.
pub struct Decoder<'a> {
    /// What offsets count from.
    data: &'a [u8],
    /// What is left.
    rest: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Reads from the start of `data`, which offsets count from.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, rest: data }
    }

    #[inline(never)]
    pub(crate) fn word(&mut self) -> &'a [u8; WORD] {
        let Some((word, rest)) = self.rest.split_first_chunk() else { refuse() };
        self.rest = rest;
        word
    }

    /// A number that must fit into the data.
    pub(crate) fn number(&mut self) -> usize {
        let Some(number) = u32::from_word(self.word()) else { refuse() };
        number as usize
    }

    /// What is at the offset that stands here.
    pub(crate) fn tail(&mut self) -> Decoder<'a> {
        let offset = self.number();
        let Some(data) = self.data.get(offset..) else { refuse() };
        Decoder::new(data)
    }

    /// What is left.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }
}

/// Values side by side, as arguments, results and the data of an event are.
pub trait Arguments {
    /// Encodes them behind a prefix.
    fn encode_behind(&self, prefix: &[u8]) -> Data;
}

/// A value by reference.
#[doc(hidden)]
pub struct By<'a, T>(pub &'a T);

impl<T: Abi> Abi for By<'_, T> {
    const NAME: Text<64> = T::NAME;
    const HEAD: usize = T::HEAD;
    const DYNAMIC: bool = T::DYNAMIC;
    const IS_WORD: bool = T::IS_WORD;
}

impl<T: Encode> Encode for By<'_, T> {
    fn tail(&self) -> usize {
        self.0.tail()
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.0.bytes()
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        self.0.encode(to);
    }

    fn topic(&self) -> [u8; WORD] {
        self.0.topic()
    }
}

/// What a call answers, or the arguments of a function.
pub trait Results: Sized {
    /// Reads them.
    fn read(data: &[u8]) -> Self;
}

/// How results are told in the ABI's JSON.
pub trait Outputs {
    /// The types, with a comma between them.
    const OUTPUTS: Text<512>;
}

impl<T: Encode> Arguments for T {
    fn encode_behind(&self, prefix: &[u8]) -> Data {
        match self.bytes() {
            // Shorter than what can encode anything.
            Some(bytes) => memory::bytes_behind(prefix, bytes),
            None => (By(self),).encode_behind(prefix),
        }
    }
}

impl<T: Decode> Results for T {
    fn read(data: &[u8]) -> Self {
        T::decode(&mut Decoder::new(data))
    }
}

impl<T: Abi> Outputs for T {
    const OUTPUTS: Text<512> = Text::new().push(r#"{"name":"","type":""#).append(&T::NAME).push(r#""}"#);
}

impl<T: Outputs, E> Outputs for Result<T, E> {
    const OUTPUTS: Text<512> = T::OUTPUTS;
}

macro_rules! tuples {
    ($(($($name:ident $index:tt)*))*) => { $(
        impl<$($name: Encode),*> Arguments for ($($name,)*) {
            #[allow(unused)]
            fn encode_behind(&self, prefix: &[u8]) -> Data {
                if true $(&& $name::IS_WORD)* {
                    let words: &[[u8; WORD]] = &[$(self.$index.topic()),*];
                    return memory::join(prefix, words.as_flattened());
                }
                encode_with(prefix, 0 $(+ $name::HEAD)*, 0 $(+ self.$index.tail())*, |encoder| {
                    $(self.$index.encode(encoder);)*
                })
            }
        }

        impl<$($name: Decode),*> Results for ($($name,)*) {
            #[allow(unused, clippy::unused_unit)]
            #[inline(always)]
            fn read(data: &[u8]) -> Self {
                let mut decoder = Decoder::new(data);
                ($($name::decode(&mut decoder),)*)
            }
        }

        impl<$($name: Abi),*> Outputs for ($($name,)*) {
            const OUTPUTS: Text<512> = Text::new()$(.comma().append(&<$name as Outputs>::OUTPUTS))*;
        }
    )* };
}

tuples! {
    () (A 0) (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4) (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6) (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
}

/// A prefix, and behind it a head and a tail of these sizes, which `write` fills.
#[inline(always)]
fn encode_with(prefix: &[u8], head: usize, tail: usize, write: impl FnOnce(&mut Encoder<'_>)) -> Data {
    let values = memory::zeros(head + tail);
    write(&mut Encoder::new(values, head));
    if prefix.is_empty() { values } else { memory::join(prefix, values) }
}

/// Arguments behind a selector.
pub fn encode_call(selector: &[u8; 4], arguments: &impl Arguments) -> Data {
    arguments.encode_behind(selector)
}

/// Values alone.
pub fn encode(arguments: &impl Arguments) -> Data {
    arguments.encode_behind(&[])
}

/// Values, or the end of the call if the data has none.
#[inline(always)]
pub fn decode<T: Results>(data: &[u8]) -> T {
    T::read(data)
}

/// What a function returns: the end of the call.
pub trait Answer {
    /// Finishes with the values, or reverts with the error.
    fn answer(self) -> !;
}

impl<T: Arguments> Answer for T {
    fn answer(self) -> ! {
        sys::finish(encode(&self))
    }
}

impl<T: Arguments, E: Revert> Answer for Result<T, E> {
    fn answer(self) -> ! {
        match self {
            Ok(values) => values.answer(),
            Err(error) => revert(error),
        }
    }
}
