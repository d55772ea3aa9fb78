//! The functions that a VM calls, each for any [`Host`].
//!
//! They are given a pointer to a [`Context`]. A panic of the host ends here: the VM gets a harmless
//! answer, the host is asked no more, and the execution becomes a fault.

#[cfg(test)]
mod tests;

use std::ffi::c_void;

use hebe_host_ei::{AccessStatus, Address, Bytes32, Fault, Host, StatusCode, StorageStatus, TxContext};
use hebe_vm::caught;

use crate::{
    abi, convert,
    request::message_in,
    result::{call_out, failure_out},
};

/// A host during one execution.
pub(super) struct Context<H> {
    host: H,
    /// The first thing that went wrong.
    fault: Option<Fault>,
    /// Blob hashes, to which the VM is given a pointer.
    blob_hashes: Vec<abi::Bytes32>,
}

impl<H: Host> Context<H> {
    pub(super) fn new(host: H) -> Self {
        Self { host, fault: None, blob_hashes: Vec::new() }
    }

    pub(super) fn end(self) -> (H, Option<Fault>) {
        (self.host, self.fault)
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}

/// The interface for contexts of this type.
pub(super) fn interface<H: Host>() -> &'static abi::HostInterface {
    const {
        &abi::HostInterface {
            account_exists: Some(account_exists::<H>),
            get_storage: Some(get_storage::<H>),
            set_storage: Some(set_storage::<H>),
            get_balance: Some(get_balance::<H>),
            get_code_size: Some(get_code_size::<H>),
            get_code_hash: Some(get_code_hash::<H>),
            copy_code: Some(copy_code::<H>),
            selfdestruct: Some(selfdestruct::<H>),
            call: Some(call::<H>),
            get_tx_context: Some(get_tx_context::<H>),
            get_block_hash: Some(get_block_hash::<H>),
            emit_log: Some(emit_log::<H>),
            access_account: Some(access_account::<H>),
            access_storage: Some(access_storage::<H>),
            get_transient_storage: Some(get_transient_storage::<H>),
            set_transient_storage: Some(set_transient_storage::<H>),
        }
    }
}

/// Asks the host, or gives `harmless` when something is or goes wrong. `None`: a pointer that leads
/// nowhere, or what the question itself has made a fault.
///
/// # Safety
/// `context` is a [`Context<H>`] that nothing else uses now.
unsafe fn ask<H: Host, T>(
    context: *mut c_void,
    harmless: T,
    question: impl FnOnce(&mut Context<H>) -> Option<T>,
) -> T {
    // SAFETY: the caller's promise.
    let context = unsafe { &mut *context.cast::<Context<H>>() };
    if context.fault.is_some() {
        return harmless;
    }
    // Whatever a panic leaves of the host is asked no more, only handed back.
    let nothing = || Fault::Engine("the VM gave its host a pointer to nothing".to_owned());
    match caught(|| question(context).ok_or_else(nothing)) {
        Ok(answer) => answer,
        Err(fault) => {
            context.fail(fault);
            harmless
        }
    }
}

/// # Safety
/// A pointer that is not null points to an address.
unsafe fn address(pointer: *const abi::Address) -> Option<Address> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_ref() }.map(convert::address_in)
}

/// # Safety
/// A pointer that is not null points to a word.
unsafe fn word(pointer: *const abi::Bytes32) -> Option<Bytes32> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_ref() }.map(convert::word_in)
}

const NO: u8 = 0;
const ZERO: abi::Bytes32 = abi::Bytes32 { bytes: [0; 32] };

unsafe extern "C" fn account_exists<H: Host>(context: *mut c_void, account: *const abi::Address) -> u8 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        ask::<H, _>(context, NO, |c| Some(c.host.account_exists(&account?).into()))
    }
}

unsafe extern "C" fn get_storage<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    key: *const abi::Bytes32,
) -> abi::Bytes32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, key) = (address(account), word(key));
        ask::<H, _>(context, ZERO, |c| Some(convert::word_out(&c.host.get_storage(&account?, &key?))))
    }
}

unsafe extern "C" fn set_storage<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    key: *const abi::Bytes32,
    value: *const abi::Bytes32,
) -> i32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, key, value) = (address(account), word(key), word(value));
        ask::<H, _>(context, StorageStatus::Assigned as i32, |c| {
            let status = c.host.set_storage(&account?, &key?, &value?);
            if status.is_none() {
                c.fail(Fault::Host("set_storage"));
            }
            Some(status? as i32)
        })
    }
}

