//! How a frame ended, in EVMC's terms.

use std::{error::Error, sync::Arc};

use hebe_host_ei::StatusCode;
use revm::interpreter::InstructionResult;

/// The end of a frame that a VM ran: revm has no name for a wasm trap, so the status is kept beside its result.
#[derive(Clone, Debug)]
pub(crate) struct VmEnd {
    pub(crate) status: StatusCode,
    pub(crate) reason: Option<Arc<dyn Error + Send + Sync>>,
}

/// What revm must do after an outcome with this status: keep the frame's changes, undo them, or take all gas too.
pub(crate) fn to_instruction_result(status: StatusCode) -> InstructionResult {
    match status {
        StatusCode::Success => InstructionResult::Return,
        StatusCode::Revert => InstructionResult::Revert,
        _ => InstructionResult::InvalidFEOpcode,
    }
}

/// The status of a frame that revm ended itself.
pub(crate) fn from_instruction_result(result: InstructionResult) -> StatusCode {
    use InstructionResult as I;
    match result {
        I::Stop | I::Return | I::SelfDestruct => StatusCode::Success,
        I::Revert => StatusCode::Revert,
        I::CallTooDeep => StatusCode::CallDepthExceeded,
        I::OutOfFunds => StatusCode::InsufficientBalance,
        I::OutOfGas
        | I::MemoryOOG
        | I::MemoryLimitOOG
        | I::PrecompileOOG
        | I::InvalidOperandOOG
        | I::CreateInitCodeSizeLimit
        | I::ReentrancySentryOOG => StatusCode::OutOfGas,
        I::InvalidFEOpcode => StatusCode::InvalidInstruction,
        I::OpcodeNotFound | I::NotActivated => StatusCode::UndefinedInstruction,
        I::InvalidJump => StatusCode::BadJumpDestination,
        I::StackUnderflow => StatusCode::StackUnderflow,
        I::StackOverflow => StatusCode::StackOverflow,
        I::OutOfOffset => StatusCode::InvalidMemoryAccess,
        I::CallNotAllowedInsideStatic | I::StateChangeDuringStaticCall => StatusCode::StaticModeViolation,
        I::PrecompileError => StatusCode::PrecompileFailure,
        I::CreateContractStartingWithEF => StatusCode::ContractValidationFailure,
        _ => StatusCode::Failure,
    }
}
