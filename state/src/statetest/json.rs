//! The files' format.

use std::collections::BTreeMap;

use hebe_host_ei::{Address, Bytes32};
use k256::ecdsa::SigningKey;
use revm::primitives::keccak256;
use serde::Deserialize;

use super::{
    Case, Indexes, ParseError, StateTest,
    hex::{HexAddress, HexBytes, HexNumber, HexWord},
};
use crate::{AccessListItem, Account, Authorization, Block, State, Transaction};

#[derive(Deserialize)]
struct JsonTest {
    env: JsonEnv,
    pre: BTreeMap<HexAddress, JsonAccount>,
    transaction: JsonTransaction,
    post: BTreeMap<String, Vec<JsonPost>>,
    #[serde(default)]
    config: JsonConfig,
}

#[derive(Default, Deserialize)]
struct JsonConfig {
    chainid: Option<HexNumber>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonEnv {
    current_coinbase: HexAddress,
    current_number: HexNumber,
    current_timestamp: HexNumber,
    current_gas_limit: HexNumber,
    current_difficulty: Option<HexNumber>,
    current_random: Option<HexWord>,
    current_base_fee: Option<HexNumber>,
    current_excess_blob_gas: Option<HexNumber>,
    parent_excess_blob_gas: Option<HexNumber>,
    parent_blob_gas_used: Option<HexNumber>,
}

#[derive(Deserialize)]
struct JsonAccount {
    nonce: HexNumber,
    balance: HexNumber,
    code: HexBytes,
    storage: BTreeMap<HexWord, HexWord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonTransaction {
    data: Vec<HexBytes>,
    gas_limit: Vec<HexNumber>,
    value: Vec<HexNumber>,
    nonce: HexNumber,
    to: Option<HexBytes>,
    secret_key: Option<HexWord>,
    sender: Option<HexAddress>,
    gas_price: Option<HexNumber>,
    max_fee_per_gas: Option<HexNumber>,
    max_priority_fee_per_gas: Option<HexNumber>,
    access_lists: Option<Vec<Option<Vec<JsonAccess>>>>,
    max_fee_per_blob_gas: Option<HexNumber>,
    #[serde(default)]
    blob_versioned_hashes: Vec<HexWord>,
    authorization_list: Option<Vec<JsonAuthorization>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonAccess {
    address: HexAddress,
    storage_keys: Vec<HexWord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonAuthorization {
    chain_id: HexNumber,
    address: HexAddress,
    nonce: HexNumber,
    /// Some files have one of the two, some both.
    v: Option<HexNumber>,
    y_parity: Option<HexNumber>,
    r: HexNumber,
    s: HexNumber,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonPost {
    hash: HexWord,
    logs: Option<HexWord>,
    indexes: JsonIndexes,
    expect_exception: Option<String>,
    state: Option<BTreeMap<HexAddress, JsonAccount>>,
}

#[derive(Deserialize)]
struct JsonIndexes {
    data: usize,
    gas: usize,
    value: usize,
}

pub(super) fn parse(file: &str, text: &str) -> Result<Vec<StateTest>, ParseError> {
    let tests: BTreeMap<String, JsonTest> = serde_json::from_str(text).map_err(|error| ParseError::Json {
        file: file.to_owned(),
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })?;
    let tests = tests.into_iter().map(|(name, test)| {
        let error = |message| ParseError::Test { file: file.to_owned(), test: name.clone(), message };
        test.into_test(&name).map_err(error)
    });
    tests.collect()
}

impl JsonTest {
    fn into_test(self, name: &str) -> Result<StateTest, String> {
        let sender = self.transaction.sender()?;
        let to = self.transaction.to()?;
        let mut cases = Vec::new();
        for (fork, posts) in self.post {
            for (number, post) in posts.into_iter().enumerate() {
                let indexes = Indexes::from(post.indexes);
                let transaction = self.transaction.at(indexes, sender, to);
                let transaction = transaction.ok_or_else(|| {
                    format!("post.{fork}[{number}]: {indexes:?} is not in the lists of the transaction")
                })?;
                let fork = fork.clone();
                let (root, logs_hash, expect_exception) =
                    (post.hash.0, post.logs.map(|logs| logs.0), post.expect_exception);
                let post = post.state.map(to_state).transpose()?;
                cases.push(Case { fork, indexes, transaction, root, logs_hash, expect_exception, post });
            }
        }
        let chain_id = self.config.chainid.map_or(1, HexNumber::saturating_u64);
        Ok(StateTest {
            name: name.to_owned(),
            block: self.env.into(),
            chain_id,
            pre: to_state(self.pre)?,
            cases,
        })
    }
}

impl From<JsonIndexes> for Indexes {
    fn from(JsonIndexes { data, gas, value }: JsonIndexes) -> Self {
        Self { data, gas, value }
    }
}

impl From<JsonEnv> for Block {
    fn from(env: JsonEnv) -> Self {
        // Fills for London without a base fee meant 10 wei, the default of the tool that wrote them.
        let base_fee = env.current_base_fee.map_or(10, HexNumber::saturating_u64);
        let amount = |gas: Option<HexNumber>| gas.map_or(0, HexNumber::saturating_u64);
        // EIP-4844, with Cancun's target of three blobs: later tests write the excess itself.
        let parent = amount(env.parent_excess_blob_gas).saturating_add(amount(env.parent_blob_gas_used));
        let from_parent = parent.saturating_sub(3 << 17);
        Self {
            number: env.current_number.saturating_u64(),
            timestamp: env.current_timestamp.saturating_u64(),
            gas_limit: env.current_gas_limit.saturating_u64(),
            coinbase: env.current_coinbase.0,
            difficulty: env.current_difficulty.and_then(|difficulty| difficulty.0).unwrap_or_default(),
            prev_randao: env.current_random.map_or(Bytes32::ZERO, |random| random.0),
            base_fee,
            excess_blob_gas: env.current_excess_blob_gas.map_or(from_parent, HexNumber::saturating_u64),
        }
    }
}

fn to_state(accounts: BTreeMap<HexAddress, JsonAccount>) -> Result<State, String> {
    let mut state = State::new();
    for (HexAddress(address), account) in accounts {
        let too_large = |what| format!("the {what} of {address} is too large");
        let nonce = account.nonce.to_u64().ok_or_else(|| too_large("nonce"))?;
        let balance = account.balance.0.ok_or_else(|| too_large("balance"))?;
        let storage = account.storage.into_iter().map(|(key, value)| (key.0, value.0));
        let storage = storage.filter(|(_, value)| !value.is_zero()).collect();
        state.insert(address, Account { nonce, balance, code: account.code.0.into(), storage });
    }
    Ok(state)
}

impl JsonTransaction {
    /// The owner of the secret key, or the sender that is written there.
    fn sender(&self) -> Result<Address, String> {
        match (self.secret_key, self.sender) {
            (Some(HexWord(key)), _) => address_of_key(&key.0),
            (None, Some(HexAddress(sender))) => Ok(sender),
            (None, None) => Err("the transaction has neither a secretKey nor a sender".to_owned()),
        }
    }

    fn to(&self) -> Result<Option<Address>, String> {
        match self.to.as_ref().map_or(&[][..], |HexBytes(to)| to) {
            [] => Ok(None),
            to => to
                .try_into()
                .map(|to| Some(Address(to)))
                .map_err(|_| format!("the transaction's `to` has {} bytes, not 20", to.len())),
        }
    }

    /// The transaction at positions in the lists. `None` if there is no such position; an inner error if one of
    /// its numbers is too large for a transaction.
    fn at(&self, at: Indexes, sender: Address, to: Option<Address>) -> Option<Result<Transaction, String>> {
        let HexBytes(input) = self.data.get(at.data)?.clone();
        let (gas_limit, value) = (*self.gas_limit.get(at.gas)?, *self.value.get(at.value)?);
        let access_list = match &self.access_lists {
            Some(lists) => lists.get(at.data)?.as_ref(),
            None => None,
        };
        let price = self.max_fee_per_gas.or(self.gas_price);
        let transaction = || {
            Ok(Transaction {
                sender,
                nonce: self.nonce.to_u64().ok_or("its nonce has more than 64 bits")?,
                to,
                value: value.0.ok_or("its value has more than 256 bits")?,
                input,
                gas_limit: gas_limit.to_u64().ok_or("its gas limit has more than 64 bits")?,
                gas_price: price.ok_or("it has no gas price")?.saturating_u128(),
                priority_fee: self.max_priority_fee_per_gas.map(HexNumber::saturating_u128),
                chain_id: None,
                access_list: access_list.map(|list| list.iter().map(AccessListItem::from).collect()),
                max_fee_per_blob_gas: self.max_fee_per_blob_gas.map(HexNumber::saturating_u128),
                blob_hashes: self.blob_versioned_hashes.iter().map(|hash| hash.0).collect(),
                authorizations: match &self.authorization_list {
                    Some(list) => Some(list.iter().map(Authorization::try_from).collect::<Result<_, _>>()?),
                    None => None,
                },
            })
        };
        Some(transaction().map_err(|error: &str| error.to_owned()))
    }
}

impl From<&JsonAccess> for AccessListItem {
    fn from(item: &JsonAccess) -> Self {
        let storage_keys = item.storage_keys.iter().map(|key| key.0).collect();
        Self { address: item.address.0, storage_keys }
    }
}

impl TryFrom<&JsonAuthorization> for Authorization {
    type Error = &'static str;

    fn try_from(json: &JsonAuthorization) -> Result<Self, &'static str> {
        const TOO_LARGE: &str = "a number of an authorization is too large";
        let parity = json.y_parity.or(json.v).ok_or("an authorization has neither a yParity nor a v")?;
        Ok(Self {
            chain_id: json.chain_id.0.ok_or(TOO_LARGE)?,
            address: json.address.0,
            nonce: json.nonce.to_u64().ok_or(TOO_LARGE)?,
            y_parity: parity.to_u64().and_then(|v| v.try_into().ok()).ok_or(TOO_LARGE)?,
            r: json.r.0.ok_or(TOO_LARGE)?,
            s: json.s.0.ok_or(TOO_LARGE)?,
        })
    }
}

/// The last 20 bytes of the Keccak-256 of the public key (Yellow Paper, appendix F).
fn address_of_key(key: &[u8; 32]) -> Result<Address, String> {
    let key = SigningKey::from_slice(key).map_err(|_| "the secretKey is no private key".to_owned())?;
    let point = key.verifying_key().to_encoded_point(false);
    let hash = keccak256(&point.as_bytes()[1..]);
    let mut address = Address::default();
    address.0.copy_from_slice(&hash[12..]);
    Ok(address)
}
