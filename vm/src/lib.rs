//! A deterministic WebAssembly VM for Ethereum contracts.
//!
//! A contract goes one way, and [`Vm::execute`] shows it on one screen: bytes → [`validate`] → [`meter`] →
//! [`engine`] → [`cache`] → run with the Ethereum Environment Interface → outcome. EVM bytecode and precompiled contracts are
//! the crate `hebe-evm`'s, if the options ask for them.
//!
//! ```
//! use hebe_host_ei::{Message, Revision, StatusCode, mock::MockHost};
//! use hebe_vm::{Config, Vm, meter::Metering};
//!
//! // A contract that returns its call data.
//! let code = wat::parse_str(r#"(module
//!     (import "ethereum" "getCallDataSize" (func $size (result i32)))
//!     (import "ethereum" "callDataCopy" (func $copy (param i32 i32 i32)))
//!     (import "ethereum" "finish" (func $finish (param i32 i32)))
//!     (memory (export "memory") 1)
//!     (func (export "main")
//!         (call $copy (i32.const 0) (i32.const 0) (call $size))
//!         (call $finish (i32.const 0) (call $size))))"#)?;
//!
//! // Host functions alone cost gas.
//! let vm = Vm::new(Config { metering: Metering::None, ..Config::default() });
//! let message = Message { gas: 1_000, input: b"hello".to_vec(), ..Message::default() };
//! let (_host, outcome) = vm.execute(Revision::Byzantium, &code, message, MockHost::default());
//!
//! let outcome = outcome?;
//! assert_eq!(outcome.status, StatusCode::Success);
//! assert_eq!(outcome.output, b"hello");
//! // Twice getCallDataSize at 2, callDataCopy of one word at 3 + 3.
//! assert_eq!(outcome.gas_left, 1_000 - 2 - 2 - 6);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod binary;
pub mod cache;
mod client;
mod describe;
pub mod engine;
mod evm;
mod fault;
pub mod meter;
mod options;
mod refusal;
pub mod schedule;
mod sentinel;
mod sink;
mod trace;
pub mod validate;
mod vm;

pub use describe::{VERSION, consensus_text, describe_json, fingerprint};
pub use fault::caught;
pub use options::{Config, Evm1Mode, OPTIONS, OptionError, OptionSpec};
pub use refusal::Refusal;
pub use sentinel::SENTINEL;
pub use vm::Vm;
