//! What a VM that runs a frame may ask.

use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Fault, Host, Message, Revision, StorageStatus, TxContext,
    U256,
};
use revm::{
    Database,
    context_interface::{Block, JournalTr, Transaction},
    primitives::{Address as RAddress, Log, LogData},
    state::{Account as RAccount, AccountInfo},
};

use crate::{
    convert::{from_address, from_b256, from_u256, from_word, to_address, to_b256, to_i64, to_word},
    evm::{Evm, Inner},
    lent::{self, Slot},
};

/// The local Ethereum as the client of a VM.
///
/// It belongs to one execution on one thread; used elsewhere or later, it panics. Reading never makes an account or a
/// slot warm: only the `access_` functions and nested messages do (EIP-2929).
#[derive(Debug)]
pub struct RevmHost {
    slot: Slot,
}

impl RevmHost {
    pub(crate) const fn new(slot: Slot) -> Self {
        Self { slot }
    }

    fn ask<R>(&self, answer: impl FnOnce(&mut Evm) -> R) -> R {
        lent::with(self.slot, answer)
    }

    /// Changes the state, which a static frame must not: that is the VM's to prevent.
    fn change<R: Default>(&self, change: impl FnOnce(&mut Inner) -> R) -> R {
        self.ask(|evm| {
            if evm.top().interpreter.runtime_flag.is_static {
                evm.stop(Fault::Engine("the VM let a static call change the state".to_owned()));
                return R::default();
            }
            change(evm)
        })
    }
}

impl Host for RevmHost {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.ask(|evm| evm.exists(to_address(*address)))
    }

    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.ask(|evm| evm.storage(to_address(*address), *key))
    }

    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        self.change(|evm| {
            let journal = &mut evm.revm.ctx.journaled_state;
            let Ok(stored) = journal.sstore(to_address(*address), to_word(*key), to_word(*value));
            if evm.vm.host_refunds() {
                let net = evm.revision >= Revision::Istanbul;
                evm.host_refund += evm.revm.ctx.cfg.gas_params.sstore_refund(net, &stored);
            }
            let (original, present) = (from_word(stored.original_value), from_word(stored.present_value));
            Some(StorageStatus::of(&original, &present, value))
        })
    }

    fn get_balance(&mut self, address: &Address) -> U256 {
        self.ask(|evm| from_u256(evm.account(to_address(*address)).balance))
    }

    fn get_code_size(&mut self, address: &Address) -> usize {
        self.ask(|evm| evm.account(to_address(*address)).code.map_or(0, |code| code.len()))
    }

    fn get_code_hash(&mut self, address: &Address) -> Bytes32 {
        self.ask(|evm| {
            let address = to_address(*address);
            if evm.exists(address) { from_b256(evm.account(address).code_hash) } else { Bytes32::ZERO }
        })
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        let code = self.ask(|evm| evm.account(to_address(*address)).code).unwrap_or_default();
        let rest = code.original_byte_slice().get(offset..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        length
    }

    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        self.change(|evm| {
            let (address, beneficiary) = (to_address(*address), to_address(*beneficiary));
            let journal = &mut evm.revm.ctx.journaled_state;
            let Ok(_) = journal.load_account(address);
            let Ok(destroyed) = journal.selfdestruct(address, beneficiary, false) else { return false };
            let is_new = !destroyed.previously_destroyed;
            if is_new && evm.vm.host_refunds() {
                evm.host_refund += evm.revm.ctx.cfg.gas_params.selfdestruct_refund();
            }
            is_new
        })
    }

    fn call(&mut self, message: &Message) -> CallResult {
        self.ask(|evm| evm.call(message))
    }

    fn get_tx_context(&mut self) -> TxContext {
        self.ask(|evm| evm.tx_context())
    }

    fn get_block_hash(&mut self, number: i64) -> Bytes32 {
        self.ask(|evm| evm.block_hash(number))
    }

    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]) {
        self.change(|evm| {
            let topics = topics.iter().copied().map(to_b256).collect();
            let data = LogData::new_unchecked(topics, data.to_vec().into());
            evm.revm.ctx.journaled_state.log(Log { address: to_address(*address), data });
        });
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        self.ask(|evm| {
            let Ok(loaded) = evm.revm.ctx.journaled_state.load_account(to_address(*address));
            access_status(loaded.is_cold)
        })
    }

    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus {
        self.ask(|evm| {
            let Ok(loaded) = evm.revm.ctx.journaled_state.sload(to_address(*address), to_word(*key));
            access_status(loaded.is_cold)
        })
    }

    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.ask(|evm| from_word(evm.revm.ctx.journaled_state.tload(to_address(*address), to_word(*key))))
    }

    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) {
        self.change(|evm| {
            let journal = &mut evm.revm.ctx.journaled_state;
            journal.tstore(to_address(*address), to_word(*key), to_word(*value));
        });
    }
}

