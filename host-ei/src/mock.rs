//! A host that keeps its world in maps and records what it was asked.

use std::collections::{BTreeMap, BTreeSet};

use sha3::{Digest, Keccak256};

use crate::{
    AccessStatus, Address, Bytes32, CallResult, Host, Message, StatusCode, StorageStatus, TxContext, U256,
};

/// An account of a [`MockHost`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MockAccount {
    /// Balance in wei.
    pub balance: U256,
    /// Code.
    pub code: Vec<u8>,
    /// Storage, without zero values.
    pub storage: BTreeMap<Bytes32, Bytes32>,
}

/// A log entry that a contract emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockLog {
    /// Who emitted it.
    pub address: Address,
    /// Its data.
    pub data: Vec<u8>,
    /// Its topics.
    pub topics: Vec<Bytes32>,
}

/// A host whose world is in maps. Nested calls are recorded and answered with [`MockHost::call_result`], or by
/// [`MockHost::on_call`] if there is one.
#[derive(Clone, Debug)]
pub struct MockHost {
    /// The accounts that exist.
    pub accounts: BTreeMap<Address, MockAccount>,
    /// The transaction and the block.
    pub tx_context: TxContext,
    /// Hashes of blocks.
    pub block_hashes: BTreeMap<i64, Bytes32>,
    /// The answer to every nested call.
    pub call_result: CallResult,
    /// What answers nested calls instead.
    pub on_call: Option<fn(&mut Self, &Message) -> CallResult>,
    /// Log entries so far.
    pub logs: Vec<MockLog>,
    /// Nested calls so far.
    pub calls: Vec<Message>,
    /// Self-destructions so far: who, and in whose favour.
    pub destroyed: Vec<(Address, Address)>,
    /// Answers about code and storage make no sense.
    pub talks_nonsense: bool,
    /// Storage at the start of the transaction, where it was written since.
    pub original: BTreeMap<(Address, Bytes32), Bytes32>,
    /// Transient storage (EIP-1153).
    pub transient: BTreeMap<(Address, Bytes32), Bytes32>,
    /// Accounts accessed so far (EIP-2929).
    pub warm_accounts: BTreeSet<Address>,
    /// Slots accessed so far (EIP-2929).
    pub warm_slots: BTreeSet<(Address, Bytes32)>,
}

impl Default for MockHost {
    /// No accounts; nested calls succeed, cost nothing and return nothing.
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            tx_context: TxContext::default(),
            block_hashes: BTreeMap::new(),
            call_result: CallResult {
                status: StatusCode::Success,
                gas_left: i64::MAX,
                gas_refund: 0,
                output: Vec::new(),
                create_address: Address::default(),
            },
            on_call: None,
            logs: Vec::new(),
            calls: Vec::new(),
            destroyed: Vec::new(),
            talks_nonsense: false,
            original: BTreeMap::new(),
            transient: BTreeMap::new(),
            warm_accounts: BTreeSet::new(),
            warm_slots: BTreeSet::new(),
        }
    }
}

impl Host for MockHost {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.accounts.contains_key(address)
    }

    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.accounts.get(address).and_then(|account| account.storage.get(key)).copied().unwrap_or_default()
    }

    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        let current = self.get_storage(address, key);
        let original = *self.original.entry((*address, *key)).or_insert(current);
        let storage = &mut self.accounts.entry(*address).or_default().storage;
        if value.is_zero() {
            storage.remove(key);
        } else {
            storage.insert(*key, *value);
        }
        (!self.talks_nonsense).then(|| StorageStatus::of(&original, &current, value))
    }

    fn get_balance(&mut self, address: &Address) -> U256 {
        self.accounts.get(address).map_or(U256::zero(), |account| account.balance)
    }

    fn get_code_size(&mut self, address: &Address) -> usize {
        if self.talks_nonsense {
            return usize::MAX;
        }
        self.accounts.get(address).map_or(0, |account| account.code.len())
    }

    fn get_code_hash(&mut self, address: &Address) -> Bytes32 {
        let account = self.accounts.get(address);
        account.map_or(Bytes32::ZERO, |account| Bytes32(Keccak256::digest(&account.code).into()))
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let code = self.accounts.get(address).map_or(&[][..], |account| &account.code);
        let rest = code.get(offset..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        length
    }

    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        let is_new = self.destroyed.iter().all(|(destroyed, _)| destroyed != address);
        self.destroyed.push((*address, *beneficiary));
        is_new
    }

    fn call(&mut self, message: &Message) -> CallResult {
        self.calls.push(message.clone());
        match self.on_call {
            Some(answer) => answer(self, message),
            None => self.call_result.clone(),
        }
    }

    fn get_tx_context(&mut self) -> TxContext {
        self.tx_context.clone()
    }

    fn get_block_hash(&mut self, number: i64) -> Bytes32 {
        self.block_hashes.get(&number).copied().unwrap_or_default()
    }

    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]) {
        self.logs.push(MockLog { address: *address, data: data.to_vec(), topics: topics.to_vec() });
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        if self.warm_accounts.insert(*address) { AccessStatus::Cold } else { AccessStatus::Warm }
    }

    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus {
        if self.warm_slots.insert((*address, *key)) { AccessStatus::Cold } else { AccessStatus::Warm }
    }

    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.transient.get(&(*address, *key)).copied().unwrap_or_default()
    }

    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) {
        self.transient.insert((*address, *key), *value);
    }
}
