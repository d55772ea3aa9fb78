//! Events.

use crate::abi::{Arguments, Encoder, WORD};

/// What `#[event]` makes of a struct.
pub trait Event {
    /// Keccak-256 of the signature, the first topic.
    const TOPIC: [u8; 32];

    /// Emits it: the indexed fields as topics, the others as data.
    fn emit(&self);
}

/// Emits an event.
pub fn emit(event: &impl Event) {
    event.emit();
}

/// A log entry of these topics, the first of which is the signature's, and this data.
#[doc(hidden)]
#[inline(never)]
pub fn log<T: Arguments, D: Arguments>(signature: &[u8; 32], topics: &T, data: &D) {
    let count = 1 + T::COUNT;
    let mut encoder = Encoder::new([0; 4], count * WORD + D::HEADS, data.tails());
    *encoder.word() = *signature;
    topics.write_topics(&mut encoder);
    encoder.rebase();
    data.write(&mut encoder);
    encoder.log(count);
}
