//! The contracts in the tree, in a local Ethereum, on Hebe linked in and behind the C interface.

use std::{process::Command, sync::Arc};

use alloy_rlp::Header;
use blake2::Blake2b512;
use hebe_host_ei::{Address, Bytes32, Message, Revision, StatusCode, U256};
use hebe_state::{Account, Ethereum, FrameVm, Log, Receipt, State, Transaction};
use primitive_types::U512;
use sha3::{Digest, Keccak256};

use crate::support::{contract, project, skipped, vms};

pub(crate) const ALICE: Address = Address([0xa1; 20]);
pub(crate) const BOB: Address = Address([0xb0; 20]);
pub(crate) const CODE: Address = Address([0xc0; 20]);
/// Enough for the longest computation here, metered or not.
const GAS: i64 = 1_000_000_000;

/// A chain at Byzantium and a state in which ALICE has an ether.
pub(crate) fn chain(vm: &Arc<dyn FrameVm>) -> (Ethereum, State) {
    let mut state = State::new();
    state.insert(ALICE, Account { balance: U256::exp10(18), ..Account::default() });
    (Ethereum::new(Arc::clone(vm), Revision::Byzantium), state)
}

pub(crate) fn create(chain: &Ethereum, state: &mut State, nonce: u64, code: Vec<u8>) -> Receipt {
    let transaction = Transaction {
        sender: ALICE,
        nonce,
        input: code,
        gas_limit: 5_000_000,
        gas_price: 1,
        ..Transaction::default()
    };
    chain.transact(state, &transaction).expect("a valid transaction")
}

pub(crate) fn call(chain: &Ethereum, state: &mut State, to: Address, input: &[u8]) -> Receipt {
    let message = Message {
        gas: GAS,
        sender: ALICE,
        recipient: to,
        code_address: to,
        input: input.to_vec(),
        ..Message::default()
    };
    chain.call(state, &message).expect("no fault")
}

pub(crate) fn word(address: Address) -> Vec<u8> {
    [&[0; 12], &address.0[..]].concat()
}

pub(crate) fn keccak(bytes: &[u8]) -> Bytes32 {
    Bytes32(Keccak256::digest(bytes).into())
}

/// What `check` says of a contract without storage holds on every VM, metered or not. It gets a name for messages,
/// and what answers call data.
pub(crate) fn on_every_vm(path: &str, check: impl Fn(&str, &mut dyn FnMut(&[u8]) -> (StatusCode, Vec<u8>))) {
    for metering in ["none", "inline"] {
        for (name, vm) in vms(&[("metering", metering)]) {
            let (chain, mut state) = chain(&vm);
            state.insert(CODE, Account { code: contract(path).into(), ..Account::default() });
            check(&format!("{name}, metering={metering}"), &mut |input| {
                let outcome = call(&chain, &mut state, CODE, input).outcome;
                (outcome.status, outcome.output)
            });
        }
    }
}

/// Bytes without a pattern, always the same.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    (0..length.div_ceil(32)).flat_map(|n| keccak(&n.to_le_bytes()).0).take(length).collect()
}

pub(crate) const REVERTED: (StatusCode, Vec<u8>) = (StatusCode::Revert, Vec::new());

