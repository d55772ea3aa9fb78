//! A VM whose contracts are closures, and a world to call them in.

use std::{collections::BTreeMap, sync::Arc};

use hebe_host_ei::{
    Address, Bytes32, CallKind, CallResult, Fault, Gas, Host, Message, Outcome, Revision, StatusCode, U256,
};
use hebe_state::{Account, Ethereum, FrameVm, Receipt, RevmHost, State, Transaction, TxError};

type Contract = Box<dyn Fn(&Message, &mut RevmHost) -> Result<Outcome, Fault> + Send + Sync>;

/// "Wasm" whose ninth byte is the number of a closure.
#[derive(Default)]
pub(crate) struct Script {
    contracts: BTreeMap<u8, Contract>,
    pub(crate) host_refunds: bool,
    pub(crate) forbid_deployment: bool,
}

impl Script {
    /// Adds a contract that may end as it likes.
    pub(crate) fn with(
        mut self,
        number: u8,
        contract: impl Fn(&Message, &mut RevmHost) -> Result<Outcome, Fault> + Send + Sync + 'static,
    ) -> Self {
        self.contracts.insert(number, Box::new(contract));
        self
    }

    /// Adds a contract that does something and succeeds without using gas of its own.
    pub(crate) fn free(
        self,
        number: u8,
        work: impl Fn(&Message, &mut RevmHost) + Send + Sync + 'static,
    ) -> Self {
        self.with(number, move |message, host| {
            work(message, host);
            Ok(Outcome::success(message.gas))
        })
    }
}

impl FrameVm for Script {
    fn execute(
        &self,
        _: Revision,
        message: Message,
        code: &[u8],
        mut host: RevmHost,
    ) -> Result<Outcome, Fault> {
        match code.get(8).and_then(|number| self.contracts.get(number)) {
            Some(contract) => contract(&message, &mut host),
            None => Ok(failure(StatusCode::ContractValidationFailure)),
        }
    }

    fn host_refunds(&self) -> bool {
        self.host_refunds
    }

    fn valid_deployment(&self, _: Revision, code: &[u8]) -> bool {
        !(self.forbid_deployment && code.starts_with(b"\0asm"))
    }
}

pub(crate) fn failure(status: StatusCode) -> Outcome {
    Outcome { status, ..Outcome::success(0) }
}

pub(crate) fn revert(gas_left: Gas) -> Outcome {
    Outcome { status: StatusCode::Revert, ..Outcome::success(gas_left) }
}

/// The code of a scripted contract.
pub(crate) fn wasm(number: u8) -> Vec<u8> {
    [b"\0asm\x01\0\0\0".as_slice(), &[number]].concat()
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).expect("hexadecimal digits")
}

pub(crate) fn address(hex: &str) -> Address {
    Address(bytes(hex).try_into().expect("20 bytes"))
}

pub(crate) fn word(hex: &str) -> Bytes32 {
    Bytes32(bytes(hex).try_into().expect("32 bytes"))
}

pub(crate) fn slot(number: u64) -> Bytes32 {
    number.into()
}

pub(crate) const SENDER: Address = Address([0xaa; 20]);
pub(crate) const COINBASE: Address = Address([0xcb; 20]);
/// The contracts of [`World`], by number.
pub(crate) const fn contract(number: u8) -> Address {
    Address([number; 20])
}

/// A sender with one ether and contracts at the addresses of their numbers.
pub(crate) struct World {
    pub(crate) chain: Ethereum,
    pub(crate) state: State,
}

impl World {
    pub(crate) fn new(revision: Revision, vm: impl FrameVm + 'static) -> Self {
        let mut chain = Ethereum::new(Arc::new(vm), revision);
        chain.block.coinbase = COINBASE;
        let mut world = Self { chain, state: State::new() };
        world.state.insert(SENDER, Account { balance: 10u64.pow(18).into(), ..Account::default() });
        world
    }

    /// Puts code at the address of its number.
    pub(crate) fn code(mut self, number: u8, code: &[u8]) -> Self {
        let nonce = u64::from(self.chain.revision >= Revision::SpuriousDragon);
        self.state.insert(contract(number), Account { nonce, code: code.into(), ..Account::default() });
        self
    }

    /// Puts scripted contracts at the addresses of their numbers.
    pub(crate) fn scripts(self, numbers: impl IntoIterator<Item = u8>) -> Self {
        numbers.into_iter().fold(self, |world, number| world.code(number, &wasm(number)))
    }

    pub(crate) fn balance(mut self, address: Address, balance: u64) -> Self {
        self.state.account_mut(address).balance = balance.into();
        self
    }

    pub(crate) fn storage(mut self, number: u8, key: u64, value: u64) -> Self {
        self.state.account_mut(contract(number)).storage.insert(slot(key), slot(value));
        self
    }

    /// A transaction to contract 1 with 100,000 gas beyond the 21,000 of every transaction, at 1 wei.
    pub(crate) fn transaction(&self) -> Transaction {
        Transaction {
            sender: SENDER,
            nonce: self.state.get(&SENDER).map_or(0, |sender| sender.nonce),
            to: Some(contract(1)),
            gas_limit: 121_000,
            gas_price: 1,
            ..Transaction::default()
        }
    }

    pub(crate) fn transact(&mut self) -> Result<Receipt, TxError> {
        let transaction = self.transaction();
        self.chain.transact(&mut self.state, &transaction)
    }

    /// Calls contract 1 as a bare message with 100,000 gas.
    pub(crate) fn call(&mut self) -> Receipt {
        self.chain.call(&mut self.state, &call_to(contract(1), 100_000)).expect("no fault")
    }

    pub(crate) fn stored(&self, number: u8, key: u64) -> Bytes32 {
        let account = self.state.get(&contract(number));
        account.and_then(|account| account.storage.get(&slot(key)).copied()).unwrap_or(Bytes32::ZERO)
    }

    pub(crate) fn balance_of(&self, address: Address) -> U256 {
        self.state.get(&address).map_or(U256::zero(), |account| account.balance)
    }
}

/// A message from the sender.
pub(crate) fn call_to(to: Address, gas: Gas) -> Message {
    Message { gas, recipient: to, code_address: to, sender: SENDER, ..Message::default() }
}

/// A nested call as a VM sends it.
pub(crate) fn nested(from: &Message, to: Address, gas: Gas) -> Message {
    Message {
        is_static: from.is_static,
        depth: from.depth + 1,
        gas,
        recipient: to,
        code_address: to,
        sender: from.recipient,
        ..Message::default()
    }
}

/// A nested create as a VM sends it.
pub(crate) fn nested_create(from: &Message, init_code: &[u8], gas: Gas) -> Message {
    Message {
        kind: CallKind::Create,
        depth: from.depth + 1,
        gas,
        sender: from.recipient,
        input: init_code.to_vec(),
        ..Message::default()
    }
}

/// The outcome of a frame that gives everything to one nested message.
pub(crate) fn pass_on(host: &mut RevmHost, message: &Message) -> Outcome {
    let CallResult { gas_left, gas_refund, output, .. } = host.call(message);
    Outcome { output, gas_refund, ..Outcome::success(gas_left) }
}
