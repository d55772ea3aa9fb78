//! The client behind EVMC's host interface, as a [`Host`].

use std::{ffi::c_void, panic::resume_unwind};

use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Fault, Host, Message, StorageStatus, TxContext, U256,
};

use crate::{abi, convert, result::Received};

/// A client: its functions and the context that each of them is given.
pub(crate) struct EvmcHost {
    /// All null if the client gave no interface.
    interface: abi::HostInterface,
    context: *mut c_void,
    is_null: bool,
    asked_without_host: bool,
}

// SAFETY: `Host` wants it because an engine may keep its store, and with it a host, behind a type
// that threads share. This host lives as long as one call of `execute`, which runs, and asks the
// client, on the thread of the caller only.
unsafe impl Send for EvmcHost {}

impl EvmcHost {
    /// # Safety
    /// An interface that is not null is EVMC's, and it, its functions and the context are good as
    /// long as this host lives.
    pub(crate) unsafe fn new(interface: *const abi::HostInterface, context: *mut c_void) -> Self {
        // SAFETY: the caller's promise.
        let interface_of_client = unsafe { interface.as_ref() };
        Self {
            interface: interface_of_client.copied().unwrap_or_default(),
            context,
            is_null: interface.is_null(),
            asked_without_host: false,
        }
    }

    /// True if the contract asked the client for something and there is no client.
    pub(crate) fn was_missed(&self) -> bool {
        self.asked_without_host
    }

    /// The function, unless it is null.
    fn function<F>(&mut self, function: Option<F>, name: &'static str) -> F {
        function.unwrap_or_else(|| {
            self.asked_without_host = self.is_null;
            stop(Fault::NoHostFunction(name))
        })
    }
}

/// Ends the execution with a fault: a [`Host`] has no other way ([`hebe_vm::caught`]).
fn stop(fault: Fault) -> ! {
    resume_unwind(Box::new(fault))
}

/// Calls a function of the client. Pointers in the arguments are good until the end of the statement.
macro_rules! ask {
    ($host:ident . $function:ident ( $($argument:expr),* )) => {{
        let function = $host.function($host.interface.$function, stringify!($function));
        // SAFETY: the client's own function with the client's own context (`EvmcHost::new`), on the
        // thread on which the client called; the other arguments are pointers to values that live
        // until the function returns, or null with a size of 0.
        unsafe { function($host.context, $($argument),*) }
    }};
}

impl Host for EvmcHost {
    fn account_exists(&mut self, address: &Address) -> bool {
        ask!(self.account_exists(&convert::address_out(address))) != 0
    }

    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        let value = ask!(self.get_storage(&convert::address_out(address), &convert::word_out(key)));
        convert::word_in(&value)
    }

    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        StorageStatus::from_i32(ask!(self.set_storage(
            &convert::address_out(address),
            &convert::word_out(key),
            &convert::word_out(value)
        )))
    }

    fn get_balance(&mut self, address: &Address) -> U256 {
        convert::number_in(&ask!(self.get_balance(&convert::address_out(address))))
    }

    fn get_code_size(&mut self, address: &Address) -> usize {
        ask!(self.get_code_size(&convert::address_out(address)))
    }

    fn get_code_hash(&mut self, address: &Address) -> Bytes32 {
        convert::word_in(&ask!(self.get_code_hash(&convert::address_out(address))))
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let (data, size) = (buffer.as_mut_ptr(), buffer.len());
        let copied = ask!(self.copy_code(&convert::address_out(address), offset, data, size));
        copied.min(size)
    }

    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        ask!(self.selfdestruct(&convert::address_out(address), &convert::address_out(beneficiary))) != 0
    }

    fn call(&mut self, message: &Message) -> CallResult {
        let result = ask!(self.call(&convert::message_out(message)));
        // SAFETY: the client made the result for us, and we release it.
        let result = unsafe { Received::new(result) };
        match result.output() {
            Ok(output) => CallResult {
                status: result.status(),
                gas_left: result.fields().gas_left,
                gas_refund: result.fields().gas_refund,
                output,
                create_address: convert::address_in(&result.fields().create_address),
            },
            Err(fault) => failed_call(&fault),
        }
    }

    fn get_tx_context(&mut self) -> TxContext {
        let context = ask!(self.get_tx_context());
        // SAFETY: EVMC: what the context points to is good until the client is next called or returned to.
        let context = unsafe { convert::tx_context_in(&context) };
        context.unwrap_or_else(|| stop(Fault::Host("get_tx_context")))
    }

    fn get_block_hash(&mut self, number: i64) -> Bytes32 {
        convert::word_in(&ask!(self.get_block_hash(number)))
    }

    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]) {
        let topics: Vec<_> = topics.iter().map(convert::word_out).collect();
        ask!(self.emit_log(
            &convert::address_out(address),
            convert::pointer(data),
            data.len(),
            convert::pointer(&topics),
            topics.len()
        ));
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        access_in(ask!(self.access_account(&convert::address_out(address))))
    }

    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus {
        access_in(ask!(self.access_storage(&convert::address_out(address), &convert::word_out(key))))
    }

    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        let value = ask!(self.get_transient_storage(&convert::address_out(address), &convert::word_out(key)));
        convert::word_in(&value)
    }

    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) {
        ask!(self.set_transient_storage(
            &convert::address_out(address),
            &convert::word_out(key),
            &convert::word_out(value)
        ));
    }
}

/// A nested call whose answer makes no sense: a failure of the node.
fn failed_call(fault: &Fault) -> CallResult {
    CallResult {
        status: fault.status(),
        gas_left: 0,
        gas_refund: 0,
        output: Vec::new(),
        create_address: Address::default(),
    }
}

fn access_in(status: i32) -> AccessStatus {
    if status == AccessStatus::Cold as i32 { AccessStatus::Cold } else { AccessStatus::Warm }
}
