//! The contracts in the tree, in a local Ethereum, on Hebe linked in and behind the C interface.

use std::{process::Command, sync::Arc};

use hebe_host_ei::{Address, Bytes32, Message, Revision, StatusCode, U256};
use hebe_state::{Account, Ethereum, FrameVm, Log, Receipt, State, Transaction};
use sha3::{Digest, Keccak256};

use crate::support::{contract, project, skipped, vms};

const ALICE: Address = Address([0xa1; 20]);
const BOB: Address = Address([0xb0; 20]);
const CODE: Address = Address([0xc0; 20]);

/// A chain at Byzantium and a state in which ALICE has an ether.
fn chain(vm: &Arc<dyn FrameVm>) -> (Ethereum, State) {
    let mut state = State::new();
    state.insert(ALICE, Account { balance: U256::exp10(18), ..Account::default() });
    (Ethereum::new(Arc::clone(vm), Revision::Byzantium), state)
}

fn create(chain: &Ethereum, state: &mut State, nonce: u64, code: Vec<u8>) -> Receipt {
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

fn call(chain: &Ethereum, state: &mut State, to: Address, input: &[u8]) -> Receipt {
    let message = Message {
        gas: 5_000_000,
        sender: ALICE,
        recipient: to,
        code_address: to,
        input: input.to_vec(),
        ..Message::default()
    };
    chain.call(state, &message).expect("no fault")
}

fn word(address: Address) -> Vec<u8> {
    [&[0; 12], &address.0[..]].concat()
}

fn keccak(bytes: &[u8]) -> Bytes32 {
    Bytes32(Keccak256::digest(bytes).into())
}

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
