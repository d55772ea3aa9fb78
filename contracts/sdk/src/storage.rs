//! Storage as Solidity lays it out ("Layout of State Variables in Storage"): small values share a slot, a mapping's
//! values are at keccak256(key ‖ slot), an array's from keccak256(slot) on.

use alloc::{string::String, vec::Vec};
use core::{marker::PhantomData, ops::Range};

use crate::{
    U256,
    abi::Word,
    hash::keccak256_to,
    memory,
    revert::{self, Panic, refuse},
    sys,
};

/// The key of a slot, big-endian. It lives as long as the call.
type Slot = &'static [u8; 32];

/// What a field of storage can be.
pub trait Storage {
    /// Bytes of a slot; 32 for what has slots of its own.
    const BYTES: usize = 32;

    /// The field in a slot, `offset` bytes from its end.
    fn at(slot: Slot, offset: usize) -> Self;
}

/// Where a field is.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Place {
    slot: u64,
    offset: usize,
}

impl Place {
    /// Where the first field would be.
    pub const START: Self = Self { slot: 0, offset: 0 };

    /// Where a field of so many bytes is, if the one before ends here.
    #[must_use]
    pub const fn fit(self, bytes: usize) -> Self {
        if self.offset + bytes > 32 { Self { slot: self.slot + 1, offset: 0 } } else { self }
    }

    /// Where a field of so many bytes that is here ends.
    #[must_use]
    pub const fn after(self, bytes: usize) -> Self {
        Self { slot: self.slot, offset: self.offset + bytes }
    }

    /// The key of the slot.
    pub const fn slot(self) -> [u8; 32] {
        let low = self.slot.to_be_bytes();
        let mut slot = [0; 32];
        let mut at = 0;
        while at < low.len() {
            slot[24 + at] = low[at];
            at += 1;
        }
        slot
    }

    /// Bytes between the field and the end of the slot.
    pub const fn offset(self) -> usize {
        self.offset
    }
}

/// A value.
#[derive(Debug)]
pub struct Value<T> {
    slot: Slot,
    offset: usize,
    kind: PhantomData<T>,
}

impl<T: Word> Storage for Value<T> {
    const BYTES: usize = T::BYTES;

    fn at(slot: Slot, offset: usize) -> Self {
        Self { slot, offset, kind: PhantomData }
    }
}

impl<T: Word> Value<T> {
    /// Reads it.
    pub fn get(&self) -> T {
        read(self.slot, self.offset)
    }

    /// Writes it.
    pub fn set(&mut self, value: &T) {
        write(self.slot, self.offset, value);
    }

    /// Writes zeros.
    pub fn clear(&mut self) {
        let mut slot = if T::BYTES == 32 { [0; 32] } else { sys::load(self.slot) };
        slot[range::<T>(self.offset)].fill(0);
        sys::store(self.slot, &slot);
    }
}

/// Where the bytes of a value are in its slot.
fn range<T: Word>(offset: usize) -> Range<usize> {
    let end = 32 - offset;
    end - T::BYTES..end
}

/// Where they are in its own word.
const fn own<T: Word>() -> Range<usize> {
    if T::FIRST { 0..T::BYTES } else { 32 - T::BYTES..32 }
}

#[inline(never)]
fn read<T: Word>(slot: Slot, offset: usize) -> T {
    let slot = sys::load(slot);
    if T::BYTES == 32 {
        let Some(value) = T::from_word(&slot) else { refuse() };
        return value;
    }
    let mut word = [0; 32];
    word[own::<T>()].copy_from_slice(&slot[range::<T>(offset)]);
    // The bits above, which a negative number has set, come back by asking for the value that has these bytes.
    from_low(&word)
}

#[inline(never)]
fn write<T: Word>(slot: Slot, offset: usize, value: &T) {
    let [word] = memory::words();
    value.write(word);
    if T::BYTES == 32 {
        return sys::store(slot, word);
    }
    let mut shared = sys::load(slot);
    shared[range::<T>(offset)].copy_from_slice(&word[own::<T>()]);
    sys::store(slot, &shared);
}

