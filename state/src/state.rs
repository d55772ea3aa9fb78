//! Accounts and their root.

use std::{collections::BTreeMap, fmt};

use alloy_trie::{
    TrieAccount,
    root::{state_root_unhashed, storage_root_unhashed},
};
use hebe_host_ei::{Address, Bytes32, Revision, U256};

use crate::{
    Code,
    convert::{from_b256, to_address, to_b256, to_u256, to_word},
};

/// An account (Yellow Paper, section 4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Transactions sent, or contracts created by a contract.
    pub nonce: u64,
    /// Balance in wei.
    pub balance: U256,
    /// The contract.
    pub code: Code,
    /// Storage. A slot that is not here is zero.
    pub storage: BTreeMap<Bytes32, Bytes32>,
}

impl Account {
    /// True without nonce, balance and code (EIP-161).
    pub fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code.is_empty()
    }

    fn slot(&self, key: &Bytes32) -> Bytes32 {
        self.storage.get(key).copied().unwrap_or(Bytes32::ZERO)
    }

    fn trie_account(&self) -> TrieAccount {
        let storage = self.storage.iter().filter(|(_, value)| !value.is_zero());
        let storage = storage.map(|(key, value)| (to_b256(*key), to_word(*value)));
        let root = storage_root_unhashed(storage);
        TrieAccount::new(self.nonce, to_u256(self.balance), root, self.code.0.hash_slow())
    }
}

/// The accounts of a chain, in the order of their addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    accounts: BTreeMap<Address, Account>,
}

impl State {
    /// A state without accounts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The account at an address.
    pub fn get(&self, address: &Address) -> Option<&Account> {
        self.accounts.get(address)
    }

    /// The account at an address, new and empty if there was none.
    pub fn account_mut(&mut self, address: Address) -> &mut Account {
        self.accounts.entry(address).or_default()
    }

    /// Puts an account in place of the one that was there, which is returned.
    pub fn insert(&mut self, address: Address, account: Account) -> Option<Account> {
        self.accounts.insert(address, account)
    }

    /// Removes an account and returns it.
    pub fn remove(&mut self, address: &Address) -> Option<Account> {
        self.accounts.remove(address)
    }

    /// All accounts in the order of their addresses.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Address, &Account)> {
        self.accounts.iter()
    }

    /// The root of the Merkle Patricia trie of all accounts (Yellow Paper, section 4.1 and appendix D).
    pub fn root(&self) -> Bytes32 {
        let accounts = self.iter().map(|(address, account)| (to_address(*address), account.trie_account()));
        from_b256(state_root_unhashed(accounts))
    }

    /// What makes `after` different, in the order of addresses and of storage keys.
    pub fn diff(&self, after: &Self) -> Vec<(Address, Change)> {
        let mut addresses: Vec<&Address> = self.accounts.keys().chain(after.accounts.keys()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let mut changes = Vec::new();
        for address in addresses {
            account_changes(self.get(address), after.get(address), |change| {
                changes.push((*address, change));
            });
        }
        changes
    }

    /// Pays nothing to an account: before EIP-161 that makes it, from then on it removes an empty one.
    pub(crate) fn touch(&mut self, address: Address, revision: Revision) {
        if revision < Revision::SpuriousDragon {
            self.account_mut(address);
        } else if self.get(&address).is_some_and(Account::is_empty) {
            self.remove(&address);
        }
    }
}

fn account_changes(before: Option<&Account>, after: Option<&Account>, mut found: impl FnMut(Change)) {
    match (before, after) {
        (None, Some(_)) => found(Change::Created),
        (Some(_), None) => return found(Change::Removed),
        _ => {}
    }
    let none = Account::default();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    if before.nonce != after.nonce {
        found(Change::Nonce { before: before.nonce, after: after.nonce });
    }
    if before.balance != after.balance {
        found(Change::Balance { before: before.balance, after: after.balance });
    }
    if before.code != after.code {
        found(Change::Code { before: before.code.clone(), after: after.code.clone() });
    }
    let mut keys: Vec<&Bytes32> = before.storage.keys().chain(after.storage.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (before, after) = (before.slot(key), after.slot(key));
        if before != after {
            found(Change::Storage { key: *key, before, after });
        }
    }
}

/// One difference between two states of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The account is new. What is in it follows as changes from nothing.
    Created,
    /// The account is gone.
    Removed,
    /// Another nonce.
    Nonce {
        /// What it was.
        before: u64,
        /// What it is.
        after: u64,
    },
    /// Another balance, in wei.
    Balance {
        /// What it was.
        before: U256,
        /// What it is.
        after: U256,
    },
    /// Another code.
    Code {
        /// What it was.
        before: Code,
        /// What it is.
        after: Code,
    },
    /// Another value in a storage slot.
    Storage {
        /// Which slot.
        key: Bytes32,
        /// What it was.
        before: Bytes32,
        /// What it is.
        after: Bytes32,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("new account"),
            Self::Removed => f.write_str("account removed"),
            Self::Nonce { before, after } => write!(f, "nonce {before} -> {after}"),
            Self::Balance { before, after } => write!(f, "balance {before} -> {after}"),
            Self::Code { before, after } => write!(f, "code {before:?} -> {after:?}"),
            Self::Storage { key, before, after } => write!(f, "storage {key}: {before} -> {after}"),
        }
    }
}
