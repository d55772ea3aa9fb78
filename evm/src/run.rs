//! One execution of bytecode.

use hebe_host_ei::{Fault, Host, Message, Outcome, Revision, StatusCode};
use revm_interpreter::{
    CallInput, InputsImpl, Interpreter, InterpreterAction, SharedMemory,
    bytecode::Bytecode,
    instructions::gas_table_spec,
    interpreter::{EthInterpreter, ExtBytecode},
    primitives::Bytes,
};

use crate::{
    bridge::Bridge,
    convert::{to_address, to_u256},
    end::{self, Halted},
    instructions, nested,
    rules::{gas_params, spec_id},
};

/// Bytes of memory that an execution may have. This much costs 137 thousand million gas, more than any block has.
pub(crate) const MEMORY_LIMIT: usize = 256 << 20;

/// Runs bytecode.
///
/// Every code and every message has an outcome, the same on every node. As in EVMC, whoever sends the message has made the
/// transfer, bumped nonces and found the code; code that a creation returns is for the sender to look at. In a creation the
/// code is the init code, and the call data is empty whatever the message's input is.
///
/// # Errors
/// A failure of this node: an answer of the host that makes no sense, a nested message that failed on this node, or memory for which
/// there is gas but which is not there. A panic of the host goes through.
pub fn execute<H: Host>(
    revision: Revision,
    code: &[u8],
    mut message: Message,
    host: &mut H,
) -> Result<Outcome, Fault> {
    if message.gas < 0 {
        return Ok(Outcome::failure(StatusCode::OutOfGas, Halted("the message has less gas than nothing")));
    }
    if code.is_empty() {
        return Ok(Outcome::success(message.gas));
    }
    if message.kind.is_create() {
        message.input = Vec::new();
    }
    let instructions = instructions::table(revision);
    let prices = gas_table_spec(spec_id(revision));
    let mut bridge = Bridge::new(host, revision, gas_params(revision));
    let mut interpreter = interpreter(revision, code, &mut message);
    loop {
        match interpreter.run_plain(&instructions, &prices, &mut bridge) {
            InterpreterAction::NewFrame(input) => {
                nested::make(&mut interpreter, &mut bridge, &message, input)?;
            }
            InterpreterAction::Return(result) => {
                let fault = bridge.fault.take();
                return fault.map_or_else(|| end::outcome(result, bridge.refund, bridge.params()), Err);
            }
        }
    }
}

/// The interpreter before its first instruction. It takes the message's input.
fn interpreter(revision: Revision, code: &[u8], message: &mut Message) -> Interpreter<EthInterpreter> {
    let input = InputsImpl {
        target_address: to_address(message.recipient),
        bytecode_address: Some(to_address(message.code_address)),
        caller_address: to_address(message.sender),
        input: CallInput::Bytes(std::mem::take(&mut message.input).into()),
        call_value: to_u256(message.value),
        depth: 0,
    };
    Interpreter::new(
        SharedMemory::new_with_memory_limit(MEMORY_LIMIT as u64),
        ExtBytecode::new(Bytecode::new_legacy(Bytes::copy_from_slice(code))),
        input,
        message.is_static,
        spec_id(revision),
        message.gas.unsigned_abs(),
    )
}
