//! The storage of the account that runs.

use crate::{Bytes32, Fault, Gas, GasSchedule, Guest, Halt, Host, Stop, StorageStatus};

/// `storageStore(key, value)`: writes a slot; both are 32 bytes as they are.
///
/// What it costs and gives back depends on what becomes of the slot: on its values before and after (Yellow Paper,
/// appendix H, SSTORE), or on the value at the start of the transaction, too (EIP-1283, EIP-2200, EIP-2929).
pub fn storage_store<H: Host>(g: &mut Guest<'_, H>, key: i32, value: i32) -> Result<(), Stop> {
    let schedule = g.frame.schedule;
    let left = g.frame.gas.left();
    if left <= schedule.storage_reserve {
        return Err(Halt::OutOfGas { charge: schedule.storage_reserve + 1, left }.into());
    }
    g.charge(schedule.storage_store)?;
    g.forbid_static()?;
    let (key, value) = (g.bytes32(key)?, g.bytes32(value)?);
    g.touch_slot(&key, schedule.storage_store_cold)?;
    if schedule.storage_change == 0 { store_gross(g, &key, &value) } else { store_net(g, &key, &value) }
}

/// Each store is paid for itself, and before it is made.
fn store_gross<H: Host>(g: &mut Guest<'_, H>, key: &Bytes32, value: &Bytes32) -> Result<(), Stop> {
    let account = g.frame.message.recipient;
    let was_zero = g.frame.host.get_storage(&account, key).is_zero();
    if was_zero && !value.is_zero() {
        g.charge(g.frame.schedule.storage_add)?;
    }
    store(g, key, value)?;
    if !was_zero && value.is_zero() {
        g.frame.add_refund(g.frame.schedule.storage_clear_refund);
    }
    Ok(())
}

/// What is paid for is what the transaction makes of the slot. Only the client knows that, when it has stored; a store that cannot be
/// paid is undone with all that the message did.
fn store_net<H: Host>(g: &mut Guest<'_, H>, key: &Bytes32, value: &Bytes32) -> Result<(), Stop> {
    let status = store(g, key, value)?;
    let (charge, refund) = net(g.frame.schedule, status);
    g.charge(charge)?;
    g.frame.add_refund(refund);
    Ok(())
}

fn store<H: Host>(g: &mut Guest<'_, H>, key: &Bytes32, value: &Bytes32) -> Result<StorageStatus, Fault> {
    let account = g.frame.message.recipient;
    g.frame.host.set_storage(&account, key, value).ok_or(Fault::Host("set_storage"))
}

/// The charge and the refund for what became of a slot.
fn net(schedule: &GasSchedule, status: StorageStatus) -> (Gas, Gas) {
    let GasSchedule { storage_add: add, storage_change: change, storage_clear_refund: clear, .. } = *schedule;
    match status {
        StorageStatus::Assigned => (0, 0),
        StorageStatus::Added => (add, 0),
        StorageStatus::Deleted => (change, clear),
        StorageStatus::Modified => (change, 0),
        StorageStatus::DeletedAdded => (0, -clear),
        StorageStatus::ModifiedDeleted => (0, clear),
        StorageStatus::DeletedRestored => (0, change - clear),
        StorageStatus::AddedDeleted => (0, add),
        StorageStatus::ModifiedRestored => (0, change),
    }
}

/// `storageLoad(key, result)`: writes the 32 bytes of a slot, zeros if it was never set.
pub fn storage_load<H: Host>(g: &mut Guest<'_, H>, key: i32, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.storage_load)?;
    let key = g.bytes32(key)?;
    g.touch_slot(&key, g.frame.schedule.cold_slot)?;
    let value = g.frame.host.get_storage(&g.frame.message.recipient, &key);
    g.write(result, &value.0)
}

/// `transientLoad(key, result)`: writes the 32 bytes of a slot of transient storage, zeros if it was never set (EIP-1153).
pub fn transient_load<H: Host>(g: &mut Guest<'_, H>, key: i32, result: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.transient)?;
    let key = g.bytes32(key)?;
    let value = g.frame.host.get_transient_storage(&g.frame.message.recipient, &key);
    g.write(result, &value.0)
}

/// `transientStore(key, value)`: writes a slot of transient storage, which is gone with the transaction (EIP-1153).
pub fn transient_store<H: Host>(g: &mut Guest<'_, H>, key: i32, value: i32) -> Result<(), Halt> {
    g.charge(g.frame.schedule.transient)?;
    g.forbid_static()?;
    let (key, value) = (g.bytes32(key)?, g.bytes32(value)?);
    g.frame.host.set_transient_storage(&g.frame.message.recipient, &key, &value);
    Ok(())
}
