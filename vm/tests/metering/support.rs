//! Running contracts with gas.

use hebe_host_ei::{Address, Message, Outcome, Prices, Revision, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering};

pub(crate) const SELF: Address = Address([0x5e; 20]);

pub(crate) fn config(prices: &Prices) -> Config {
    Config { metering: Metering::Inline, prices: prices.clone(), ..Config::default() }
}

/// Runs code cold and warm; both must agree.
#[track_caller]
pub(crate) fn execute(prices: &Prices, code: &[u8], gas: i64) -> Outcome {
    let vm = Vm::new(config(prices));
    let run = || {
        let message = Message { gas, recipient: SELF, code_address: SELF, ..Message::default() };
        vm.execute(Revision::Byzantium, code, message, MockHost::default()).1.expect("no fault")
    };
    let cold = run();
    assert_eq!(run(), cold);
    cold
}

pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
