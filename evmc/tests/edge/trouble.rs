//! Hosts written in Rust that fail. A VM loaded by its path must make of it what the linked-in VM does.

use hebe::loader::{Instance, Library};
use hebe_host_ei::{
    AccessStatus, Address, Bytes32, CallResult, Fault, Host, Message, Outcome, Revision, StatusCode,
    StorageStatus, TxContext, U256, mock::MockHost,
};
use hebe_vm::{Config, Vm};

use crate::{
    common::{counter, library},
    host_answers::reporter,
};

/// How a host fails.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// It panics when storage is read.
    Panic,
    /// It gives no storage status.
    NoStatus,
    /// Its nested calls end like this.
    Call(StatusCode),
}

/// A host that fails and counts what it is asked.
#[derive(Clone)]
struct Troubled {
    trouble: Trouble,
    asked: u32,
    mock: MockHost,
}

impl Troubled {
    fn with(trouble: Trouble) -> Self {
        Self { trouble, asked: 0, mock: MockHost::default() }
    }
}

impl Host for Troubled {
    fn get_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.asked += 1;
        assert!(!matches!(self.trouble, Trouble::Panic), "the disk is gone");
        self.mock.get_storage(address, key)
    }
    fn set_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) -> Option<StorageStatus> {
        self.asked += 1;
        let status = self.mock.set_storage(address, key, value);
        status.filter(|_| !matches!(self.trouble, Trouble::NoStatus))
    }
    fn call(&mut self, message: &Message) -> CallResult {
        self.asked += 1;
        let result = self.mock.call(message);
        let Trouble::Call(status) = self.trouble else { return result };
        CallResult { status, output: vec![1, 2, 3], ..result }
    }
    fn account_exists(&mut self, address: &Address) -> bool {
        self.mock.account_exists(address)
    }
    fn get_balance(&mut self, address: &Address) -> U256 {
        self.mock.get_balance(address)
    }
    fn get_code_size(&mut self, address: &Address) -> usize {
        self.mock.get_code_size(address)
    }
    fn get_code_hash(&mut self, address: &Address) -> Bytes32 {
        self.mock.get_code_hash(address)
    }
    fn copy_code(&mut self, address: &Address, offset: usize, buffer: &mut [u8]) -> usize {
        self.mock.copy_code(address, offset, buffer)
    }
    fn selfdestruct(&mut self, address: &Address, beneficiary: &Address) -> bool {
        self.mock.selfdestruct(address, beneficiary)
    }
    fn get_tx_context(&mut self) -> TxContext {
        self.mock.get_tx_context()
    }
    fn get_block_hash(&mut self, number: i64) -> Bytes32 {
        self.mock.get_block_hash(number)
    }
    fn emit_log(&mut self, address: &Address, data: &[u8], topics: &[Bytes32]) {
        self.mock.emit_log(address, data, topics);
    }
    fn access_account(&mut self, address: &Address) -> AccessStatus {
        self.mock.access_account(address)
    }
    fn access_storage(&mut self, address: &Address, key: &Bytes32) -> AccessStatus {
        self.mock.access_storage(address, key)
    }
    fn get_transient_storage(&mut self, address: &Address, key: &Bytes32) -> Bytes32 {
        self.mock.get_transient_storage(address, key)
    }
    fn set_transient_storage(&mut self, address: &Address, key: &Bytes32, value: &Bytes32) {
        self.mock.set_transient_storage(address, key, value);
    }
}

/// What becomes of it in the loaded VM; it must be the same in the linked-in one.
fn run(vm: &Instance, code: &[u8], trouble: Trouble) -> (u32, Result<Outcome, Fault>) {
    let message = || Message { gas: 100_000, ..Message::default() };
    let linked = Vm::new(Config::default());
    let (linked_host, expected) =
        linked.execute(Revision::Byzantium, code, message(), Troubled::with(trouble));
    let (host, end) = vm.execute(Revision::Byzantium, code, message(), Troubled::with(trouble));
    assert_eq!(end, expected, "{trouble:?}");
    assert_eq!(host.asked, linked_host.asked, "{trouble:?}");
    (host.asked, end)
}

#[test]
fn a_failing_host_is_a_fault_and_the_vm_goes_on() {
    let vm = Library::open(library()).and_then(|library| library.create()).expect("a VM");
    for _ in 0..2 {
        let (asked, end) = run(&vm, &counter(), Trouble::Panic);
        assert_eq!(end, Err(Fault::Panic("the disk is gone".to_owned())));
        assert!(asked < 5, "{asked} questions after a panic");
        assert_eq!(run(&vm, &counter(), Trouble::NoStatus).1, Err(Fault::Host("set_storage")));
        for status in [StatusCode::InternalError, StatusCode::Rejected, StatusCode::OutOfMemory] {
            assert_eq!(run(&vm, &reporter(), Trouble::Call(status)).1, Err(Fault::NestedCall(status)));
        }
        for (status, seen) in [(StatusCode::Success, 0), (StatusCode::Revert, 2), (StatusCode::OutOfGas, 1)] {
            let outcome = run(&vm, &reporter(), Trouble::Call(status)).1.expect("an outcome");
            assert_eq!(outcome.output[..4], [seen, 0, 0, 0]);
        }
    }
}
