//! Call data, code and return data: sizes and copies.

use crate::{Fault, Guest, Halt, Host, Stop};

use super::guest::{memory_range, source_range};

/// `getCallDataSize() -> i32`: bytes of call data; 0 in a create.
pub fn get_call_data_size<H: Host>(g: &mut Guest<'_, H>) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.message.input.len() as i32)
}

/// `callDataCopy(result, offset, length)`.
pub fn call_data_copy<H: Host>(
    g: &mut Guest<'_, H>,
    result: i32,
    offset: i32,
    length: i32,
) -> Result<(), Halt> {
    g.charge_copy(g.frame.schedule.copy, length)?;
    let (memory, frame) = g.memory_mut();
    copy(memory, &frame.message.input, result, offset, length)
}

/// `getCodeSize() -> i32`: bytes of the code that runs, as it stands in the state.
pub fn get_code_size<H: Host>(g: &mut Guest<'_, H>) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.code.len() as i32)
}

/// `codeCopy(result, offset, length)`: copies the code as it stands in the state, never as it was
/// loaded; in a create, the init code.
pub fn code_copy<H: Host>(g: &mut Guest<'_, H>, result: i32, offset: i32, length: i32) -> Result<(), Halt> {
    g.charge_copy(g.frame.schedule.copy, length)?;
    let (memory, frame) = g.memory_mut();
    copy(memory, &frame.code, result, offset, length)
}

/// `getReturnDataSize() -> i32`: bytes of the last nested call's output.
pub fn get_return_data_size<H: Host>(g: &mut Guest<'_, H>) -> Result<i32, Halt> {
    g.charge(g.frame.schedule.base)?;
    Ok(g.frame.return_data.len() as i32)
}

/// `returnDataCopy(result, offset, length)`.
pub fn return_data_copy<H: Host>(
    g: &mut Guest<'_, H>,
    result: i32,
    offset: i32,
    length: i32,
) -> Result<(), Halt> {
    g.charge_copy(g.frame.schedule.copy, length)?;
    let (memory, frame) = g.memory_mut();
    copy(memory, &frame.return_data, result, offset, length)
}

/// `getExternalCodeSize(address) -> i32`: bytes of an account's code.
pub fn get_external_code_size<H: Host>(g: &mut Guest<'_, H>, address: i32) -> Result<i32, Stop> {
    g.charge(g.frame.schedule.external_code)?;
    let address = g.address(address)?;
    g.touch_account(&address, g.frame.schedule.cold_account)?;
    let size =
        u32::try_from(g.frame.host.get_code_size(&address)).map_err(|_| Fault::Host("get_code_size"))?;
    Ok(size as i32)
}

/// `externalCodeCopy(address, result, offset, length)`: copies an account's code.
pub fn external_code_copy<H: Host>(
    g: &mut Guest<'_, H>,
    address: i32,
    result: i32,
    offset: i32,
    length: i32,
) -> Result<(), Stop> {
    g.charge_copy(g.frame.schedule.external_code, length)?;
    let address = g.address(address)?;
    g.touch_account(&address, g.frame.schedule.cold_account)?;
    let source = source_range(g.frame.host.get_code_size(&address), offset, length)?;
    let (target, host) = g.bytes_mut(result, length)?;
    if host.copy_code(&address, source.start, target) != source.len() {
        return Err(Fault::Host("copy_code").into());
    }
    Ok(())
}

/// `getExternalCodeHash(address, result)`: writes the 32 bytes of the Keccak-256 of an account's code, zeros if there
/// is no account (EIP-1052).
pub fn get_external_code_hash<H: Host>(g: &mut Guest<'_, H>, address: i32, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.external_code_hash)?;
    let address = g.address(address)?;
    g.touch_account(&address, g.frame.schedule.cold_account)?;
    let hash = g.frame.host.get_code_hash(&address);
    g.write(result, &hash.0)
}

/// Copies from a source that the frame holds, once it is paid for.
fn copy(memory: &mut [u8], source: &[u8], result: i32, offset: i32, length: i32) -> Result<(), Halt> {
    let from = source_range(source.len(), offset, length)?;
    let to = memory_range(memory.len(), result, length)?;
    memory[to].copy_from_slice(&source[from]);
    Ok(())
}
