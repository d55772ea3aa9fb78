//! A host that notes in which order it is asked what, and that calls the contract back.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Host, Message, StatusCode, StorageStatus, TxContext, U256,
    mock::{MockAccount, MockHost, MockLog},
};
use hebe_vm::Vm;

use crate::revision;

/// The account that runs.
pub(crate) const SELF: Address = Address([0x5e; 20]);

/// How often the host calls a contract back during one message.
const BACK: u32 = 2;

/// A question that the host was asked, and what came of it, as a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) call: &'static str,
    pub(crate) hash: u64,
}

/// A world in maps, and a VM to run nested calls.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) host: MockHost,
    pub(crate) events: Vec<Event>,
    /// What runs nested calls, and the code that every account has.
    pub(crate) vm: Option<Arc<Vm<World>>>,
    pub(crate) code: Arc<[u8]>,
    /// Calls back during this message so far.
    back: u32,
}

/// What there is in the world at the end.
pub(crate) type State = (
    Vec<(Address, MockAccount)>,
    Vec<MockLog>,
    Vec<(Address, Address)>,
    Vec<((Address, Bytes32), Bytes32)>,
    Vec<Message>,
);

impl World {
    /// A world in which the contract has money, and other accounts are there.
    pub(crate) fn new(code: Arc<[u8]>) -> Self {
        let account = |balance: u64| MockAccount {
            balance: U256::from(balance),
            code: code.to_vec(),
            ..MockAccount::default()
        };
        let host = MockHost {
            accounts: [(SELF, account(1_000_000)), (Address::default(), account(7))].into(),
            tx_context: TxContext {
                block_number: 1_000,
                block_timestamp: 1_600_000_000,
                ..TxContext::default()
            },
            block_hashes: (990..1_000).map(|number| (number, Bytes32([number as u8; 32]))).collect(),
            ..MockHost::default()
        };
        Self { host, code, ..Self::default() }
    }

    /// The same world, before a message on another VM.
    pub(crate) fn copy(&self) -> Self {
        Self { host: self.host.clone(), code: Arc::clone(&self.code), ..Self::default() }
    }

    /// Gets ready for a message.
    pub(crate) fn begin(mut self, vm: &Arc<Vm<World>>) -> Self {
        (self.vm, self.back) = (Some(Arc::clone(vm)), 0);
        self.events.clear();
        self
    }

    /// What there is.
    pub(crate) fn state(self) -> State {
        let MockHost { accounts, logs, destroyed, transient, calls, .. } = self.host;
        (accounts.into_iter().collect(), logs, destroyed, transient.into_iter().collect(), calls)
    }

    fn note<T: Hash>(&mut self, call: &'static str, what: T) -> u64 {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        let hash = hasher.finish();
        self.events.push(Event { call, hash });
        hash
    }

    /// An answer that depends on the question, by way of its hash.
    fn answer(message: &Message, hash: u64) -> CallResult {
        let statuses = [
            StatusCode::Success,
            StatusCode::Success,
            StatusCode::Revert,
            StatusCode::Failure,
            StatusCode::OutOfGas,
        ];
        let status = statuses[(hash >> 8) as usize % statuses.len()];
        let keeps_gas = matches!(status, StatusCode::Success | StatusCode::Revert);
        let output =
            if keeps_gas { message.input.iter().rev().take(100).copied().collect() } else { Vec::new() };
        CallResult {
            status,
            gas_left: if keeps_gas { message.gas / 2 } else { 0 },
            gas_refund: 0,
            output,
            create_address: Address([hash as u8; 20]),
        }
    }

    /// Runs the contract itself on the VM that runs it already.
    fn call_back(&mut self, vm: &Arc<Vm<World>>, message: &Message) -> CallResult {
        self.back += 1;
        let world = std::mem::take(self);
        let code = Arc::clone(&world.code);
        let (world, outcome) = vm.execute(revision(&vm.config().profile), &code, message.clone(), world);
        *self = world;
        match outcome {
            Ok(outcome) => {
                self.note("back", (outcome.status as i32, outcome.gas_left, &outcome.output));
                CallResult {
                    status: outcome.status,
                    gas_left: outcome.gas_left,
                    gas_refund: outcome.gas_refund,
                    output: outcome.output,
                    create_address: SELF,
                }
            }
            Err(fault) => {
                self.note("fault", fault.to_string());
                Self::answer(message, 3 << 8)
            }
        }
    }
}

impl Host for World {
    fn account_exists(&mut self, address: &Address) -> bool {
        self.note("account_exists", address);
        self.host.account_exists(address)
    }

    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.note("get_storage", (address, key));
        self.host.get_storage(address, key)
    }

    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        self.note("set_storage", (address, key, value));
        self.host.set_storage(address, key, value)
    }

    fn get_balance(&mut self, address: &Address) -> U256 {
        self.note("get_balance", address);
        self.host.get_balance(address)
    }

    fn get_code_size(&mut self, address: &Address) -> usize {
        self.note("get_code_size", address);
        self.host.get_code_size(address)
    }

    fn get_code_hash(&mut self, address: &Address) -> Bytes32 {
        self.note("get_code_hash", address);
        self.host.get_code_hash(address)
    }

    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        self.note("copy_code", (address, offset, buffer.len()));
        self.host.copy_code(address, offset, buffer)
    }

    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        self.note("selfdestruct", (address, beneficiary));
        self.host.selfdestruct(address, beneficiary)
    }

    fn call(&mut self, message: &Message) -> CallResult {
        let Message { kind, is_static, depth, gas, recipient, sender, input, value, code_address, .. } =
            message;
        let hash =
            self.note("call", (kind, is_static, depth, gas, recipient, sender, input, value.0, code_address));
        // Large ones would make many copies of a world slow.
        if input.len() <= 256 {
            self.host.calls.push(message.clone());
        }
        match self.vm.clone() {
            Some(vm) if self.back < BACK && !kind.is_create() && hash & 1 == 0 => {
                self.call_back(&vm, message)
            }
            _ => Self::answer(message, hash),
        }
    }

    fn get_tx_context(&mut self) -> TxContext {
        self.note("get_tx_context", ());
        self.host.get_tx_context()
    }

    fn get_block_hash(&mut self, number: i64) -> Bytes32 {
        self.note("get_block_hash", number);
        self.host.get_block_hash(number)
    }

    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]) {
        self.note("emit_log", (address, data, topics));
        let data = &data[..data.len().min(256)];
        self.host.emit_log(address, data, topics);
    }

    fn access_account(&mut self, address: &Address) -> AccessStatus {
        self.note("access_account", address);
        self.host.access_account(address)
    }

    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus {
        self.note("access_storage", (address, key));
        self.host.access_storage(address, key)
    }

    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.note("get_transient_storage", (address, key));
        self.host.get_transient_storage(address, key)
    }

    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) {
        self.note("set_transient_storage", (address, key, value));
        self.host.set_transient_storage(address, key, value);
    }
}
