//! State roots, hashes and differences.

use hebe_host_ei::{Address, Bytes32, U256};
use hebe_state::{Account, Change, Code, Log, State, logs_hash};

use crate::support::{address, slot, word};

/// Source: Yellow Paper, section 4.1 and appendix D: the Keccak-256 of the RLP of nothing.
#[test]
fn a_state_without_accounts_has_the_root_of_the_empty_trie() {
    let empty = word("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
    assert_eq!(State::new().root(), empty);
}

/// Source: `BasicTests/genesishashestest.json` of the ethereum/tests repository.
#[test]
fn a_genesis_block_has_its_known_root() {
    let owners = [
        "dbdbdb2cbd23b783741e8d7fcf51e459b497e4a6",
        "e4157b34ea9615cfbde6b4fda419828124b70c78",
        "b9c015918bdaba24b4ff057a92a3873d6eb201be",
        "6c386a4b26f73c802f34673f7248bb118f97424a",
        "cd2a3d9f938e13cd947ec05abc7fe734df8dd826",
        "2ef47100e0787b915105fd5e3f4ff6752079d5cb",
        "e6716f9544a56c530d868e4bfbacb172315bdead",
        "1a26338f0d905e295fccb71fa9ea849ffa12aaf4",
    ];
    let mut state = State::new();
    for owner in owners {
        state.insert(address(owner), Account { balance: U256::one() << 200, ..Account::default() });
    }
    for precompile in 1..=4 {
        let mut address = Address::default();
        address.0[19] = precompile;
        state.insert(address, Account { balance: 1.into(), ..Account::default() });
    }
    let root = word("9178d0f23c965d81f0834a4c72c6253ce6830f4022b1359aaebfc1ecba442d4e");
    assert_eq!(state.root(), root);
}

/// Source: the definition; a zero slot is not in the trie.
#[test]
fn a_slot_of_zero_is_no_slot() {
    let (mut without, mut with) = (State::new(), State::new());
    without.account_mut(Address([1; 20])).nonce = 1;
    with.account_mut(Address([1; 20])).nonce = 1;
    with.account_mut(Address([1; 20])).storage.insert(slot(1), Bytes32::ZERO);
    assert_eq!(without.root(), with.root());
    assert_eq!(without.diff(&with), []);
}

/// Source: the ommers hash of a block without ommers in any block explorer, Keccak-256 of the empty RLP list.
#[test]
fn no_logs_hash_to_the_empty_list() {
    let empty = word("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
    assert_eq!(logs_hash(&[]), empty);
    assert_ne!(logs_hash(&[Log::default()]), empty);
}

/// Source: EIP-1052.
#[test]
fn no_code_has_the_hash_of_nothing() {
    let empty = word("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_eq!(Code::default().hash(), empty);
    assert_eq!(Code::from(Vec::new()), Code::default());
}

/// Source: EIP-7702: a delegation is `ef0100` and 20 bytes. Anything else is code as it stands.
#[test]
fn malformed_delegations_are_code() {
    for malformed in
        [&b"\xef\x01"[..], b"\xef\x01\x00", &[0xef, 1, 1, 0, 0], &[&b"\xef\x01\x07"[..], &[7; 20]].concat()]
    {
        assert_eq!(&*Code::from(malformed), malformed);
    }
}

#[test]
fn differences_come_in_order() {
    let (one, two, three) = (Address([1; 20]), Address([2; 20]), Address([3; 20]));
    let mut before = State::new();
    before.account_mut(three).nonce = 3;
    before.account_mut(two).storage.extend([(slot(1), slot(1)), (slot(2), slot(2))]);
    let mut after = before.clone();
    after.remove(&three);
    after.account_mut(one).balance = 9.into();
    let storage = &mut after.account_mut(two).storage;
    storage.remove(&slot(2));
    storage.insert(slot(0), slot(7));
    let expected = [
        (one, Change::Created),
        (one, Change::Balance { before: 0.into(), after: 9.into() }),
        (two, Change::Storage { key: slot(0), before: slot(0), after: slot(7) }),
        (two, Change::Storage { key: slot(2), before: slot(2), after: slot(0) }),
        (three, Change::Removed),
    ];
    assert_eq!(before.diff(&after), expected);
    assert_eq!(before.diff(&before), []);
}
