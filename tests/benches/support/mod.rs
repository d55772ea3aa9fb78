//! Contracts, messages and hosts for the benchmarks, and their clock.

use std::{fs, path::Path};

use hebe_host_ei::{
    Address, Bytes32, Message,
    mock::{MockAccount, MockHost},
};
use rustix::time::{ClockId, clock_gettime};

const GAS: i64 = 1_000_000_000;
pub(crate) const SENDER: Address = Address([0xaa; 20]);
pub(crate) const CODE: Address = Address([0xc0; 20]);

/// CPU time of this thread in microseconds.
pub(crate) fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

pub(crate) fn message(input: Vec<u8>) -> Message {
    Message { gas: GAS, sender: SENDER, recipient: CODE, code_address: CODE, input, ..Message::default() }
}

/// `transfer(0xbb…, 5)`.
pub(crate) fn transfer_message() -> Message {
    message([&[0xa9, 0x05, 0x9c, 0xbb][..], &[0; 12], &[0xbb; 20], &[0; 31], &[5]].concat())
}

/// Where the token keeps a balance.
pub(crate) fn slot(address: Address) -> Bytes32 {
    let mut slot = Bytes32::ZERO;
    slot.0[12..].copy_from_slice(&address.0);
    slot
}

/// A host in which the sender has tokens.
pub(crate) fn token_host() -> MockHost {
    let storage = [(slot(SENDER), Bytes32([0x7f; 32]))].into();
    let accounts = [(CODE, MockAccount { storage, ..MockAccount::default() })].into();
    MockHost { accounts, ..MockHost::default() }
}

/// A contract from `contracts/`, by folder and name.
pub(crate) fn contract(path: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts").join(path).with_extension("wasm");
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
