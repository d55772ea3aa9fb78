//! A host of the Environment Interface as revm's interpreter wants one.

use std::{
    borrow::Cow,
    cell::{OnceCell, RefCell},
};

use hebe_host_ei::{AccessStatus, Bytes32, Fault, Gas, Host, Revision, StorageStatus, TxContext};
use revm_interpreter::{
    Host as RevmHost, SStoreResult, SelfDestructResult, StateLoad,
    bytecode::Bytecode,
    context_interface::{cfg::GasParams, host::LoadError, journaled_state::AccountInfoLoad},
    primitives::{Address, B256, Log, U256},
    state::AccountInfo,
};

use crate::convert::{from_address, from_word, to_address, to_u256, to_word};

/// Twice the greatest contract (EIP-3860, EIP-170).
const MOST_INIT_CODE: usize = 2 * 24_576;
/// What an account's code begins with that stands for another's (EIP-7702); the address follows.
const DELEGATION: [u8; 3] = [0xef, 0x01, 0x00];

/// The host, and what one execution keeps beside revm's interpreter.
pub(crate) struct Bridge<'h, H> {
    /// revm asks for the transaction through a shared reference.
    host: RefCell<&'h mut H>,
    tx: OnceCell<TxContext>,
    revision: Revision,
    params: GasParams,
    /// The first answer of the host that made no sense.
    pub(crate) fault: RefCell<Option<Fault>>,
    /// Refund of nested messages.
    pub(crate) refund: Gas,
    /// Where the code of the account delegates to whose call is being made; set by the first account that it loads.
    pub(crate) delegate: Option<Option<Address>>,
}

impl<'h, H: Host> Bridge<'h, H> {
    pub(crate) fn new(host: &'h mut H, revision: Revision, params: GasParams) -> Self {
        let (host, tx, fault) = (RefCell::new(host), OnceCell::new(), RefCell::new(None));
        Self { host, tx, revision, params, fault, refund: 0, delegate: None }
    }

    pub(crate) fn host(&mut self) -> &mut H {
        self.host.get_mut()
    }

    pub(crate) fn params(&self) -> &GasParams {
        &self.params
    }

    /// The transaction and the block, asked for once.
    fn tx(&self) -> &TxContext {
        self.tx.get_or_init(|| {
            let tx = self.host.borrow_mut().get_tx_context();
            if tx.block_number.min(tx.block_timestamp).min(tx.block_gas_limit) < 0 {
                self.note(Fault::Host("get_tx_context"));
            }
            tx
        })
    }

    fn note(&self, fault: Fault) {
        self.fault.borrow_mut().get_or_insert(fault);
    }

    /// Makes an account warm and says whether it was cold (EIP-2929). Nothing is cold before Berlin.
    pub(crate) fn access(&mut self, address: Address, must_be_warm: bool) -> Result<bool, LoadError> {
        if self.revision < Revision::Berlin {
            return Ok(false);
        }
        unless_skipped(self.host().access_account(&from_address(address)), must_be_warm)
    }

    fn access_slot(&mut self, address: Address, key: U256, must_be_warm: bool) -> Result<bool, LoadError> {
        if self.revision < Revision::Berlin {
            return Ok(false);
        }
        let slot = (from_address(address), from_word(key));
        unless_skipped(self.host().access_storage(&slot.0, &slot.1), must_be_warm)
    }

    /// Where an account's code delegates to (EIP-7702).
    fn delegate_of(&mut self, address: Address) -> Option<Address> {
        if self.revision < Revision::Prague {
            return None;
        }
        let mut code = [0; DELEGATION.len() + 20];
        let size = self.host().copy_code(&from_address(address), 0, &mut code);
        let target = code.strip_prefix(&DELEGATION).filter(|_| size == code.len())?;
        // Code that is longer is none.
        (self.host().get_code_size(&from_address(address)) == code.len()).then(|| Address::from_slice(target))
    }
}

fn unless_skipped(status: AccessStatus, must_be_warm: bool) -> Result<bool, LoadError> {
    let is_cold = status == AccessStatus::Cold;
    if is_cold && must_be_warm { Err(LoadError::ColdLoadSkipped) } else { Ok(is_cold) }
}

/// Values of a slot (at the start of the transaction, before and after) that cost what this status costs. For no change, and for
/// what the status has no name for, nothing is charged or refunded beyond the least.
fn values(status: StorageStatus) -> SStoreResult {
    use StorageStatus as S;
    let (original, present, new) = match status {
        S::Assigned => (1, 1, 1),
        S::Added => (0, 0, 1),
        S::Deleted => (1, 1, 0),
        S::Modified => (1, 1, 2),
        S::DeletedAdded => (1, 0, 2),
        S::ModifiedDeleted => (1, 2, 0),
        S::DeletedRestored => (1, 0, 1),
        S::AddedDeleted => (0, 1, 0),
        S::ModifiedRestored => (1, 2, 1),
    };
    let value = |n: u64| U256::from(n);
    SStoreResult { original_value: value(original), present_value: value(present), new_value: value(new) }
}

