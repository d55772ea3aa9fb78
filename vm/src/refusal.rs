//! What is decided before anything runs, and its outcome.

use std::sync::Arc;

use hebe_host_ei::{Gas, Outcome, StatusCode};

use crate::validate::InvalidCode;

/// Why code does not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no code; hosts execute empty init code.
    #[error("no code")]
    Empty {
        /// Gas of the message.
        gas: Gas,
    },
    /// The message has less gas than nothing.
    #[error("the message has {0} gas")]
    NegativeGas(Gas),
    /// Not even looking at the code is paid for.
    #[error("out of gas: starting {size} bytes of code costs at least {charge}, and there was {left}")]
    StartNotPaid {
        /// Bytes of the code.
        size: usize,
        /// What the base and the bytes cost.
        charge: Gas,
        /// The gas there was.
        left: Gas,
    },
    /// Four to seven bytes that begin like wasm.
    #[error("{0} bytes that begin like wasm; the header alone has 8")]
    Truncated(usize),
    /// The code is not wasm.
    #[error("the code is not wasm (with evm1mode=fallback it would be left to another VM)")]
    NotWasm,
    /// The code is not wasm and is left to another VM.
    #[error("the code is not wasm: left to another VM (evm1mode=fallback)")]
    OtherVm,
    /// The code is not a contract.
    #[error("{0}")]
    Invalid(Arc<InvalidCode>),
    /// The code that a create returned is not a contract.
    #[error("the code to deploy is not a contract: {0}")]
    InvalidDeployment(Arc<InvalidCode>),
}

impl Refusal {
    /// The one place where a refusal becomes an outcome.
    pub fn outcome(self) -> Outcome {
        let status = match self {
            Self::Empty { gas } => return Outcome::success(gas),
            Self::NegativeGas(_) | Self::StartNotPaid { .. } => StatusCode::OutOfGas,
            Self::Truncated(_) | Self::NotWasm => StatusCode::Failure,
            Self::OtherVm => StatusCode::Rejected,
            Self::Invalid(_) | Self::InvalidDeployment(_) => StatusCode::ContractValidationFailure,
        };
        Outcome::failure(status, self)
    }
}
