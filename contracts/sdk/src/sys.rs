//! The interface's functions: imports of a contract, or a host in maps.

#[cfg(all(not(target_family = "wasm"), feature = "extensions"))]
mod extensions;
#[cfg(target_family = "wasm")]
mod imports;
#[cfg(not(target_family = "wasm"))]
mod maps;

#[cfg(all(not(target_family = "wasm"), feature = "extensions"))]
pub(crate) use extensions::*;
#[cfg(target_family = "wasm")]
pub(crate) use imports::*;
#[cfg(not(target_family = "wasm"))]
pub use maps::World;
#[cfg(not(target_family = "wasm"))]
pub(crate) use maps::*;

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
