//! Running contracts.

use hebe_host_ei::{Address, Message, Outcome, Revision, StatusCode, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering};

use crate::engines::engines;

pub(crate) const GAS: i64 = 100_000_000;

const SELF: Address = Address([0x5e; 20]);

pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(crate) fn run(vm: &Vm<MockHost>, code: &[u8], gas: i64, input: &[u8]) -> Outcome {
    let message =
        Message { gas, input: input.to_vec(), recipient: SELF, code_address: SELF, ..Message::default() };
    vm.execute(Revision::Byzantium, code, message, MockHost::default()).1.expect("no fault")
}

/// A success with this output, whatever gas is left.
#[track_caller]
pub(crate) fn returns(outcome: &Outcome, output: &[u8], when: &str) {
    assert_eq!((outcome.status, &*outcome.output), (StatusCode::Success, output), "{when}");
}

/// Calls `with` with a VM of each engine and each way from one to the next, with gas for instructions and without.
pub(crate) fn each_vm(mut with: impl FnMut(&Vm<MockHost>, &str)) {
    for metering in [Metering::Inline, Metering::None] {
        for config in engines(&Config { metering, ..Config::default() }) {
            let name = format!("{:?} {:?} {metering:?}", config.engine, config.tiering);
            with(&Vm::new(config), &name);
        }
    }
}