unsafe extern "C" fn get_balance<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
) -> abi::Bytes32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        ask::<H, _>(context, ZERO, |c| Some(convert::number_out(c.host.get_balance(&account?))))
    }
}

unsafe extern "C" fn get_code_size<H: Host>(context: *mut c_void, account: *const abi::Address) -> usize {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        ask::<H, _>(context, 0, |c| Some(c.host.get_code_size(&account?)))
    }
}

unsafe extern "C" fn get_code_hash<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
) -> abi::Bytes32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        ask::<H, _>(context, ZERO, |c| Some(convert::word_out(&c.host.get_code_hash(&account?))))
    }
}

unsafe extern "C" fn copy_code<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    offset: usize,
    buffer: *mut u8,
    size: usize,
) -> usize {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        let buffer = convert::items_mut(buffer, size);
        ask::<H, _>(context, 0, |c| Some(c.host.copy_code(&account?, offset, buffer?).min(size)))
    }
}

unsafe extern "C" fn selfdestruct<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    beneficiary: *const abi::Address,
) -> u8 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, beneficiary) = (address(account), address(beneficiary));
        ask::<H, _>(context, NO, |c| Some(c.host.selfdestruct(&account?, &beneficiary?).into()))
    }
}

unsafe extern "C" fn call<H: Host>(
    context: *mut c_void,
    message: *const abi::Message,
) -> abi::ExecutionResult {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let message = message.as_ref().map(|message| message_in(message));
        ask::<H, _>(context, failure_out(StatusCode::InternalError), |c| {
            let result = c.host.call(&message?.ok()?);
            if (result.status as i32) < 0 {
                c.fail(Fault::NestedCall(result.status));
            }
            Some(call_out(result))
        })
    }
}

unsafe extern "C" fn get_tx_context<H: Host>(context: *mut c_void) -> abi::TxContext {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        ask::<H, _>(context, convert::tx_context_out(&TxContext::default(), &[]), |c| {
            let tx = c.host.get_tx_context();
            c.blob_hashes = tx.blob_hashes.iter().map(convert::word_out).collect();
            Some(convert::tx_context_out(&tx, &c.blob_hashes))
        })
    }
}

unsafe extern "C" fn get_block_hash<H: Host>(context: *mut c_void, number: i64) -> abi::Bytes32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe { ask::<H, _>(context, ZERO, |c| Some(convert::word_out(&c.host.get_block_hash(number)))) }
}

unsafe extern "C" fn emit_log<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    data: *const u8,
    size: usize,
    topics: *const abi::Bytes32,
    count: usize,
) {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        let (data, topics) = (convert::items(data, size), convert::items(topics, count));
        ask::<H, _>(context, (), |c| {
            let topics: Vec<_> = topics?.iter().map(convert::word_in).collect();
            c.host.emit_log(&account?, data?, &topics);
            Some(())
        });
    }
}

unsafe extern "C" fn access_account<H: Host>(context: *mut c_void, account: *const abi::Address) -> i32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let account = address(account);
        ask::<H, _>(context, AccessStatus::Cold as i32, |c| Some(c.host.access_account(&account?) as i32))
    }
}

unsafe extern "C" fn access_storage<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    key: *const abi::Bytes32,
) -> i32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, key) = (address(account), word(key));
        ask::<H, _>(context, AccessStatus::Cold as i32, |c| {
            Some(c.host.access_storage(&account?, &key?) as i32)
        })
    }
}

unsafe extern "C" fn get_transient_storage<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    key: *const abi::Bytes32,
) -> abi::Bytes32 {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, key) = (address(account), word(key));
        ask::<H, _>(context, ZERO, |c| {
            Some(convert::word_out(&c.host.get_transient_storage(&account?, &key?)))
        })
    }
}

unsafe extern "C" fn set_transient_storage<H: Host>(
    context: *mut c_void,
    account: *const abi::Address,
    key: *const abi::Bytes32,
    value: *const abi::Bytes32,
) {
    // SAFETY: EVMC: the VM passes our context back, and pointers that are good during this call.
    unsafe {
        let (account, key, value) = (address(account), word(key), word(value));
        ask::<H, _>(context, (), |c| {
            c.host.set_transient_storage(&account?, &key?, &value?);
            Some(())
        });
    }
}
