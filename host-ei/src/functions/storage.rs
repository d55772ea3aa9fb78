//! The storage of the account that runs.

use crate::{Fault, Guest, Halt, Host, Stop};

/// `storageStore(key, value)`: writes a slot; both are 32 bytes as they are.
///
/// A slot that goes from zero to another value costs more, one that goes to zero earns a refund
/// (Yellow Paper, appendix H, SSTORE).
pub fn storage_store<H: Host>(g: &mut Guest<'_, H>, key: i32, value: i32) -> Result<(), Stop> {
    g.charge(g.frame.schedule.storage_store)?;
    g.forbid_static()?;
    let (key, value) = (g.bytes32(key)?, g.bytes32(value)?);
    let account = g.frame.message.recipient;
    let was_zero = g.frame.host.get_storage(&account, &key).is_zero();
    if was_zero && !value.is_zero() {
        g.charge(g.frame.schedule.storage_add)?;
    }
    g.frame.host.set_storage(&account, &key, &value).ok_or(Fault::Host("set_storage"))?;
    if !was_zero && value.is_zero() {
        g.frame.add_refund(g.frame.schedule.storage_clear_refund);
    }
    Ok(())
}

/// `storageLoad(key, result)`: writes the 32 bytes of a slot, zeros if it was never set.
pub fn storage_load<H: Host>(g: &mut Guest<'_, H>, key: i32, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.storage_load)?;
    let key = g.bytes32(key)?;
    let value = g.frame.host.get_storage(&g.frame.message.recipient, &key);
    g.write(result, &value.0)
}
