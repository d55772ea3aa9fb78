//! The Ethereum Environment Interface (EEI), revision 4 and what today's Ethereum adds to it, free of any engine and of C.
//!
//! A contract is a wasm module that imports functions from the module `ethereum`. This crate says
//! what those functions are, what they cost and what they do:
//!
//! * [`for_each_eei!`] is the one list of host functions. The import table ([`IMPORTS`]), each
//!   engine's linker and the documentation are read off it.
//! * [`functions`] holds the functions. Each takes a [`Guest`], which joins the contract's linear
//!   memory and its [`Frame`], and wasm arguments.
//! * [`Host`] is what a client answers: storage, balances, calls, logs.
//! * [`Halt`] and [`Fault`] are the two ways to stop and are never mixed. A halt is the contract's
//!   own end, the same on every node. A fault is a failure of this node and never a result.
//!
//! Sources: the ewasm design documents (`eth_interface.md`, `contract_interface.md`,
//! `fee_schedule.md`), the Yellow Paper, the EIPs, and EVMC 12 for names and numbers.

pub mod abi;
mod frame;
pub mod functions;
mod gas;
mod halt;
mod host;
mod message;
#[cfg(feature = "mock")]
pub mod mock;
mod prices;
mod profile;
mod revision;
mod schedule;
mod sink;
mod status;
mod table;
mod types;

pub use frame::{Frame, Guest};
pub use gas::{GasCounter, PARTICLES, whole_gas};
pub use halt::{Fault, Halt, Outcome, Stop, Trap};
pub use host::{AccessStatus, CallResult, Host, StorageStatus};
pub use message::{CallKind, Message, TxContext};
pub use prices::Prices;
pub use profile::{Limits, Profile};
pub use revision::Revision;
pub use schedule::{EDITS, Edit, GasEntry, GasKind, GasSchedule};
pub use sink::Sink;
pub use status::StatusCode;
pub use table::{IMPORTS, Import, Meaning, Since, ValType};
pub use types::{Address, Bytes32, U256};

/// An amount of gas. Signed because EVMC's is: a negative amount is possible as an input and is
/// given a meaning wherever one can arrive.
pub type Gas = i64;

/// A message nested this deep makes no more calls and creates nothing (Yellow Paper, section 8).
pub const MAX_CALL_DEPTH: i32 = 1024;
