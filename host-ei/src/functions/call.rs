//! Nested calls and creations.

use crate::{
    Address, Bytes32, CallKind, CallResult, Fault, Gas, Guest, Halt, Host, MAX_CALL_DEPTH, Message,
    StatusCode, Stop,
};

use super::guest::{to_u128, words};

/// What a nested call or creation returns to the contract.
const SUCCESS: i32 = 0;
const FAILURE: i32 = 1;
const REVERT: i32 = 2;

/// What the code of an account that delegates begins with; an address follows (EIP-7702).
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];

/// The four kinds of call. They differ in whose name the callee acts in and in what a value means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Plain { value: i32 },
    Code { value: i32 },
    Delegate,
    Static,
}

/// `call(gas, address, value, data, length) -> i32`.
pub fn call<H: Host>(
    g: &mut Guest<'_, H>,
    gas: i64,
    address: i32,
    value: i32,
    data: i32,
    length: i32,
) -> Result<i32, Stop> {
    nested_call(g, Call::Plain { value }, gas, address, data, length)
}

/// `callCode(gas, address, value, data, length) -> i32`: another account's code, as this account.
pub fn call_code<H: Host>(
    g: &mut Guest<'_, H>,
    gas: i64,
    address: i32,
    value: i32,
    data: i32,
    length: i32,
) -> Result<i32, Stop> {
    nested_call(g, Call::Code { value }, gas, address, data, length)
}

/// `callDelegate(gas, address, data, length) -> i32`: another account's code, as this account, with
/// this message's sender and value (EIP-7).
pub fn call_delegate<H: Host>(
    g: &mut Guest<'_, H>,
    gas: i64,
    address: i32,
    data: i32,
    length: i32,
) -> Result<i32, Stop> {
    nested_call(g, Call::Delegate, gas, address, data, length)
}

/// `callStatic(gas, address, data, length) -> i32`: a call below which nothing may change the state
/// (EIP-214).
pub fn call_static<H: Host>(
    g: &mut Guest<'_, H>,
    gas: i64,
    address: i32,
    data: i32,
    length: i32,
) -> Result<i32, Stop> {
    nested_call(g, Call::Static, gas, address, data, length)
}

fn nested_call<H: Host>(
    g: &mut Guest<'_, H>,
    call: Call,
    gas: i64,
    address: i32,
    data: i32,
    length: i32,
) -> Result<i32, Stop> {
    if gas < 0 {
        return Err(Halt::NegativeGas(gas).into());
    }
    let target = g.address(address)?;
    let value = match call {
        Call::Plain { value } | Call::Code { value } => g.u128(value)?,
        Call::Delegate | Call::Static => 0,
    };
    if matches!(call, Call::Plain { .. }) && value != 0 {
        g.forbid_static()?;
    }
    let input = input(g, data, length)?;
    let schedule = g.frame.schedule;
    g.charge(schedule.call)?;
    g.touch_account(&target, schedule.cold_account)?;
    let delegate = delegate(g, &target)?;
    if g.frame.message.depth >= MAX_CALL_DEPTH {
        return Ok(early_failure(g));
    }
    let mut stipend = 0;
    if value != 0 {
        g.charge(schedule.call_value)?;
        if to_u128(g.frame.own_balance())? < value {
            return Ok(early_failure(g));
        }
        stipend = schedule.call_stipend;
    }
    if matches!(call, Call::Plain { .. }) {
        charge_new_account(g, &target, value)?;
    }
    let forwarded = forwarded(g, gas);
    g.charge(forwarded)?;
    let message = call_message(&g.frame.message, call, target, value, forwarded + stipend, input);
    let message = match delegate {
        Some(code_address) => Message { code_address, is_delegated: true, ..message },
        None => message,
    };
    let result = send(g, &message)?;
    Ok(answer(g, result.status, result.output))
}

/// A call to an account that does not exist costs more, from EIP-161 on only with a value.
fn charge_new_account<H: Host>(g: &mut Guest<'_, H>, target: &Address, value: u128) -> Result<(), Halt> {
    let schedule = g.frame.schedule;
    let charge = if value == 0 { schedule.call_empty_new_account } else { schedule.call_new_account };
    if charge != 0 && !g.frame.host.account_exists(target) {
        g.charge(charge)?;
    }
    Ok(())
}

/// The account whose code runs in place of `target`'s, if that delegates (EIP-7702); it is charged for as one that is
/// touched. Its code is not looked at: a delegation leads no further.
fn delegate<H: Host>(g: &mut Guest<'_, H>, target: &Address) -> Result<Option<Address>, Halt> {
    let schedule = g.frame.schedule;
    if schedule.delegate == 0 {
        return Ok(None);
    }
    // One byte more than a delegation has: longer code is none.
    let mut code = [0; DELEGATION.len() + 21];
    let length = g.frame.host.copy_code(target, 0, &mut code);
    let address = code[..length.min(code.len())].strip_prefix(&DELEGATION).map(<[u8; 20]>::try_from);
    let Some(Ok(address)) = address else { return Ok(None) };
    let delegate = Address(address);
    g.charge(schedule.delegate)?;
    g.touch_account(&delegate, schedule.cold_account)?;
    Ok(Some(delegate))
}

