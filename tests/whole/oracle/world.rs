//! The accounts that operations meet, and the data in memory.

use hebe_host_ei::{Address, Bytes32, Message, Revision, U256};
use hebe_state::{Account, State};

use super::op::{DESTROYER, SELF, at};

/// Stores 7 in slot 1: 5 bytes. Called as another, in the caller's storage.
const STORES: &[u8] = &[0x60, 7, 0x60, 1, 0x55];
/// Clears slot 1 and slot 2, and returns 32 bytes.
const CLEARS: &[u8] = &[0x60, 0, 0x60, 1, 0x55, 0x60, 0, 0x60, 2, 0x55, 0x60, 32, 0x60, 0, 0xf3];
/// Stores, then reverts with 3 bytes; before Byzantium it fails.
const REVERTS: &[u8] = &[0x60, 7, 0x60, 1, 0x55, 0x60, 3, 0x60, 0, 0xfd];
/// The designated invalid instruction.
const FAILS: &[u8] = &[0xfe];
/// Destroys itself in favour of 0xb0, which does not exist.
const DESTROYS: &[u8] = &[0x60, 0xb0, 0xff];

/// Init codes in [`data`]: where, and how long. Nothing; code of one byte is deployed; nothing is, and a slot is stored; a revert.
pub(super) const INIT_CODES: &[(u32, u32)] = &[(0, 0), (64, 10), (96, 5), (128, 10)];

/// What memory begins with.
pub(super) fn data() -> Vec<u8> {
    let mut data: Vec<u8> = (0..=255).collect();
    // MSTORE8(0, 1), RETURN(0, 1)
    data[64..74].copy_from_slice(&[0x60, 1, 0x60, 0, 0x53, 0x60, 1, 0x60, 0, 0xf3]);
    data[96..101].copy_from_slice(STORES);
    data[128..138].copy_from_slice(REVERTS);
    data
}

/// Slots 0 to 2 of every account with code hold 1, 1 and 0.
pub(super) fn world(code: Vec<u8>, delegates: bool) -> State {
    let mut state = State::new();
    let storage = [(0, 1), (1, 1)].map(|(key, value)| (Bytes32::from(key), Bytes32::from(value)));
    let delegation = |to: Address| [&[0xef, 1, 0][..], &to.0].concat();
    let contracts = [
        (SELF, code),
        (at(0xa1), STORES.to_vec()),
        (at(0xa2), CLEARS.to_vec()),
        (at(0xa3), REVERTS.to_vec()),
        (at(0xa4), FAILS.to_vec()),
        (at(DESTROYER), DESTROYS.to_vec()),
        (at(0xa6), if delegates { delegation(at(0xa2)) } else { STORES.to_vec() }),
    ];
    for (address, code) in contracts {
        let account =
            Account { nonce: 1, balance: 1_000_000.into(), code: code.into(), storage: storage.into() };
        state.insert(address, account);
    }
    // No code; 0xa8 does not exist.
    state.insert(at(0xa7), Account { balance: 1.into(), ..Account::default() });
    state.insert(at(0xca), Account { balance: U256::from(1_000_000_000_u64), ..Account::default() });
    state
}

/// A call of the account that runs.
pub(super) fn message(is_static: bool) -> Message {
    Message {
        gas: 20_000_000,
        recipient: SELF,
        code_address: SELF,
        sender: at(0xca),
        value: if is_static { U256::zero() } else { 5.into() },
        input: (1..=64).collect(),
        is_static,
        ..Message::default()
    }
}

/// EIP-7702.
pub(super) fn delegates(revision: Revision) -> bool {
    revision >= Revision::Prague
}