/// Selectors and topics as Solidity's ABI defines them: Keccak-256 of the signature.
#[test]
fn a_token_is_deployed_and_moves() {
    for (name, vm) in vms(&[]) {
        let (chain, mut state) = chain(&vm);
        let deployed = create(&chain, &mut state, 0, contract("token/token-init"));
        assert_eq!(deployed.outcome.status, StatusCode::Success, "{name}");
        let token = deployed.created.expect("an address");
        assert_eq!(&*state.get(&token).expect("deployed").code, &contract("token/token")[..]);

        let selector = |signature: &str| keccak(signature.as_bytes()).0[..4].to_vec();
        let amount = Bytes32::from(7_u64);
        let transfer = [selector("transfer(address,uint256)"), word(BOB), amount.0.to_vec()].concat();
        let receipt = call(&chain, &mut state, token, &transfer);
        let expected = Log {
            address: token,
            topics: vec![
                keccak(b"Transfer(address,address,uint256)"),
                Bytes32(word(ALICE).try_into().expect("32 bytes")),
                Bytes32(word(BOB).try_into().expect("32 bytes")),
            ],
            data: amount.0.to_vec(),
        };
        assert_eq!(receipt.outcome.status, StatusCode::Success, "{name}");
        assert_eq!((receipt.outcome.output, receipt.logs), (Bytes32::from(1_u64).0.to_vec(), vec![expected]));

        let mut balance = |of: Address| {
            let input = [selector("balanceOf(address)"), word(of)].concat();
            U256::from_big_endian(&call(&chain, &mut state, token, &input).outcome.output)
        };
        assert_eq!(balance(BOB), 7.into());
        assert_eq!(balance(ALICE), U256::exp10(24) - 7);

        // More than there is: a revert that changes nothing.
        let too_much = [selector("transfer(address,uint256)"), word(BOB), vec![0xff; 32]].concat();
        let before = state.root();
        let receipt = call(&chain, &mut state, token, &too_much);
        assert_eq!((receipt.outcome.status, receipt.logs.len()), (StatusCode::Revert, 0));
        assert_eq!(state.root(), before);
    }
}

/// EIP-161: a contract's nonce starts at 1; the address is Keccak-256 of RLP [creator, nonce], here
/// 0xd6 0x94 address 0x01.
#[test]
fn a_factory_creates_and_calls() {
    for (name, vm) in vms(&[]) {
        let (chain, mut state) = chain(&vm);
        state.insert(
            CODE,
            Account { nonce: 1, code: contract("factory/factory").into(), ..Account::default() },
        );
        let receipt = call(&chain, &mut state, CODE, &contract("counter/counter-init"));
        let rlp = [&[0xd6, 0x94], &CODE.0[..], &[0x01]].concat();
        let mut child = Address::default();
        child.0.copy_from_slice(&keccak(&rlp).0[12..]);
        let output = [word(child), Bytes32::from(1_u64).0.to_vec()].concat();
        assert_eq!((receipt.outcome.status, receipt.outcome.output), (StatusCode::Success, output), "{name}");
        let child = state.get(&child).expect("created");
        assert_eq!((child.nonce, &*child.code), (1, &contract("counter/counter")[..]));
        assert_eq!(child.storage.get(&Bytes32::ZERO), Some(&Bytes32::from(1_u64)));
    }
}

/// Oracles: the `sha3` crate; the test vectors of FIPS 180-4 for the empty text and "abc".
#[test]
fn hashes_are_those_of_the_standards() {
    for (name, vm) in vms(&[]) {
        let (chain, mut state) = chain(&vm);
        let mut hash = |code: &str, input: &[u8]| {
            state.insert(CODE, Account { code: contract(code).into(), ..Account::default() });
            hex::encode(call(&chain, &mut state, CODE, input).outcome.output)
        };
        for length in [0, 1, 135, 136, 137, 272, 1_000, 70_000] {
            let input: Vec<u8> = (0..length).map(|n| n as u8).collect();
            assert_eq!(hash("keccak256/keccak256", &input), hex::encode(keccak(&input).0), "{name} {length}");
        }
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            (hash("sha256/sha256", b"abc"), hash("sha256/sha256", b"")),
            (abc.to_owned(), empty.to_owned())
        );
    }
}

/// Oracles: the crate `blake2`; the example of RFC 7693, appendix A, which is the hash of "abc".
#[test]
fn blake2b_is_that_of_its_rfc() {
    let abc = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
               7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
    on_every_vm("blake2b/blake2b", |name, answer| {
        assert_eq!(hex::encode(answer(b"abc").1), abc, "{name}");
        for length in [0, 1, 127, 128, 129, 255, 256, 257, 10_000] {
            let input = noise(length);
            let expected = Blake2b512::digest(&input).to_vec();
            assert_eq!(answer(&input), (StatusCode::Success, expected), "{name} {length}");
        }
    });
}