/// A value in transient storage, which is zero again at the end of the transaction (EIP-1153, from Cancun on). Its keys
/// are not those of storage.
///
/// ```
/// # use hebe_sdk::{prelude::*, storage::Transient};
/// static ENTERED: Transient<bool> = Transient::new(0);
/// ensure(!ENTERED.get(), "no way back in");
/// ENTERED.set(&true);
/// ```
#[cfg(feature = "extensions")]
#[derive(Debug)]
pub struct Transient<T> {
    key: [u8; 32],
    kind: PhantomData<T>,
}

#[cfg(feature = "extensions")]
impl<T: Word> Transient<T> {
    /// The value at a key that no other value of the contract has.
    pub const fn new(key: u64) -> Self {
        Self { key: Place { slot: key, offset: 0 }.slot(), kind: PhantomData }
    }

    /// Reads it.
    pub fn get(&self) -> T {
        let Some(value) = T::from_word(&sys::transient_load(&self.key)) else { refuse() };
        value
    }

    /// Writes it.
    pub fn set(&self, value: &T) {
        sys::transient_store(&self.key, &value.to_word());
    }
}

/// The value whose low bytes these are: with zeros above, or, for a negative number, with ones.
fn from_low<T: Word>(word: &[u8; 32]) -> T {
    T::from_word(word).unwrap_or_else(|| {
        let mut negative = [0xff; 32];
        negative[32 - T::BYTES..].copy_from_slice(&word[32 - T::BYTES..]);
        let Some(value) = T::from_word(&negative) else { refuse() };
        value
    })
}

/// A key of a mapping.
pub trait Key {
    /// The key's part of what is hashed.
    fn slot(&self, mapping: Slot) -> Slot;
}

impl<T: Word> Key for T {
    #[inline(never)]
    fn slot(&self, mapping: Slot) -> Slot {
        let data = memory::words();
        let [key, behind] = data;
        self.write(key);
        *behind = *mapping;
        hashed(data.as_flattened())
    }
}

impl Key for &str {
    fn slot(&self, mapping: Slot) -> Slot {
        hashed(&[self.as_bytes(), mapping].concat())
    }
}

/// The slot that is the hash of something.
#[inline(never)]
fn hashed(data: &[u8]) -> Slot {
    let [slot] = memory::words();
    keccak256_to(data, slot);
    slot
}

/// A mapping. Every key has a value, zero until it is written.
#[derive(Debug)]
pub struct Mapping<K, V> {
    slot: Slot,
    kind: PhantomData<(K, V)>,
}

impl<K, V> Storage for Mapping<K, V> {
    fn at(slot: Slot, _: usize) -> Self {
        Self { slot, kind: PhantomData }
    }
}

impl<K: Key, V: Word> Mapping<K, V> {
    /// Where the value of a key is: to read and write it with one hash of the key.
    pub fn entry(&self, key: &K) -> Value<V> {
        Value::at(key.slot(self.slot), 0)
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> V {
        read(key.slot(self.slot), 0)
    }

    /// Writes the value of a key.
    pub fn set(&mut self, key: &K, value: &V) {
        write(key.slot(self.slot), 0, value);
    }
}

impl<K: Key, V: Storage> Mapping<K, V> {
    /// What is behind a key, to read: a mapping, an array, a text.
    pub fn at(&self, key: &K) -> V {
        V::at(key.slot(self.slot), 0)
    }
}

/// An array that grows.
#[derive(Debug)]
pub struct Array<T> {
    slot: Slot,
    kind: PhantomData<T>,
}

impl<T> Storage for Array<T> {
    fn at(slot: Slot, _: usize) -> Self {
        Self { slot, kind: PhantomData }
    }
}

impl<T: Word> Array<T> {
    /// How many items a slot has.
    const TOGETHER: u64 = (32 / T::BYTES) as u64;

    fn set_length(&mut self, length: u64) {
        Value::<U256>::at(self.slot, 0).set(&length.into());
    }