fn access_status(is_cold: bool) -> AccessStatus {
    if is_cold { AccessStatus::Cold } else { AccessStatus::Warm }
}

impl Inner {
    /// EIP-161 from Spurious Dragon on; before, an empty account exists too.
    fn exists(&mut self, address: RAddress) -> bool {
        let spec = self.revm.ctx.cfg.spec;
        let (db, accounts) = self.revm.ctx.journaled_state.db_and_state_mut();
        match accounts.get(&address) {
            Some(account) => !account.state_clear_aware_is_empty(spec),
            None => {
                let Ok(info) = db.basic(address);
                info.is_some_and(|info| self.revision < Revision::SpuriousDragon || !info.is_empty())
            }
        }
    }

    fn account(&mut self, address: RAddress) -> AccountInfo {
        let (db, accounts) = self.revm.ctx.journaled_state.db_and_state_mut();
        match accounts.get(&address) {
            Some(account) => account.info.clone(),
            None => {
                let Ok(info) = db.basic(address);
                info.unwrap_or_default()
            }
        }
    }

    fn storage(&mut self, address: RAddress, key: Bytes32) -> Bytes32 {
        let (db, accounts) = self.revm.ctx.journaled_state.db_and_state_mut();
        let account = accounts.get(&address);
        match account.and_then(|account| account.storage.get(&to_word(key))) {
            Some(slot) => from_word(slot.present_value),
            // A new contract has nothing to do with what was stored there before.
            None if account.is_some_and(RAccount::is_created) => Bytes32::ZERO,
            None => {
                let Ok(value) = db.storage(address, to_word(key));
                from_word(value)
            }
        }
    }

    /// The last 256 blocks have a hash (Yellow Paper, appendix H.2).
    fn block_hash(&mut self, number: i64) -> Bytes32 {
        let current = self.revm.ctx.block.number.saturating_to::<u64>();
        match u64::try_from(number) {
            Ok(number) if number < current && current - number <= 256 => {
                let Ok(hash) = self.revm.ctx.journaled_state.db_mut().block_hash(number);
                from_b256(hash)
            }
            _ => Bytes32::ZERO,
        }
    }

    fn tx_context(&self) -> TxContext {
        let (tx, block) = (&self.revm.ctx.tx, &self.revm.ctx.block);
        let randao = block.prevrandao.filter(|_| self.revision >= Revision::Paris);
        TxContext {
            gas_price: tx.effective_gas_price(u128::from(block.basefee)).into(),
            origin: from_address(tx.caller),
            coinbase: from_address(block.beneficiary),
            block_number: to_i64(block.number.saturating_to()),
            block_timestamp: to_i64(block.timestamp.saturating_to()),
            block_gas_limit: to_i64(block.gas_limit),
            prev_randao: randao.map_or(from_u256(block.difficulty), |randao| from_b256(randao).to_u256()),
            chain_id: self.revm.ctx.cfg.chain_id.into(),
            base_fee: block.basefee.into(),
            blob_base_fee: block.blob_gasprice().unwrap_or(0).into(),
            blob_hashes: tx.blob_hashes.iter().copied().map(from_b256).collect(),
        }
    }
}
