//! The host where it belongs: on the client's stack.

use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Host, Message, StorageStatus, TxContext, U256,
};
use hebe_stack::back;

/// A host whose every function is called on the client's stack. The host functions themselves, and all else that an
/// execution does, stay on the execution's own.
pub(crate) struct Client<H>(pub(crate) H);

macro_rules! forward {
    ($( fn $name:ident(&mut self $(, $arg:ident: $ty:ty)*) $(-> $result:ty)?; )*) => {
        impl<H: Host> Host for Client<H> {
            $( fn $name(&mut self $(, $arg: $ty)*) $(-> $result)? {
                back(|| self.0.$name($($arg),*))
            } )*
        }
    };
}

forward! {
    fn account_exists(&mut self, address: &Address) -> bool;
    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32;
    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus>;
    fn get_balance(&mut self, address: &Address) -> U256;
    fn get_code_size(&mut self, address: &Address) -> usize;
    fn get_code_hash(&mut self, address: &Address) -> Bytes32;
    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize;
    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool;
    fn call(&mut self, message: &Message) -> CallResult;
    fn get_tx_context(&mut self) -> TxContext;
    fn get_block_hash(&mut self, number: i64) -> Bytes32;
    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]);
    fn access_account(&mut self, address: &Address) -> AccessStatus;
    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus;
    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32;
    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32);
}
