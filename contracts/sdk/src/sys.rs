//! The interface's functions: imports of a contract, or a host in maps.

#[cfg(target_family = "wasm")]
#[path = "sys/imports.rs"]
mod imp;
#[cfg(not(target_family = "wasm"))]
#[path = "sys/maps.rs"]
mod imp;

#[cfg(not(target_family = "wasm"))]
pub use imp::World;
pub(crate) use imp::*;

/// Which code a nested call runs, and in whose place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The other account's, with value.
    Call,
    /// The other account's, without any change of state.
    Static,
    /// The other account's code in this account's place.
    Delegate,
}