/// Oracle: `primitive_types`' numbers of 512 bits.
#[test]
fn products_are_those_of_large_numbers() {
    on_every_vm("multiply/multiply", |name, answer| {
        // Two squares of the largest number are more than 2^512.
        for input in [vec![], noise(64), noise(640), vec![0xff; 64], vec![0xff; 128], vec![0xff; 640]] {
            let product =
                |pair: &[u8]| U256::from_big_endian(&pair[..32]).full_mul(U256::from_big_endian(&pair[32..]));
            let sum = input.chunks(64).fold(U512::zero(), |sum, pair| sum.overflowing_add(product(pair)).0);
            assert_eq!(answer(&input), (StatusCode::Success, sum.to_big_endian().to_vec()), "{name}");
        }
        for length in [1, 32, 63, 65] {
            assert_eq!(answer(&noise(length)), REVERTED, "{name} {length}");
        }
    });
}

/// Oracle: the standard library's sort.
#[test]
fn numbers_are_sorted() {
    let bytes = |numbers: &[u32]| -> Vec<u8> { numbers.iter().flat_map(|n| n.to_le_bytes()).collect() };
    let random: Vec<u32> =
        noise(8_000).chunks(4).map(|n| u32::from_le_bytes(n.try_into().expect("4 bytes"))).collect();
    let lists = [
        random.clone(),
        random.iter().map(|n| n % 10).collect(),
        (0..500).collect(),
        (0..500).rev().collect(),
        vec![u32::MAX, 0, u32::MAX >> 1, 1 << 31],
        vec![7; 12_288],
    ];
    on_every_vm("sort/sort", |name, answer| {
        for list in (0..9).map(|length| random[..length].to_vec()).chain(lists.clone()) {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            assert_eq!(answer(&bytes(&list)), (StatusCode::Success, bytes(&sorted)), "{name} {list:?}");
        }
        for length in [1, 2, 3, 5, 4 * 12_289] {
            assert_eq!(answer(&vec![0; length]), REVERTED, "{name} {length}");
        }
    });
}

/// What the contract `rlp` counts, by `alloy_rlp`'s parser: strings, lists, bytes, deepest.
fn count_rlp(input: &[u8]) -> Option<[u32; 4]> {
    fn item(rest: &mut &[u8], depth: u32, found: &mut [u32; 4]) -> alloy_rlp::Result<()> {
        let Header { list, payload_length } = Header::decode(rest)?;
        let (mut payload, after) = rest.split_at(payload_length);
        *rest = after;
        if !list {
            found[0] += 1;
            found[2] += u32::try_from(payload_length).expect("short");
            return Ok(());
        }
        found[1] += 1;
        found[3] = found[3].max(depth + 1);
        while !payload.is_empty() {
            item(&mut payload, depth + 1, found)?;
        }
        Ok(())
    }
    let (mut rest, mut found) = (input, [0; 4]);
    item(&mut rest, 0, &mut found).ok().filter(|()| rest.is_empty()).map(|()| found)
}

fn rlp(list: bool, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Header { list, payload_length: payload.len() }.encode(&mut out);
    [&out, payload].concat()
}

/// What `rlp` answers to these counts.
fn counts(found: Option<[u32; 4]>) -> (StatusCode, Vec<u8>) {
    found.map_or(REVERTED, |found| (StatusCode::Success, found.map(u32::to_le_bytes).concat()))
}