/// The message of a nested call. `is_static` is all that is inherited of the flags.
fn call_message(
    from: &Message,
    call: Call,
    target: Address,
    value: u128,
    gas: Gas,
    input: Vec<u8>,
) -> Message {
    let message = Message {
        kind: CallKind::Call,
        is_static: from.is_static || call == Call::Static,
        depth: from.depth + 1,
        gas,
        recipient: target,
        sender: from.recipient,
        input,
        value: value.into(),
        code_address: target,
        ..Message::default()
    };
    match call {
        Call::Plain { .. } | Call::Static => message,
        Call::Code { .. } => Message { kind: CallKind::CallCode, recipient: from.recipient, ..message },
        Call::Delegate => Message {
            kind: CallKind::DelegateCall,
            recipient: from.recipient,
            sender: from.sender,
            value: from.value,
            ..message
        },
    }
}

/// `create(value, data, length, result) -> i32`: creates a contract from init code and writes the 20
/// bytes of its address.
pub fn create<H: Host>(
    g: &mut Guest<'_, H>,
    value: i32,
    data: i32,
    length: i32,
    result: i32,
) -> Result<i32, Stop> {
    charge_creation(g, length, g.frame.schedule.init_code_word)?;
    g.forbid_static()?;
    let value = g.u128(value)?;
    create_with(g, CallKind::Create, value, Bytes32::ZERO, data, length, result)
}

/// `create2(value, data, length, salt, result) -> i32`: creates a contract at an address that the init code and the
/// 32 bytes of a salt decide (EIP-1014).
pub fn create2<H: Host>(
    g: &mut Guest<'_, H>,
    value: i32,
    data: i32,
    length: i32,
    salt: i32,
    result: i32,
) -> Result<i32, Stop> {
    charge_creation(g, length, g.frame.schedule.init_code_word + g.frame.schedule.create2_word)?;
    g.forbid_static()?;
    let (value, salt) = (g.u128(value)?, g.bytes32(salt)?);
    create_with(g, CallKind::Create2, value, salt, data, length, result)
}

/// The charge, and the most that init code may be (EIP-3860): both depend on arguments alone.
fn charge_creation<H: Host>(g: &mut Guest<'_, H>, length: i32, word: Gas) -> Result<(), Halt> {
    let (schedule, bytes) = (g.frame.schedule, length as u32);
    if schedule.most_init_code != 0 && Gas::from(bytes) > schedule.most_init_code {
        return Err(Halt::InitCodeTooLong(bytes));
    }
    g.charge(schedule.create + words(length) * word)
}

fn create_with<H: Host>(
    g: &mut Guest<'_, H>,
    kind: CallKind,
    value: u128,
    create2_salt: Bytes32,
    data: i32,
    length: i32,
    result: i32,
) -> Result<i32, Stop> {
    if g.frame.message.depth >= MAX_CALL_DEPTH || to_u128(g.frame.own_balance())? < value {
        return Ok(early_failure(g));
    }
    let init_code = input(g, data, length)?;
    let gas = forwarded(g, g.frame.gas.left());
    g.charge(gas)?;
    let message = Message {
        kind,
        create2_salt,
        depth: g.frame.message.depth + 1,
        gas,
        sender: g.frame.message.recipient,
        input: init_code,
        value: value.into(),
        ..Message::default()
    };
    let created = send(g, &message)?;
    let output = if created.status == StatusCode::Revert { created.output } else { Vec::new() };
    let answer = answer(g, created.status, output);
    if answer == SUCCESS {
        g.write(result, &created.create_address.0)?;
    }
    Ok(answer)
}

/// Bytes for a nested message. With a length of 0 the pointer is not looked at.
fn input<H: Host>(g: &Guest<'_, H>, data: i32, length: i32) -> Result<Vec<u8>, Stop> {
    if length == 0 { Ok(Vec::new()) } else { g.copy(data, length) }
}

/// What a nested message gets of the gas it asks for: from EIP-150 on at most all but a 64th of what is left. Before,
/// asking for more than there is was out of gas.
fn forwarded<H: Host>(g: &Guest<'_, H>, asked: Gas) -> Gas {
    let left = g.frame.gas.left();
    match g.frame.schedule.kept_part {
        0 => asked,
        part => asked.min(left - left / part),
    }
}

/// A call that is not made: depth or balance do not allow it.
fn early_failure<H: Host>(g: &mut Guest<'_, H>) -> i32 {
    g.frame.return_data = Vec::new();
    FAILURE
}

/// Sends a nested message whose gas is paid, and takes back what it leaves.
///
/// A client that says it left less than nothing or more than it was given is taken at the nearest
/// possible amount. A failure of the node below is one here too: it must not look like a result.
fn send<H: Host>(g: &mut Guest<'_, H>, message: &Message) -> Result<CallResult, Stop> {
    let result = g.frame.host.call(message);
    if (result.status as i32) < 0 {
        return Err(Fault::NestedCall(result.status).into());
    }
    g.frame.gas.give_back(result.gas_left.clamp(0, message.gas));
    if result.status == StatusCode::Success {
        g.frame.add_refund(result.gas_refund);
    }
    Ok(result)
}

/// Keeps the output and turns the status into what the contract gets.
fn answer<H: Host>(g: &mut Guest<'_, H>, status: StatusCode, output: Vec<u8>) -> i32 {
    g.frame.return_data = output;
    match status {
        StatusCode::Success => SUCCESS,
        StatusCode::Revert => REVERT,
        _ => FAILURE,
    }
}
