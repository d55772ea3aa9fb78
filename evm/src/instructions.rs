//! Instructions that ask a host of the Environment Interface for less than revm's own would.
//!
//! revm loads an account as a whole, with all its code; here each instruction asks for what it is about.

use hebe_host_ei::{Address, Host, Revision};
use revm_interpreter::{
    Instruction, InstructionContext, InstructionExecResult, InstructionResult, InstructionTable,
    bytecode::opcode,
    instruction_table,
    instructions::host::sstore_with_gas_accounting,
    interpreter::EthInterpreter,
    primitives::{Address as RAddress, U256, hardfork::SpecId},
};

use crate::{
    bridge::Bridge,
    convert::{from_address, to_u256, to_word},
};

pub(crate) type Table<'h, H> = InstructionTable<EthInterpreter, Bridge<'h, H>>;
type Context<'a, 'h, H> = InstructionContext<'a, Bridge<'h, H>, EthInterpreter>;

/// Every instruction.
pub(crate) fn table<'h, H: Host>(revision: Revision) -> Table<'h, H> {
    let mut table = instruction_table::<EthInterpreter, Bridge<'h, H>>();
    table[usize::from(opcode::BALANCE)] = Instruction::new(balance);
    table[usize::from(opcode::EXTCODESIZE)] = Instruction::new(ext_code_size);
    table[usize::from(opcode::EXTCODEHASH)] = Instruction::new(ext_code_hash);
    table[usize::from(opcode::EXTCODECOPY)] = Instruction::new(ext_code_copy);
    if revision == Revision::Constantinople {
        table[usize::from(opcode::SSTORE)] = Instruction::new(net_sstore);
    }
    table
}

fn balance<H: Host>(c: Context<'_, '_, H>) -> InstructionExecResult {
    of_account(c, |host, address| to_u256(host.get_balance(address)))
}

fn ext_code_size<H: Host>(c: Context<'_, '_, H>) -> InstructionExecResult {
    of_account(c, |host, address| U256::from(host.get_code_size(address)))
}

/// EIP-1052.
fn ext_code_hash<H: Host>(c: Context<'_, '_, H>) -> InstructionExecResult {
    if !c.interpreter.runtime_flag.spec_id.is_enabled_in(SpecId::PETERSBURG) {
        return Err(InstructionResult::NotActivated);
    }
    of_account(c, |host, address| to_word(host.get_code_hash(address)))
}

/// Replaces an address on the stack by what the host says of it.
fn of_account<H: Host>(
    mut c: Context<'_, '_, H>,
    ask: impl FnOnce(&mut H, &Address) -> U256,
) -> InstructionExecResult {
    let address = read_address(c.interpreter.stack.top().copied())?;
    charge_access(&mut c, address)?;
    let answer = ask(c.host.host(), &from_address(address));
    let top = c.interpreter.stack.top().ok_or(InstructionResult::StackUnderflow)?;
    *top = answer;
    Ok(())
}

fn ext_code_copy<H: Host>(mut c: Context<'_, '_, H>) -> InstructionExecResult {
    let operands = c.interpreter.stack.popn::<4>().ok_or(InstructionResult::StackUnderflow)?;
    let [address, to, from, length] = operands;
    let length = usize::try_from(length).map_err(|_| InstructionResult::InvalidOperandOOG)?;
    charge(&mut c, |host| host.params().extcodecopy(length))?;
    let mut place = 0;
    if length != 0 {
        place = usize::try_from(to).map_err(|_| InstructionResult::InvalidOperandOOG)?;
        c.interpreter.resize_memory(c.host.params(), place, length)?;
    }
    let address = read_address(Some(address))?;
    charge_access(&mut c, address)?;
    // Paid for, as memory is. Beyond the code there are zeros.
    let mut code = vec![0; length];
    if let Ok(from) = usize::try_from(from) {
        let copied = c.host.host().copy_code(&from_address(address), from, &mut code);
        code.truncate(copied.min(length));
    } else {
        code.clear();
    }
    c.interpreter.memory.set_data(place, 0, length, &code);
    Ok(())
}

/// SSTORE by EIP-1283.
fn net_sstore<H: Host>(c: Context<'_, '_, H>) -> InstructionExecResult {
    sstore_with_gas_accounting(c, |c, _, stored| {
        let cost = c.host.params().sstore_dynamic_gas(true, &stored.data, false);
        let refund = c.host.params().sstore_refund(true, &stored.data);
        charge(c, |_| cost)?;
        c.interpreter.gas.record_refund(refund);
        Ok(())
    })
}

fn read_address(word: Option<U256>) -> Result<RAddress, InstructionResult> {
    let word = word.ok_or(InstructionResult::StackUnderflow)?;
    Ok(RAddress::from_word(word.into()))
}

fn charge<'h, H: Host>(
    c: &mut Context<'_, 'h, H>,
    cost: impl FnOnce(&Bridge<'h, H>) -> u64,
) -> InstructionExecResult {
    let paid = c.interpreter.gas.record_regular_cost(cost(c.host));
    if paid { Ok(()) } else { Err(InstructionResult::OutOfGas) }
}

/// What a cold account costs more than a warm one (EIP-2929).
fn charge_access<H: Host>(c: &mut Context<'_, '_, H>, address: RAddress) -> InstructionExecResult {
    let cold = c.host.params().cold_account_additional_cost();
    let must_be_warm = c.interpreter.gas.remaining() < cold;
    if c.host.access(address, must_be_warm)? { charge(c, |_| cold) } else { Ok(()) }
}