/// Valid and invalid items of the Yellow Paper's appendix B, counted by hand.
#[test]
fn rlp_is_counted() {
    let known = [
        ("80", Some([1, 0, 0, 0])),
        ("00", Some([1, 0, 1, 0])),
        ("83646f67", Some([1, 0, 3, 0])),
        ("c88363617483646f67", Some([2, 1, 6, 1])),
        // [ [], [[]], [ [], [[]] ] ]: 1 + 1 + 2 + (1 + 1 + 2) lists
        ("c7c0c1c0c3c0c1c0", Some([0, 8, 0, 4])),
        ("", None),
        // a byte that should be itself; a short item without its payload, with more, and past its list's end
        ("8100", None),
        ("83646f", None),
        ("83646f6700", None),
        ("c1c100", None),
        ("c28200", None),
        // lengths that are too short for their form, begin with zero, are cut off, or are past everything
        ("b80161", None),
        ("f800", None),
        ("b90038", None),
        ("b9ff", None),
        ("bfffffffffffffffff", None),
        ("ff0000000000000001", None),
    ];
    let fifty_six = [rlp(false, &[0x61; 55]), rlp(false, &[0x61; 56])];
    assert_eq!([&fifty_six[0][..1], &fifty_six[1][..2]], [&[0xb7][..], &[0xb8, 56]]);
    let nested = |depth| (0..depth).fold(Vec::new(), |inside, _| rlp(true, &inside));
    on_every_vm("rlp/rlp", |name, answer| {
        for (input, found) in known {
            assert_eq!(answer(&hex::decode(input).expect("hex")), counts(found), "{name} {input}");
        }
        assert_eq!(answer(&fifty_six[0]), counts(Some([1, 0, 55, 0])), "{name}");
        assert_eq!(answer(&fifty_six[1]), counts(Some([1, 0, 56, 0])), "{name}");
        assert_eq!(answer(&nested(1_024)), counts(Some([0, 1_024, 0, 1_024])), "{name}");
        assert_eq!(answer(&nested(1_025)), REVERTED, "{name}");
        assert_eq!(answer(&rlp(false, &[0; 48 * 1_024 - 3])), counts(Some([1, 0, 49_149, 0])), "{name}");
        assert_eq!(answer(&rlp(false, &[0; 48 * 1_024 - 2])), REVERTED, "{name}");
    });
}

/// Oracle: `alloy_rlp`, on a list with every form of item and on each of its bytes changed.
#[test]
fn rlp_is_refused_as_a_library_refuses_it() {
    let long = [rlp(false, &noise(2)), rlp(false, &noise(55)), rlp(false, &noise(56))].concat();
    let short = rlp(true, &[0x7f, 0x80, 0x81, 0x80]);
    let list = rlp(true, &[short, rlp(true, &[]), rlp(true, &long), vec![0x00]].concat());
    assert!(count_rlp(&list).is_some());
    let mut inputs = vec![list.clone()];
    for at in 0..list.len() {
        inputs.push(list[..at].to_vec());
        for byte in [0, 0x37, 0x80, 0x81, 0xb8, 0xb9, 0xc0, 0xc1, 0xf7, 0xf8, list[at].wrapping_add(1)] {
            let mut input = list.clone();
            input[at] = byte;
            inputs.push(input);
        }
    }
    let valid = inputs.iter().filter(|input| count_rlp(input).is_some()).count();
    assert!(valid > 100 && inputs.len() - valid > 100, "{valid} of {}", inputs.len());
    on_every_vm("rlp/rlp", |name, answer| {
        for input in &inputs {
            assert_eq!(answer(input), counts(count_rlp(input)), "{name} {}", hex::encode(input));
        }
    });
}

/// What is in the tree is what its source makes, where the compilers are.
#[test]
fn the_built_contracts_are_up_to_date() {
    let check =
        Command::new(project().join("contracts/build")).arg("--check").output().expect("bash runs it");
    let text = String::from_utf8_lossy(&check.stdout) + String::from_utf8_lossy(&check.stderr);
    match check.status.code() {
        Some(0) => {}
        Some(2) => skipped(&text),
        code => panic!("{code:?}: {text}"),
    }
}