    fn item(&self, index: u64) -> Value<T> {
        let slot = add(hashed(self.slot), index / Self::TOGETHER);
        Value::at(slot, (index % Self::TOGETHER) as usize * T::BYTES)
    }

    fn inside(&self, index: u64) -> Value<T> {
        if index >= self.len() {
            revert::panic(Panic::OutOfBounds);
        }
        self.item(index)
    }

    /// How many items there are.
    pub fn len(&self) -> u64 {
        Value::<U256>::at(self.slot, 0).get().low_u64()
    }

    /// True without items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An item. Past the end the call reverts with `Panic(0x32)`.
    pub fn get(&self, index: u64) -> T {
        self.inside(index).get()
    }

    /// Writes an item. Past the end the call reverts with `Panic(0x32)`.
    pub fn set(&mut self, index: u64, value: &T) {
        self.inside(index).set(value);
    }

    /// Adds an item.
    pub fn push(&mut self, value: &T) {
        let length = self.len();
        self.item(length).set(value);
        self.set_length(length + 1);
    }

    /// Removes the last item, whose storage is zero then. Of an empty array the call reverts with `Panic(0x31)`.
    pub fn pop(&mut self) -> T {
        let Some(last) = self.len().checked_sub(1) else { revert::panic(Panic::EmptyArray) };
        let mut item = self.item(last);
        let value = item.get();
        item.clear();
        self.set_length(last);
        value
    }
}

/// The slot `count` further on.
fn add(slot: Slot, count: u64) -> Slot {
    let [sum] = memory::words();
    U256::read_be(slot).wrapping_add(count.into()).write_be(sum);
    sum
}

/// A text or bytes (Solidity's `string` and `bytes`): up to 31 bytes in the slot itself, more from keccak256(slot) on.
#[derive(Debug)]
pub struct Text {
    slot: Slot,
}

impl Storage for Text {
    fn at(slot: Slot, _: usize) -> Self {
        Self { slot }
    }
}

impl Text {
    /// How many slots it has beside its own, and how many bytes it is.
    fn size(head: &[u8; 32]) -> (u64, usize) {
        if head[31] & 1 == 0 {
            return (0, usize::from(head[31] / 2));
        }
        let [.., a, b, c, d] = *head;
        let length = u32::from_be_bytes([a, b, c, d]) / 2;
        (u64::from(length).div_ceil(32), length as usize)
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let head = sys::load(self.slot);
        let (slots, length) = Self::size(&head);
        if slots == 0 {
            return head[..length.min(31)].to_vec();
        }
        let first = hashed(self.slot);
        let mut bytes: Vec<u8> = (0..slots).flat_map(|index| sys::load(add(first, index))).collect();
        bytes.truncate(length);
        bytes
    }

    /// The text. What is not UTF-8 ends the call with an empty revert.
    pub fn get(&self) -> String {
        let Ok(text) = String::from_utf8(self.bytes()) else { refuse() };
        text
    }

    /// Writes bytes or a text, and zeros where the old one was longer.
    pub fn set(&mut self, value: impl AsRef<[u8]>) {
        let value = value.as_ref();
        let (had, _) = Self::size(&sys::load(self.slot));
        let mut head = [0; 32];
        let mut needs = 0;
        if value.len() < 32 {
            head[..value.len()].copy_from_slice(value);
            head[31] = value.len() as u8 * 2;
        } else {
            needs = value.len().div_ceil(32) as u64;
            head[24..].copy_from_slice(&(value.len() as u64 * 2 + 1).to_be_bytes());
        }
        sys::store(self.slot, &head);
        if had == 0 && needs == 0 {
            return;
        }
        let first = hashed(self.slot);
        for index in 0..had.max(needs) {
            let rest = value.get(index as usize * 32..).filter(|_| needs > 0).unwrap_or_default();
            let mut word = [0; 32];
            let length = rest.len().min(32);
            word[..length].copy_from_slice(&rest[..length]);
            sys::store(add(first, index), &word);
        }
    }
}
