//! How an execution ends, in EVMC's terms.

use hebe_host_ei::{Fault, Gas, Outcome, StatusCode};
use revm_interpreter::{InstructionResult, InterpreterResult, context_interface::cfg::GasParams};

use crate::run::MEMORY_LIMIT;

/// Why bytecode or a precompile ended without success, for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Halted(pub(crate) &'static str);

/// What the interpreter ended with, as an outcome. `refund` is that of nested messages.
pub(crate) fn outcome(result: InterpreterResult, refund: Gas, params: &GasParams) -> Result<Outcome, Fault> {
    let InterpreterResult { result: end, output, gas } = result;
    let gas_left = || Gas::try_from(gas.remaining()).unwrap_or(Gas::MAX);
    if end.is_ok() {
        let gas_refund = refund.saturating_add(gas.refunded());
        return Ok(Outcome { gas_refund, output: output.to_vec(), ..Outcome::success(gas_left()) });
    }
    if end == InstructionResult::Revert {
        let reverted = Outcome::failure(StatusCode::Revert, Halted("revert"));
        return Ok(Outcome { gas_left: gas_left(), output: output.to_vec(), ..reverted });
    }
    // Only whoever could pay for that much memory learns that it is not there; to the others it is gas that lacks.
    let could_pay =
        gas.remaining().saturating_add(gas.memory().expansion_cost) > params.memory_cost(MEMORY_LIMIT / 32);
    if end == InstructionResult::MemoryLimitOOG && could_pay {
        return Err(Fault::OutOfMemory);
    }
    let (status, words) = failure(end);
    Ok(Outcome::failure(status, Halted(words)))
}

/// The status of a failure, and what it was.
fn failure(end: InstructionResult) -> (StatusCode, &'static str) {
    use InstructionResult as I;
    match end {
        I::OutOfGas => (StatusCode::OutOfGas, "out of gas"),
        I::MemoryOOG | I::MemoryLimitOOG => (StatusCode::OutOfGas, "out of gas for memory"),
        I::InvalidOperandOOG => (StatusCode::OutOfGas, "out of gas: a length or an offset beyond all memory"),
        I::ReentrancySentryOOG => {
            (StatusCode::OutOfGas, "out of gas: SSTORE wants more left than a stipend (EIP-2200)")
        }
        I::CreateInitCodeSizeLimit => (StatusCode::OutOfGas, "out of gas: init code is too long (EIP-3860)"),
        I::InvalidFEOpcode => (StatusCode::InvalidInstruction, "the invalid instruction 0xfe"),
        I::OpcodeNotFound => (StatusCode::UndefinedInstruction, "an instruction that does not exist"),
        I::NotActivated => {
            (StatusCode::UndefinedInstruction, "an instruction that does not exist in this revision")
        }
        I::InvalidJump => (StatusCode::BadJumpDestination, "a jump to where no JUMPDEST is"),
        I::StackUnderflow => (StatusCode::StackUnderflow, "too few items on the stack"),
        I::StackOverflow => (StatusCode::StackOverflow, "more than 1024 items on the stack"),
        I::OutOfOffset => (StatusCode::InvalidMemoryAccess, "RETURNDATACOPY beyond the return data"),
        I::CallNotAllowedInsideStatic => {
            (StatusCode::StaticModeViolation, "a call with a value in a static call")
        }
        I::StateChangeDuringStaticCall => {
            (StatusCode::StaticModeViolation, "a change of state in a static call")
        }
        _ => (StatusCode::Failure, "a failure without a name of its own"),
    }
}
