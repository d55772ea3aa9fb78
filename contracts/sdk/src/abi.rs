//! Solidity's ABI (its specification, "Contract ABI Specification"): names of types, encoding, decoding.
//!
//! Decoding refuses what Solidity refuses, with an empty revert: data that is too short, an address, a number or a bool
//! with bits beyond its type, an offset or a length that leads out of the data. Bytes behind the arguments are allowed.

mod dynamic;
mod name;
mod word;

pub use dynamic::Bytes;
pub use name::Text;
pub use word::{FixedBytes, Word};

use alloc::vec::Vec;

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
}

/// A value that can be encoded.
pub trait Encode: Abi {
    /// The bytes it takes behind the head.
    fn tail(&self) -> usize {
        0
    }

    /// Writes the value.
    fn encode(&self, to: &mut Encoder);

    /// Writes the topic of an indexed parameter of an event: the word, or the Keccak-256 of what is longer.
    fn encode_topic(&self, to: &mut Encoder);

    /// Adds what an indexed array hashes of it: whole words, without lengths and offsets ("Encoding of Indexed Event
    /// Parameters").
    fn flatten(&self, to: &mut Vec<u8>);
}

/// A value that can be decoded.
pub trait Decode: Abi + Sized {
    /// Reads a value. Ends the call if there is none.
    fn decode(from: &mut Decoder<'_>) -> Self;
}

/// Bytes of a selector, which is in front of what is encoded, zero where none is wanted.
const SELECTOR: usize = 4;

/// Where values are written: a head of known size, and behind it whatever is dynamic.
pub struct Encoder {
    /// All of it, zero where nothing has been written yet.
    out: &'static mut [u8],
    /// Where the next word of the head is.
    head: usize,
    /// Where the next dynamic value is.
    tail: usize,
    /// What offsets count from.
    base: usize,
}

impl Encoder {
    /// For a head and a tail of these sizes.
    #[inline(never)]
    pub(crate) fn new(selector: [u8; SELECTOR], head: usize, tail: usize) -> Self {
        let out = memory::zeros(SELECTOR + head + tail);
        if let Some(place) = out.first_chunk_mut() {
            *place = selector;
        }
        Self { out, head: SELECTOR, tail: SELECTOR + head, base: SELECTOR }
    }

    /// The next word of the head, zero.
    #[inline(never)]
    pub(crate) fn word(&mut self) -> &mut [u8; WORD] {
        let Some(word) = self.out.get_mut(self.head..).and_then(<[u8]>::first_chunk_mut) else { refuse() };
        self.head += WORD;
        word
    }

    /// Writes the offset of a dynamic value, whose own head has this size, and then that.
    pub(crate) fn nest(&mut self, head: usize, write: impl FnOnce(&mut Self)) {
        let offset = self.tail - self.base;
        word::set_low(self.word(), offset as u32);
        let outside = (self.head, self.base);
        (self.head, self.base) = (self.tail, self.tail);
        self.tail += head;
        write(self);
        (self.head, self.base) = outside;
    }

    /// Writes a length. Offsets count from behind it.
    pub(crate) fn length(&mut self, length: usize) {
        word::set_low(self.word(), length as u32);
        self.base = self.head;
    }

    /// Writes the length of bytes and themselves.
    #[inline(never)]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.nest(dynamic::bytes_size(bytes), |to| {
            to.length(bytes.len());
            memory::copy(to.out.get_mut(to.head..).unwrap_or_default(), bytes);
        });
    }

    /// Offsets count from here on.
    pub(crate) fn rebase(&mut self) {
        self.base = self.head;
    }

    /// Ends the call with what has been written.
    #[inline(never)]
    fn finish(&self) -> ! {
        sys::finish(self.behind_selector())
    }

    /// Makes the log entry of which the first so many words are topics.
    #[inline(never)]
    pub(crate) fn log(&self, topics: usize) {
        if let Some((topics, data)) = self.behind_selector().split_at_checked(topics * WORD) {
            sys::log(data, topics.as_chunks().0);
        }
    }

    /// What has been written, behind the selector.
    pub(crate) fn behind_selector(&self) -> &[u8] {
        self.out.get(SELECTOR..).unwrap_or_default()
    }
}

/// Where values are read.
pub struct Decoder<'a> {
    /// What offsets count from.
    data: &'a [u8],
    /// The next word.
    at: usize,
}

impl<'a> Decoder<'a> {
    /// Reads from the start of `data`, which offsets count from.
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0 }
    }

    #[inline(never)]
    pub(crate) fn word(&mut self) -> &'a [u8; WORD] {
        let Some(word) = self.data.get(self.at..).and_then(<[u8]>::first_chunk) else { refuse() };
        self.at += WORD;
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
        self.data.get(self.at..).unwrap_or_default()
    }
}

/// Values side by side, as arguments, results and the data of an event are.
pub trait Arguments {
    /// How many there are.
    const COUNT: usize;
    /// Bytes of the head.
    const HEADS: usize;

    /// Bytes behind the head.
    fn tails(&self) -> usize;

    /// Writes them.
    fn write(&self, to: &mut Encoder);

    /// Writes their topics.
    fn write_topics(&self, to: &mut Encoder);
}

/// A value by reference.
#[doc(hidden)]
pub struct By<'a, T>(pub &'a T);

impl<T: Abi> Abi for By<'_, T> {
    const NAME: Text<64> = T::NAME;
    const HEAD: usize = T::HEAD;
    const DYNAMIC: bool = T::DYNAMIC;
}

impl<T: Encode> Encode for By<'_, T> {
    fn tail(&self) -> usize {
        self.0.tail()
    }

    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }

    fn encode_topic(&self, to: &mut Encoder) {
        self.0.encode_topic(to);
    }

    fn flatten(&self, to: &mut Vec<u8>) {
        self.0.flatten(to);
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
    const COUNT: usize = 1;
    const HEADS: usize = T::HEAD;

    fn tails(&self) -> usize {
        self.tail()
    }

    fn write(&self, to: &mut Encoder) {
        self.encode(to);
    }

    fn write_topics(&self, to: &mut Encoder) {
        self.encode_topic(to);
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
            const COUNT: usize = 0 $(+ { let _ = $name::HEAD; 1 })*;
            const HEADS: usize = 0 $(+ $name::HEAD)*;

            fn tails(&self) -> usize {
                0 $(+ self.$index.tail())*
            }

            #[allow(unused)]
            fn write(&self, to: &mut Encoder) {
                $(self.$index.encode(to);)*
            }

            #[allow(unused)]
            fn write_topics(&self, to: &mut Encoder) {
                $(self.$index.encode_topic(to);)*
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

/// Arguments behind a selector.
pub fn encode_call<T: Arguments>(selector: [u8; 4], arguments: &T) -> Data {
    let mut encoder = Encoder::new(selector, T::HEADS, arguments.tails());
    arguments.write(&mut encoder);
    encoder.out
}

/// Values alone.
pub fn encode<T: Arguments>(arguments: &T) -> Data {
    let mut encoder = Encoder::new([0; 4], T::HEADS, arguments.tails());
    arguments.write(&mut encoder);
    let out: Data = encoder.out;
    out.get(SELECTOR..).unwrap_or_default()
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
        let mut encoder = Encoder::new([0; 4], T::HEADS, self.tails());
        self.write(&mut encoder);
        encoder.finish()
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
