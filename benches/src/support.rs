//! Contracts, messages and hosts for the benchmarks, and their clock.

use std::{fs, path::Path};

use hebe_host_ei::{
    Address, Bytes32, Message,
    mock::{MockAccount, MockHost},
};
use rustix::time::{ClockId, clock_gettime};
use sha3::{Digest, Keccak256};

/// Enough for all that runs here, nests 1024 deep included.
pub const GAS: i64 = 100_000_000_000_000;
/// Who calls, and has tokens.
pub const SENDER: Address = Address([0xaa; 20]);
/// Where the contract is.
pub const CODE: Address = Address([0xc0; 20]);

/// CPU time of this thread in microseconds.
pub fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// A call of the contract.
pub fn message(input: Vec<u8>) -> Message {
    Message { gas: GAS, sender: SENDER, recipient: CODE, code_address: CODE, input, ..Message::default() }
}

/// `transfer(0xbb…, 5)`.
pub fn transfer_message() -> Message {
    message([&[0xa9, 0x05, 0x9c, 0xbb][..], &[0; 12], &[0xbb; 20], &[0; 31], &[5]].concat())
}

/// Where the token keeps a balance.
pub fn slot(address: Address) -> Bytes32 {
    let mut slot = Bytes32::ZERO;
    slot.0[12..].copy_from_slice(&address.0);
    slot
}

/// A host in which the sender has tokens.
pub fn token_host() -> MockHost {
    let storage = [(slot(SENDER), Bytes32([0x7f; 32]))].into();
    let accounts = [(CODE, MockAccount { storage, ..MockAccount::default() })].into();
    MockHost { accounts, ..MockHost::default() }
}

/// Bytes without a pattern, always the same.
pub fn noise(length: usize) -> Vec<u8> {
    let blocks = (0..length.div_ceil(32)).flat_map(|n| <[u8; 32]>::from(Keccak256::digest(n.to_le_bytes())));
    blocks.take(length).collect()
}

/// A contract from `contracts/`, by folder and name.
pub fn contract(path: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts").join(path).with_extension("wasm");
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The contract that this text is.
pub fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