impl<H: Host> RevmHost for Bridge<'_, H> {
    fn basefee(&self) -> U256 {
        to_u256(self.tx().base_fee)
    }

    fn blob_gasprice(&self) -> U256 {
        to_u256(self.tx().blob_base_fee)
    }

    fn gas_limit(&self) -> U256 {
        U256::from(self.tx().block_gas_limit.unsigned_abs())
    }

    fn difficulty(&self) -> U256 {
        to_u256(self.tx().prev_randao)
    }

    fn prevrandao(&self) -> Option<U256> {
        Some(self.difficulty())
    }

    fn block_number(&self) -> U256 {
        U256::from(self.tx().block_number.unsigned_abs())
    }

    fn timestamp(&self) -> U256 {
        U256::from(self.tx().block_timestamp.unsigned_abs())
    }

    fn beneficiary(&self) -> Address {
        to_address(self.tx().coinbase)
    }

    /// Of a revision that EVMC 12 does not know.
    fn slot_num(&self) -> U256 {
        U256::ZERO
    }

    fn chain_id(&self) -> U256 {
        to_u256(self.tx().chain_id)
    }

    fn effective_gas_price(&self) -> U256 {
        to_u256(self.tx().gas_price)
    }

    fn caller(&self) -> Address {
        to_address(self.tx().origin)
    }

    fn blob_hash(&self, number: usize) -> Option<U256> {
        self.tx().blob_hashes.get(number).copied().map(to_word)
    }

    fn max_initcode_size(&self) -> usize {
        MOST_INIT_CODE
    }

    fn gas_params(&self) -> &GasParams {
        &self.params
    }

    fn is_amsterdam_eip8037_enabled(&self) -> bool {
        false
    }

    fn block_hash(&mut self, number: u64) -> Option<B256> {
        let number = i64::try_from(number).ok()?;
        Some(B256::new(self.host().get_block_hash(number).0))
    }

    fn selfdestruct(
        &mut self,
        address: Address,
        target: Address,
        skip_cold_load: bool,
    ) -> Result<StateLoad<SelfDestructResult>, LoadError> {
        let is_cold = self.access(target, skip_cold_load)?;
        let (address, target) = (from_address(address), from_address(target));
        let host = self.host();
        let target_exists = host.account_exists(&target);
        let had_value = !host.get_balance(&address).is_zero();
        let previously_destroyed = !host.selfdestruct(&address, &target);
        Ok(StateLoad::new(SelfDestructResult { had_value, target_exists, previously_destroyed }, is_cold))
    }

    fn log(&mut self, log: Log) {
        let topics: Vec<Bytes32> = log.data.topics().iter().map(|topic| Bytes32(topic.0)).collect();
        self.host().emit_log(&from_address(log.address), &log.data.data, &topics);
    }

    fn sstore_skip_cold_load(
        &mut self,
        address: Address,
        key: U256,
        value: U256,
        skip_cold_load: bool,
    ) -> Result<StateLoad<SStoreResult>, LoadError> {
        let is_cold = self.access_slot(address, key, skip_cold_load)?;
        let status = self.host().set_storage(&from_address(address), &from_word(key), &from_word(value));
        let Some(status) = status else {
            self.note(Fault::Host("set_storage"));
            return Err(LoadError::DBError);
        };
        Ok(StateLoad::new(values(status), is_cold))
    }

    fn sload_skip_cold_load(
        &mut self,
        address: Address,
        key: U256,
        skip_cold_load: bool,
    ) -> Result<StateLoad<U256>, LoadError> {
        let is_cold = self.access_slot(address, key, skip_cold_load)?;
        let value = self.host().get_storage(&from_address(address), &from_word(key));
        Ok(StateLoad::new(to_word(value), is_cold))
    }

    fn tstore(&mut self, address: Address, key: U256, value: U256) {
        self.host().set_transient_storage(&from_address(address), &from_word(key), &from_word(value));
    }

    fn tload(&mut self, address: Address, key: U256) -> U256 {
        to_word(self.host().get_transient_storage(&from_address(address), &from_word(key)))
    }

    /// Only calls get here: first for the account that is called, then for the one it delegates to, of which they need
    /// no more than to have paid for it. The other instructions are in [`crate::instructions`].
    fn load_account_info_skip_cold_load(
        &mut self,
        address: Address,
        _load_code: bool,
        skip_cold_load: bool,
    ) -> Result<AccountInfoLoad<'_>, LoadError> {
        let is_cold = self.access(address, skip_cold_load)?;
        let mut info = AccountInfo::default();
        if self.delegate.is_some() {
            return Ok(AccountInfoLoad { account: Cow::Owned(info), is_cold, is_empty: false });
        }
        let is_empty = !self.host().account_exists(&from_address(address));
        let delegate = self.delegate_of(address);
        self.delegate = Some(delegate);
        info.code = delegate.map(Bytecode::new_eip7702);
        Ok(AccountInfoLoad { account: Cow::Owned(info), is_cold, is_empty })
    }

    /// The balance of the account that runs, which is always warm.
    fn balance(&mut self, address: Address) -> Option<StateLoad<U256>> {
        Some(StateLoad::new(to_u256(self.host().get_balance(&from_address(address))), false))
    }
}
