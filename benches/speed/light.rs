//! A client that does nearly nothing, so that what is measured is the VM.

use hebe_benches::support::CODE;
use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Host, Message, StatusCode, StorageStatus, TxContext, U256,
    mock::MockHost,
};

/// The storage of one contract, and a count of its logs.
#[derive(Clone, Default)]
pub(crate) struct LightHost {
    /// A few slots, so that looking at each is the quickest, without an allocation.
    storage: [(Bytes32, Bytes32); 4],
    used: usize,
    logs: usize,
}

impl LightHost {
    /// With the contract's storage of the other host.
    pub(crate) fn new(host: &MockHost) -> Self {
        let storage = host.accounts.get(&CODE).map(|account| &account.storage);
        let mut light = Self::default();
        for (key, value) in storage.into_iter().flatten() {
            light.set_storage(&CODE, key, value);
        }
        light
    }
}

impl Host for LightHost {
    fn account_exists(&mut self, address: &Address) -> bool {
        *address == CODE
    }

    fn get_storage(&mut self, _: &Address, key: &Bytes32) -> Bytes32 {
        let slot = self.storage[..self.used].iter().find(|(known, _)| known == key);
        slot.map_or(Bytes32::ZERO, |(_, value)| *value)
    }

    fn set_storage(&mut self, _: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        match self.storage[..self.used].iter_mut().find(|(known, _)| known == key) {
            Some((_, slot)) => {
                *slot = *value;
                Some(StorageStatus::Modified)
            }
            None => {
                self.storage[self.used] = (*key, *value);
                self.used += 1;
                Some(StorageStatus::Added)
            }
        }
    }

    fn get_balance(&mut self, _: &Address) -> U256 {
        U256::zero()
    }

    fn get_code_size(&mut self, _: &Address) -> usize {
        0
    }

    fn get_code_hash(&mut self, _: &Address) -> Bytes32 {
        Bytes32::ZERO
    }

    fn copy_code(&mut self, _: &Address, _: usize, _: &mut [u8]) -> usize {
        0
    }

    fn selfdestruct(&mut self, _: &Address, _: &Address) -> bool {
        false
    }

    fn call(&mut self, _: &Message) -> CallResult {
        CallResult {
            status: StatusCode::Failure,
            gas_left: 0,
            gas_refund: 0,
            output: Vec::new(),
            create_address: Address::default(),
        }
    }

    fn get_tx_context(&mut self) -> TxContext {
        TxContext::default()
    }

    fn get_block_hash(&mut self, _: i64) -> Bytes32 {
        Bytes32::ZERO
    }

    fn emit_log(&mut self, _: &Address, _: &[u8], _: &[Bytes32]) {
        self.logs += 1;
    }

    fn access_account(&mut self, _: &Address) -> AccessStatus {
        AccessStatus::Warm
    }

    fn access_storage(&mut self, _: &Address, _: &Bytes32) -> AccessStatus {
        AccessStatus::Warm
    }

    fn get_transient_storage(&mut self, _: &Address, _: &Bytes32) -> Bytes32 {
        Bytes32::ZERO
    }

    fn set_transient_storage(&mut self, _: &Address, _: &Bytes32, _: &Bytes32) {}
}
