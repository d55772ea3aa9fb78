//! A local Ethereum: accounts, transactions and blocks in memory, with wasm and EVM contracts side by side.
//!
//! [revm](https://github.com/bluealloy/revm) keeps the journal, applies the transaction rules and
//! runs EVM bytecode and precompiles in each revision. One of its methods is overridden: a frame whose
//! code a [`FrameVm`] takes is run by that VM, with a [`RevmHost`] to answer it. Everything
//! else (depth, transfers, nonces, addresses, code deposit, EIP-161, EIP-6780) is the same for
//! both, and calls cross from one to the other in both directions. revm's types stay inside.
//!
//! ```
//! use std::sync::Arc;
//! use hebe_host_ei::{Address, Fault, Message, Outcome, Revision, StatusCode, U256};
//! use hebe_state::{Account, Ethereum, FrameVm, RevmHost, State, Transaction};
//!
//! // A VM for "wasm" that reads its balance and spends 7 gas.
//! struct Sample;
//! impl FrameVm for Sample {
//!     fn execute(&self, _: Revision, message: Message, _: &[u8], mut host: RevmHost) -> Result<Outcome, Fault> {
//!         use hebe_host_ei::Host;
//!         let balance = host.get_balance(&message.recipient).to_big_endian().to_vec();
//!         Ok(Outcome { output: balance, ..Outcome::success(message.gas - 7) })
//!     }
//! }
//!
//! let (sender, contract) = (Address([1; 20]), Address([2; 20]));
//! let mut state = State::new();
//! state.insert(sender, Account { balance: 1_000_000.into(), ..Account::default() });
//! state.insert(contract, Account { code: b"\0asm\x01\0\0\0".to_vec().into(), ..Account::default() });
//!
//! let chain = Ethereum::new(Arc::new(Sample), Revision::Byzantium);
//! let transaction = Transaction {
//!     sender,
//!     to: Some(contract),
//!     value: 5.into(),
//!     gas_limit: 100_000,
//!     gas_price: 1,
//!     ..Transaction::default()
//! };
//! let receipt = chain.transact(&mut state, &transaction)?;
//! assert_eq!(receipt.outcome.status, StatusCode::Success);
//! assert_eq!(receipt.gas_used, 21_000 + 7);
//! assert_eq!(U256::from_big_endian(&receipt.outcome.output), 5.into());
//! assert_eq!(state.get(&sender).unwrap().balance, (1_000_000 - 21_007 - 5).into());
//! # Ok::<(), hebe_state::TxError>(())
//! ```

mod adapters;
mod chain;
mod code;
mod convert;
mod db;
mod evm;
mod host;
mod lent;
mod nested;
mod receipt;
mod state;
pub mod statetest;
mod status;
mod transaction;
mod vms;

pub use chain::{Block, BlockHashRule, Ethereum};
pub use code::Code;
pub use host::RevmHost;
pub use receipt::{Log, Receipt, TxError, logs_hash};
pub use state::{Account, Change, State};
pub use transaction::{AccessListItem, Authorization, Transaction};
pub use vms::{FailingVm, FrameVm};
