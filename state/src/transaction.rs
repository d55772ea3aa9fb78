//! A transaction whose signature is already checked.

use hebe_host_ei::{Address, Bytes32, U256};
use revm::{
    context::{TransactionType, TxEnv},
    context_interface::{
        either::Either,
        transaction::{self as eip, AccessList, SignedAuthorization},
    },
    primitives::TxKind,
};

use crate::convert::{to_address, to_b256, to_u256};

/// A transaction. Its type follows from the fields that are there: authorizations make it an EIP-7702
/// one, else blobs an EIP-4844 one, else a priority fee an EIP-1559 one, else an access list an
/// EIP-2930 one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Who signed it.
    pub sender: Address,
    /// Must be the sender's nonce.
    pub nonce: u64,
    /// The account called; `None` to create a contract.
    pub to: Option<Address>,
    /// Wei to transfer.
    pub value: U256,
    /// Call data or init code.
    pub input: Vec<u8>,
    /// Gas it may use, intrinsic gas included.
    pub gas_limit: u64,
    /// Wei per gas; the highest possible with a priority fee (EIP-1559).
    pub gas_price: u128,
    /// Wei per gas for the coinbase (EIP-1559).
    pub priority_fee: Option<u128>,
    /// The chain it is signed for (EIP-155). `None` is valid on every chain.
    pub chain_id: Option<u64>,
    /// Accounts and slots that are warm from the start (EIP-2930).
    pub access_list: Option<Vec<AccessListItem>>,
    /// Highest price of blob gas in wei (EIP-4844).
    pub max_fee_per_blob_gas: Option<u128>,
    /// Versioned hashes of the blobs (EIP-4844).
    pub blob_hashes: Vec<Bytes32>,
    /// Delegations to set (EIP-7702).
    pub authorizations: Option<Vec<Authorization>>,
}

/// An account and some of its storage slots (EIP-2930).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessListItem {
    /// The account.
    pub address: Address,
    /// The slots.
    pub storage_keys: Vec<Bytes32>,
}

/// A signed wish to run another account's code (EIP-7702).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorization {
    /// The chain it is signed for; zero for every chain.
    pub chain_id: U256,
    /// The account whose code runs; zero to end a delegation.
    pub address: Address,
    /// Must be the signer's nonce.
    pub nonce: u64,
    /// The signature: parity of y, r and s.
    pub y_parity: u8,
    /// See [`Self::y_parity`].
    pub r: U256,
    /// See [`Self::y_parity`].
    pub s: U256,
}

impl Transaction {
    fn kind(&self) -> TransactionType {
        if self.authorizations.is_some() {
            TransactionType::Eip7702
        } else if self.max_fee_per_blob_gas.is_some() {
            TransactionType::Eip4844
        } else if self.priority_fee.is_some() {
            TransactionType::Eip1559
        } else if self.access_list.is_some() {
            TransactionType::Eip2930
        } else {
            TransactionType::Legacy
        }
    }

    /// The transaction for revm, or why no revision allows it.
    pub(crate) fn to_revm(&self) -> Result<TxEnv, String> {
        let kind = self.kind();
        if self.to.is_none() && matches!(kind, TransactionType::Eip4844 | TransactionType::Eip7702) {
            return Err("a transaction with blobs or authorizations cannot create a contract".to_owned());
        }
        let authorizations = self.authorizations.iter().flatten();
        Ok(TxEnv {
            tx_type: kind as u8,
            caller: to_address(self.sender),
            gas_limit: self.gas_limit,
            gas_price: self.gas_price,
            kind: self.to.map_or(TxKind::Create, |to| TxKind::Call(to_address(to))),
            value: to_u256(self.value),
            data: self.input.clone().into(),
            nonce: self.nonce,
            chain_id: self.chain_id,
            access_list: AccessList(self.access_list.iter().flatten().map(AccessListItem::to_revm).collect()),
            gas_priority_fee: self.priority_fee,
            blob_hashes: self.blob_hashes.iter().copied().map(to_b256).collect(),
            max_fee_per_blob_gas: self.max_fee_per_blob_gas.unwrap_or(0),
            authorization_list: authorizations.map(|a| Either::Left(a.to_revm())).collect(),
        })
    }
}

impl AccessListItem {
    fn to_revm(&self) -> eip::AccessListItem {
        eip::AccessListItem {
            address: to_address(self.address),
            storage_keys: self.storage_keys.iter().copied().map(to_b256).collect(),
        }
    }
}

impl Authorization {
    fn to_revm(&self) -> SignedAuthorization {
        let inner = eip::Authorization {
            chain_id: to_u256(self.chain_id),
            address: to_address(self.address),
            nonce: self.nonce,
        };
        SignedAuthorization::new_unchecked(inner, self.y_parity, to_u256(self.r), to_u256(self.s))
    }
}
