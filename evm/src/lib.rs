//! EVM bytecode and precompiled contracts in every revision, on revm's interpreter and precompiles.
//!
//! [`execute`] runs bytecode against any [`Host`](hebe_host_ei::Host), so against any EVMC client: revm's interpreter asks a bridge
//! for what it needs, and its nested calls become messages. [`Precompile`] needs no host. None of the cryptography is
//! this crate's own, revm's types stay inside, and there is no C.
//!
//! ```
//! use hebe_host_ei::{Message, Revision, StatusCode, mock::MockHost};
//!
//! // PUSH1 2, PUSH1 3, MUL, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN
//! let code = [0x60, 2, 0x60, 3, 0x02, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3];
//! let message = Message { gas: 100, ..Message::default() };
//! let outcome = hebe_evm::execute(Revision::Byzantium, &code, message, &mut MockHost::default())?;
//!
//! assert_eq!(outcome.status, StatusCode::Success);
//! assert_eq!(outcome.output[31], 6);
//! // Five pushes at 3, MUL at 5, MSTORE at 3 and its word of memory at 3.
//! assert_eq!(outcome.gas_left, 100 - 5 * 3 - 5 - 3 - 3);
//! # Ok::<(), hebe_host_ei::Fault>(())
//! ```

mod bridge;
mod convert;
mod end;
mod instructions;
mod nested;
mod precompile;
mod rules;
mod run;

pub use end::Halted;
pub use precompile::Precompile;
pub use run::execute;
