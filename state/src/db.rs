//! A [`State`] as revm reads it, and the way back.

use std::{convert::Infallible, sync::Arc};

use hebe_host_ei::{Address, Revision};
use revm::{
    Database,
    bytecode::Bytecode,
    primitives::{Address as RAddress, B256, StorageKey, StorageValue},
    state::{Account as RAccount, AccountInfo, EvmState},
};

use crate::{
    Account, BlockHashRule, State,
    convert::{from_address, from_u256, from_word, to_b256, to_u256, to_word},
};

/// The state before a transaction. revm collects the changes beside it.
pub(crate) struct Db {
    pub(crate) state: Arc<State>,
    pub(crate) revision: Revision,
    pub(crate) block_hash: BlockHashRule,
}

impl Database for Db {
    type Error = Infallible;

    fn basic(&mut self, address: RAddress) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.state.get(&from_address(address)).map(|account| {
            let code = match &account.code.0 {
                // revm follows a delegation at every revision.
                code if code.is_eip7702() && self.revision < Revision::Prague => {
                    Bytecode::new_legacy(code.original_bytes())
                }
                code => code.clone(),
            };
            AccountInfo::new(to_u256(account.balance), account.nonce, code.hash_slow(), code)
        }))
    }

    fn code_by_hash(&mut self, _: B256) -> Result<Bytecode, Infallible> {
        unreachable!("every account comes with its code")
    }

    fn storage(&mut self, address: RAddress, key: StorageKey) -> Result<StorageValue, Infallible> {
        let account = self.state.get(&from_address(address));
        let value = account.and_then(|account| account.storage.get(&from_word(key)));
        Ok(value.map_or(StorageValue::ZERO, |value| to_word(*value)))
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        Ok(to_b256((self.block_hash)(number)))
    }
}

impl State {
    /// Takes over what a transaction changed.
    pub(crate) fn apply(&mut self, changes: EvmState) {
        for (address, changed) in changes {
            let address = from_address(address);
            if !changed.is_touched() {
                continue;
            }
            // Before EIP-161, revm marks the touched empty accounts that stay as created.
            if changed.is_selfdestructed() || (changed.is_empty() && !changed.is_created()) {
                self.remove(&address);
            } else {
                self.update(address, changed);
            }
        }
    }

    fn update(&mut self, address: Address, changed: RAccount) {
        let account = self.account_mut(address);
        if changed.is_created() {
            *account = Account::default();
        }
        account.nonce = changed.info.nonce;
        account.balance = from_u256(changed.info.balance);
        let code = changed.info.code.unwrap_or_default();
        if *code.original_byte_slice() != *account.code {
            account.code = code.original_byte_slice().into();
        }
        for (key, slot) in changed.storage {
            match slot.present_value {
                StorageValue::ZERO => account.storage.remove(&from_word(key)),
                value => account.storage.insert(from_word(key), from_word(value)),
            };
        }
    }
}
