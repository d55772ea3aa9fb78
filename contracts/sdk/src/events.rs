//! Events.

use crate::sys;

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

/// A log entry as it is.
#[doc(hidden)]
pub fn log(data: &[u8], topics: &[[u8; 32]]) {
    sys::log(data, topics);
}
