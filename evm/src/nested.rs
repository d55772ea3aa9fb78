//! Calls and creations: messages to the host, and what comes back into the interpreter.

use hebe_host_ei::{
    Bytes32, CallKind, CallResult, Fault, Gas, Host, MAX_CALL_DEPTH, Message, StatusCode, U256,
};
use revm_interpreter::{
    CallInput, CallInputs, CallScheme, CallValue, CreateInputs, CreateScheme, FrameInput, Interpreter,
    primitives::{Address, Bytes, U256 as RU256},
};

use crate::{
    bridge::Bridge,
    convert::{from_address, from_u256, from_word, to_address},
};

/// Makes the call for which the interpreter stopped, so that it can go on.
pub(crate) fn make<H: Host>(
    interpreter: &mut Interpreter,
    bridge: &mut Bridge<'_, H>,
    from: &Message,
    input: FrameInput,
) -> Result<(), Fault> {
    let delegate = bridge.delegate.take().flatten();
    match input {
        FrameInput::Call(call) => {
            let message = call_message(interpreter, from, &call, delegate);
            let value = call.value.transfer().unwrap_or_default();
            let result = send(interpreter, bridge, &message, from_u256(value))?;
            let success = result.as_ref().is_some_and(|result| result.status == StatusCode::Success);
            let output = output(result);
            let length = output.len().min(call.return_memory_offset.len());
            interpreter.memory.set(call.return_memory_offset.start, &output[..length]);
            interpreter.return_data.0 = output;
            push(interpreter, RU256::from(u8::from(success)));
        }
        FrameInput::Create(create) => {
            let message = create_message(from, &create);
            let result = send(interpreter, bridge, &message, message.value)?;
            let address = result.as_ref().filter(|result| result.status == StatusCode::Success);
            let address = address.map(|result| to_address(result.create_address).into_word());
            push(interpreter, address.map_or(RU256::ZERO, Into::into));
            let reverted = result.filter(|result| result.status == StatusCode::Revert);
            interpreter.return_data.0 = output(reverted);
        }
        FrameInput::Empty => return Err(Fault::Engine("the interpreter made an empty call".to_owned())),
    }
    Ok(())
}

/// Sends a message whose gas is paid and takes back what it leaves. `None` if depth or balance forbid it.
///
/// A host that says it left less than nothing or more than it was given is taken at the nearest possible amount. A
/// failure of the node below is one here too: it must not look like a result.
fn send<H: Host>(
    interpreter: &mut Interpreter,
    bridge: &mut Bridge<'_, H>,
    message: &Message,
    transfer: U256,
) -> Result<Option<CallResult>, Fault> {
    let is_made = message.depth <= MAX_CALL_DEPTH
        && (transfer.is_zero() || bridge.host().get_balance(&message.sender) >= transfer);
    if !is_made {
        interpreter.gas.erase_cost(message.gas.unsigned_abs());
        return Ok(None);
    }
    let result = bridge.host().call(message);
    if (result.status as i32) < 0 {
        return Err(Fault::NestedCall(result.status));
    }
    interpreter.gas.erase_cost(result.gas_left.clamp(0, message.gas).unsigned_abs());
    if result.status == StatusCode::Success {
        bridge.refund = bridge.refund.saturating_add(result.gas_refund);
    }
    Ok(Some(result))
}

/// What a nested message returned. A failure returns nothing.
fn output(result: Option<CallResult>) -> Bytes {
    let returns = |result: &CallResult| matches!(result.status, StatusCode::Success | StatusCode::Revert);
    result.filter(returns).map_or_else(Bytes::new, |result| result.output.into())
}

/// There is room: the instruction took more from the stack.
fn push(interpreter: &mut Interpreter, value: RU256) {
    let _ = interpreter.stack.push(value);
}

fn call_message(
    interpreter: &Interpreter,
    from: &Message,
    call: &CallInputs,
    delegate: Option<Address>,
) -> Message {
    let kind = match call.scheme {
        CallScheme::Call | CallScheme::StaticCall => CallKind::Call,
        CallScheme::CallCode => CallKind::CallCode,
        CallScheme::DelegateCall => CallKind::DelegateCall,
    };
    let input = match &call.input {
        CallInput::Bytes(bytes) => bytes.to_vec(),
        CallInput::SharedBuffer(range) if range.is_empty() => Vec::new(),
        CallInput::SharedBuffer(range) => interpreter.memory.global_slice_range(range.clone()).to_vec(),
    };
    let (CallValue::Transfer(value) | CallValue::Apparent(value)) = call.value;
    Message {
        kind,
        is_static: call.is_static,
        is_delegated: delegate.is_some(),
        depth: from.depth.saturating_add(1),
        gas: to_gas(call.gas_limit),
        recipient: from_address(call.target_address),
        sender: from_address(call.caller),
        input,
        value: from_u256(value),
        create2_salt: Bytes32::ZERO,
        code_address: from_address(delegate.unwrap_or(call.bytecode_address)),
    }
}

fn create_message(from: &Message, create: &CreateInputs) -> Message {
    let (kind, create2_salt) = match create.scheme() {
        CreateScheme::Create2 { salt } => (CallKind::Create2, from_word(salt)),
        _ => (CallKind::Create, Bytes32::ZERO),
    };
    Message {
        kind,
        depth: from.depth.saturating_add(1),
        gas: to_gas(create.gas_limit()),
        sender: from.recipient,
        input: create.init_code().to_vec(),
        value: from_u256(create.value()),
        create2_salt,
        ..Message::default()
    }
}

/// Never more than the execution's own gas, which is EVMC's, and a stipend that cost more than it is.
fn to_gas(gas: u64) -> Gas {
    Gas::try_from(gas).unwrap_or(Gas::MAX)
}
