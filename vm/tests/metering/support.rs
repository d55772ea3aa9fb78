//! Running contracts with gas.

use hebe_host_ei::{Address, Message, Outcome, Prices, Revision, mock::MockHost};
use hebe_vm::{Config, Vm, meter::Metering};

use crate::engines::{RUNS, alone, switching};

pub(crate) const SELF: Address = Address([0x5e; 20]);

/// A page in particles, 224 gas, in every schedule there is.
pub(crate) const PAGE_PARTICLES: i64 = 2_240_000;

/// What the length of a bulk operation on memory costs: a price, and for how many bytes, begun, it is paid once. The one
/// place where the tests know it.
pub(crate) fn bulk(prices: &Prices) -> (u32, u32) {
    (prices.bulk_line, 64)
}

pub(crate) fn config(prices: &Prices) -> Config {
    Config { metering: Metering::Inline, prices: prices.clone(), ..Config::default() }
}

/// Runs code cold and warm on every engine; all must agree.
#[track_caller]
pub(crate) fn execute(prices: &Prices, code: &[u8], gas: i64) -> Outcome {
    execute_with(prices, code, gas, &[])
}

/// The same with call data.
#[track_caller]
pub(crate) fn execute_with(prices: &Prices, code: &[u8], gas: i64, input: &[u8]) -> Outcome {
    run_config(&config(prices), code, gas, input)
}

#[track_caller]
pub(crate) fn run_config(config: &Config, code: &[u8], gas: i64, input: &[u8]) -> Outcome {
    let run = |vm: &Vm<MockHost>| {
        vm.execute(Revision::Byzantium, code, message(gas, input), MockHost::default()).1.expect("no fault")
    };
    let cold = run(&Vm::new(config.clone()));
    // Each contract with another switch.
    let switch = switching(config, code.len() as u64);
    for config in alone(config).into_iter().chain([switch]) {
        let (engine, tiering) = (config.engine, config.tiering);
        let vm = Vm::new(config);
        for number in 0..RUNS {
            assert_eq!(run(&vm), cold, "run {number} on {engine:?} {tiering:?}");
        }
    }
    cold
}

pub(crate) fn message(gas: i64, input: &[u8]) -> Message {
    Message { gas, input: input.to_vec(), recipient: SELF, code_address: SELF, ..Message::default() }
}

pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(digit).collect()
}
