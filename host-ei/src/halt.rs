//! The two ways to stop: a [`Halt`] belongs to the contract and is the same on every node; a
//! [`Fault`] belongs to this node and is never a result.

use std::{error::Error, sync::Arc};

use crate::{Gas, StatusCode};

/// A wasm trap other than `unreachable` and call stack exhaustion (wasm spec, "Runtime structure").
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trap {
    /// A load, a store, a bulk operation or a data segment outside linear memory.
    #[error("out of bounds memory access")]
    MemoryOutOfBounds,
    /// A table access, a table operation or an element segment outside a table.
    #[error("out of bounds table access")]
    TableOutOfBounds,
    /// `call_indirect` found a table element that is not set.
    #[error("indirect call of an uninitialized table element")]
    IndirectCallToNull,
    /// `call_indirect` found a function of another type.
    #[error("indirect call type mismatch")]
    BadSignature,
    /// Integer division or remainder by zero.
    #[error("integer divide by zero")]
    DivisionByZero,
    /// Integer division overflow.
    #[error("integer overflow")]
    IntegerOverflow,
}

/// How a contract ended. Deterministic: every node agrees on it, whatever its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// `main` returned.
    #[error("main returned")]
    Return,
    /// The contract called `finish`; the output is in the frame.
    #[error("finish")]
    Finish,
    /// The contract called `revert`; the output is in the frame.
    #[error("revert")]
    Revert,
    /// The contract called `selfDestruct`.
    #[error("selfDestruct")]
    SelfDestruct,
    /// Not enough gas for a charge.
    #[error("out of gas: a charge of {charge} met {left} gas left")]
    OutOfGas {
        /// The charge that could not be paid.
        charge: Gas,
        /// The gas there was.
        left: Gas,
    },
    /// Not enough gas for starting the contract.
    #[error("out of gas: starting this contract costs {charge}, and there was {left}")]
    StartNotPaid {
        /// What the start costs.
        charge: Gas,
        /// The gas there was.
        left: Gas,
    },
    /// Wasm instructions used more gas than there was.
    #[error("out of gas: the instructions cost more than there was")]
    GasExhausted,
    /// Init code that is too long, which counts as out of gas (EIP-3860).
    #[error("out of gas: {0} bytes of init code; at most 49152 are possible")]
    InitCodeTooLong(u32),
    /// A host function was pointed outside linear memory.
    #[error("{length} bytes at {offset:#x} are outside the linear memory of {size:#x} bytes")]
    MemoryOutOfBounds {
        /// First byte asked for.
        offset: u32,
        /// How many bytes.
        length: u32,
        /// Size of linear memory in bytes.
        size: u64,
    },
    /// A copy asked for more call data, code or return data than there is.
    #[error("{length} bytes at {offset} are outside a source of {size} bytes")]
    SourceOutOfBounds {
        /// First byte asked for.
        offset: u32,
        /// How many bytes.
        length: u32,
        /// Size of the source in bytes.
        size: u64,
    },
    /// A negative amount of gas.
    #[error("a negative amount of gas: {0}")]
    NegativeGas(i64),
    /// A number that the contract asked for does not fit into 128 bits.
    #[error("a value does not fit into 128 bits")]
    ValueTooWide,
    /// A change of state inside a static call.
    #[error("a change of state in a static call")]
    StaticModeViolation,
    /// `log` with more than four topics.
    #[error("log with {0} topics; at most 4 are possible")]
    TooManyTopics(u32),
    /// The wasm call stack is exhausted.
    #[error("the wasm call stack is exhausted: functions called one another too deep")]
    StackOverflow,
    /// The contract executed `unreachable`.
    #[error("wasm unreachable")]
    Unreachable,
    /// Any other wasm trap.
    #[error("wasm trap: {0}")]
    Trap(#[from] Trap),
}

impl Halt {
    /// The EVMC status of this end.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Return | Self::Finish | Self::SelfDestruct => StatusCode::Success,
            Self::Revert => StatusCode::Revert,
            Self::OutOfGas { .. }
            | Self::StartNotPaid { .. }
            | Self::GasExhausted
            | Self::InitCodeTooLong(_) => StatusCode::OutOfGas,
            Self::MemoryOutOfBounds { .. } | Self::SourceOutOfBounds { .. } => {
                StatusCode::InvalidMemoryAccess
            }
            Self::NegativeGas(_) | Self::ValueTooWide => StatusCode::ArgumentOutOfRange,
            Self::StaticModeViolation => StatusCode::StaticModeViolation,
            Self::TooManyTopics(_) => StatusCode::ContractValidationFailure,
            Self::StackOverflow => StatusCode::StackOverflow,
            Self::Unreachable => StatusCode::WasmUnreachableInstruction,
            Self::Trap(_) => StatusCode::WasmTrap,
        }
    }
}

/// A failure of this node. It becomes an internal error, on which a client abandons the whole
/// transaction; it never becomes the result of a contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The engine failed on a module that was validated.
    #[error("the engine failed: {0}")]
    Engine(String),
    /// The operating system gave no memory.
    #[error("out of memory")]
    OutOfMemory,
    /// The host's answer makes no sense.
    #[error("the host's answer to {0} makes no sense")]
    Host(&'static str),
    /// The host lacks a function.
    #[error("the host has no {0}")]
    NoHostFunction(&'static str),
    /// The VM does not run this code or this revision; another may.
    #[error("{0}")]
    Rejected(String),
    /// A nested call ended in a failure of the node.
    #[error("a nested call failed on this node: {0}")]
    NestedCall(StatusCode),
    /// A panic, caught.
    #[error("caught a panic: {0}")]
    Panic(String),
}

impl Fault {
    /// The EVMC status of this fault.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::OutOfMemory => StatusCode::OutOfMemory,
            Self::Rejected(_) => StatusCode::Rejected,
            _ => StatusCode::InternalError,
        }
    }
}

/// Why a host function does not return to the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The contract ended.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// The node failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The result of an execution.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: StatusCode,
    /// Gas that was not used; 0 for every failure but a revert.
    pub gas_left: Gas,
    /// Gas to refund, may be negative; 0 unless the status is a success.
    pub gas_refund: Gas,
    /// Output of a success or a revert, otherwise empty.
    pub output: Vec<u8>,
    /// Why it failed, for a person. Not part of the result: two outcomes that differ only here are equal.
    pub reason: Option<Arc<dyn Error + Send + Sync>>,
}

impl Outcome {
    /// A failure: no gas left, no refund, no output.
    pub fn failure(status: StatusCode, reason: impl Error + Send + Sync + 'static) -> Self {
        Self { status, reason: Some(Arc::new(reason)), ..Self::success(0) }
    }

    /// A success without output or refund.
    pub const fn success(gas_left: Gas) -> Self {
        Self { status: StatusCode::Success, gas_left, gas_refund: 0, output: Vec::new(), reason: None }
    }
}

impl PartialEq for Outcome {
    fn eq(&self, other: &Self) -> bool {
        (self.status, self.gas_left, self.gas_refund, &self.output)
            == (other.status, other.gas_left, other.gas_refund, &other.output)
    }
}

impl Eq for Outcome {}
