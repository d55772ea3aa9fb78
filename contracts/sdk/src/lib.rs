//! Ewasm contracts in Rust.
//!
//! A contract is a struct of storage and an impl of functions that Solidity's ABI reaches:
//!
//! ```
//! use hebe_sdk::prelude::*;
//!
//! #[storage]
//! pub struct Counter {
//!     number: Value<U256>,
//! }
//!
//! #[event]
//! pub struct Counted {
//!     #[indexed]
//!     pub by: Address,
//!     pub number: U256,
//! }
//!
//! #[contract]
//! impl Counter {
//!     pub fn number(&self) -> U256 {
//!         self.number.get()
//!     }
//!
//!     pub fn count(&mut self) {
//!         let number = self.number.get() + U256::ONE;
//!         self.number.set(&number);
//!         emit(&Counted { by: message::sender(), number });
//!     }
//! }
//!
//! // Off the chain the same code runs against a host in maps.
//! # use hebe_sdk::native;
//! native::set_sender(native::address(1));
//! let mut counter = Counter::at_storage();
//! counter.count();
//! assert_eq!(counter.number(), U256::ONE);
//! assert_eq!(native::logs().len(), 1);
//! ```
//!
//! [`macro@storage`] lays the fields out as Solidity does. [`macro@contract`] makes the export `main` of it, which reads
//! the selector, decodes the arguments, runs the function and finishes with what it returns or reverts with its error.
//! `&self` is `view`, `&mut self` changes state, without a receiver it is `pure`; ether is refused unless the function is
//! `#[payable]`.
//!
//! Two functions with the same selector are a compile error, as in Solidity:
//!
//! ```compile_fail,E0080
//! # use hebe_sdk::prelude::*;
//! #[storage]
//! pub struct Twice {}
//!
//! #[contract]
//! impl Twice {
//!     pub fn total_supply(&self) {}
//!     # #[allow(non_snake_case)]
//!     pub fn totalSupply(&self) {}
//! }
//! ```
//!
//! # Building
//!
//! A contract is built twice with the target `wasm32v1-none`: as it is for what runs, and with `--cfg hebe_init` for what
//! creates it. `contracts/sdk/README.md` tells the flags, and what is done to the modules afterwards.
//!
//! # Features
//!
//! - `extensions`: the host functions beyond revision 4 of the interface: Keccak-256 and 256-bit arithmetic, `create2`, chain id,
//!   fees, transient storage and the like. A contract that imports one is refused in the profile `r4` and before the revision of
//!   Ethereum that brought it. Without the feature Keccak-256 and arithmetic are wasm.
//! - `bump` (default): a global allocator that never frees, which is the smallest and fastest for one call. Without it the
//!   contract brings its own `#[global_allocator]`.
//!
//! # Limits
//!
//! A function has at most 8 parameters, a signature 512 bytes. Types: [`U256`], `u8` to `u128`, `i8` to `i128`, `bool`,
//! [`Address`], [`Bytes32`], [`FixedBytes`](abi::FixedBytes), [`Bytes`](abi::Bytes), `String`, `Vec<T>` and `[T; N]` of
//! all of these. There is no `callCode`, which Solidity dropped as well.
//!
//! All numbers are big-endian on the outside (storage, ABI), as the EVM has them. Arithmetic of [`U256`] is checked: an
//! overflow reverts with `Panic(0x11)`, as in Solidity 0.8.

#![no_std]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(not(target_family = "wasm"))]
extern crate std;
// So that what the macros write finds this crate inside itself, too.
extern crate self as hebe_sdk;

pub mod abi;
pub mod account;
#[cfg(feature = "extensions")]
pub mod arithmetic;
pub mod block;
#[cfg(all(target_family = "wasm", feature = "bump"))]
mod bump;
pub mod call;
pub mod events;
mod hash;
#[cfg(hebe_init)]
#[doc(hidden)]
pub mod init;
mod memory;
pub mod message;
#[cfg(not(target_family = "wasm"))]
pub mod native;
pub mod revert;
pub mod storage;
mod sys;
mod types;

pub use events::emit;
pub use hash::keccak256;
pub use hebe_sdk_macros::{contract, errors, event, interface, storage};
pub use types::{Address, Bytes32, U256};

/// What a contract's file needs: `use hebe_sdk::prelude::*;`.
pub mod prelude {
    pub use alloc::{string::String, vec::Vec};

    pub use crate::{
        Address, Bytes32, U256,
        abi::Bytes,
        account, block, call, contract, emit, errors, event, interface, keccak256, message,
        revert::{ensure, revert},
        storage,
        storage::{Array, Mapping, Text, Value},
    };
}

/// Starts a wasm program: the allocator's and the panic's ends of it. A panic is a trap: a failure that takes all gas.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
