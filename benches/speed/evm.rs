//! EVM bytecode for the same jobs, and who runs it.

use std::sync::Arc;

use hebe_benches::{
    native::transfers::TRANSFER,
    support::{CODE, SENDER, message},
};
use hebe_host_ei::{Message, Revision, StatusCode, mock::MockHost};
use hebe_state::{Account, Ethereum, RevmHost, State};
use hebe_vm::{Config, Vm};

/// A 64-bit xorshift; of the stack, the highest is on the right.
pub(crate) const XORSHIFT: &str = "
        32 calldataload 0 calldataload                         # rounds x
    turn:
        dup1 13 shl 0xffffffffffffffff and xor
        dup1 7 shr xor
        dup1 17 shl 0xffffffffffffffff and xor
        swap1 1 swap1 sub swap1                                # rounds-1 x
        dup2 @turn jumpi
        0 mstore 32 0 return";

/// The hash is one opcode of the interpreter.
pub(crate) const KECCAK256: &str = "
        calldatasize 0 0 calldatacopy
        calldatasize 0 keccak256
        0 mstore 32 0 return";

/// So is a product by a modulus.
pub(crate) const MULMOD: &str = "
        64 calldataload 32 calldataload 96 calldataload 0 calldataload     # m b n a
    turn:
        dup4 swap1 dup4 mulmod                                 # m b n ab%m
        swap1 1 swap1 sub swap1
        dup2 @turn jumpi
        0 mstore 32 0 return";

/// Square and multiply.
pub(crate) const MODEXP: &str = "
        64 calldataload 0 calldataload 32 calldataload 256
        64 calldataload 1 1 mulmod                             # m b e bits p
    turn:
        dup5 swap1 dup1 mulmod                                 # m b e bits pp%m
        dup3 255 shr iszero @even jumpi
        dup5 swap1 dup5 mulmod                                 # m b e bits pb%m
    even:
        swap2 1 shl swap2                                      # m b 2e bits p
        swap1 1 swap1 sub swap1
        dup2 @turn jumpi
        0 mstore 32 0 return";

/// TRANSFER stands for the topic.
pub(crate) const TRANSFERS: &str = "
        0                                                      # offset
    turn:
        dup1 calldatasize eq @end jumpi
        dup1 calldataload                                      # offset to
        dup1 160 shr @fail jumpi
        dup2 32 add calldataload                               # offset to value
        caller sload                                           # offset to value balance
        dup2 dup2 lt @fail jumpi
        dup2 swap1 sub caller sstore                           # offset to value
        dup2 sload dup2 add                                    # offset to value sum
        dup2 dup2 lt @fail jumpi
        dup3 sstore                                            # offset to value
        0 mstore caller TRANSFER 32 0 log3                     # offset
        64 add @turn jump
    end:
        caller sload 0 mstore 32 0 return
    fail:
        0 0 revert";

const OPCODES: [(&str, u8); 30] = [
    ("add", 0x01),
    ("mul", 0x02),
    ("sub", 0x03),
    ("mulmod", 0x09),
    ("lt", 0x10),
    ("eq", 0x14),
    ("iszero", 0x15),
    ("and", 0x16),
    ("xor", 0x18),
    ("shl", 0x1b),
    ("shr", 0x1c),
    ("keccak256", 0x20),
    ("caller", 0x33),
    ("calldataload", 0x35),
    ("calldatasize", 0x36),
    ("calldatacopy", 0x37),
    ("pop", 0x50),
    ("mstore", 0x52),
    ("sload", 0x54),
    ("sstore", 0x55),
    ("jump", 0x56),
    ("jumpi", 0x57),
    ("dup1", 0x80),
    ("dup2", 0x81),
    ("dup3", 0x82),
    ("dup4", 0x83),
    ("dup5", 0x84),
    ("swap1", 0x90),
    ("swap2", 0x91),
    ("log3", 0xa3),
];

/// Code from text: opcodes, numbers to push, `name:` for a place to jump to, `@name` to push it, `#` before a comment.
pub(crate) fn assemble(text: &str) -> Vec<u8> {
    let (mut code, mut places, mut uses) = (Vec::new(), Vec::new(), Vec::new());
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    for word in lines.flat_map(str::split_whitespace) {
        if let Some(name) = word.strip_suffix(':') {
            places.push((name, code.len()));
            code.push(0x5b);
        } else if let Some(name) = word.strip_prefix('@') {
            uses.push((name, code.len() + 1));
            code.extend([0x61, 0, 0]);
        } else if word == "TRANSFER" {
            code.push(0x7f);
            code.extend(TRANSFER.0);
        } else if let Some(opcode) = opcode(word) {
            code.push(opcode);
        } else {
            code.extend(push(word));
        }
    }
    for (name, at) in uses {
        let (_, place) = places.iter().find(|(known, _)| *known == name).expect("a place of this name");
        code[at..at + 2].copy_from_slice(&(*place as u16).to_be_bytes());
    }
    code
}

fn opcode(word: &str) -> Option<u8> {
    match word {
        "return" => Some(0xf3),
        "revert" => Some(0xfd),
        _ => OPCODES.iter().find(|(name, _)| *name == word).map(|(_, opcode)| *opcode),
    }
}

/// The shortest push of a number.
fn push(word: &str) -> Vec<u8> {
    let number = match word.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => word.parse(),
    };
    let number = number.unwrap_or_else(|_| panic!("{word:?} is neither opcode nor number"));
    let bytes = number.to_be_bytes();
    let bytes = &bytes[number.leading_zeros() as usize / 8..];
    [&[0x5f + bytes.len() as u8], bytes].concat()
}

/// A chain with a contract in EVM code, or wasm for this VM, and the storage of a host.
pub(crate) struct Chain {
    ethereum: Ethereum,
    state: State,
}

impl Chain {
    /// At Cancun, whose EVM has the shifts; wasm runs at Byzantium alone.
    pub(crate) fn evm(text: &str, host: &MockHost) -> Self {
        Self::new(Vm::new(Config::default()), Revision::Cancun, assemble(text), host)
    }

    pub(crate) fn new(vm: Vm<RevmHost>, revision: Revision, code: Vec<u8>, host: &MockHost) -> Self {
        let storage = host.accounts.get(&CODE).map(|account| account.storage.clone()).unwrap_or_default();
        let mut state = State::new();
        state.insert(CODE, Account { nonce: 1, code: code.into(), storage, ..Account::default() });
        state.insert(SENDER, Account { nonce: 1, ..Account::default() });
        Self { ethereum: Ethereum::new(Arc::new(vm), revision), state }
    }

    pub(crate) fn input(&self, input: Vec<u8>) -> (State, Message) {
        (self.state.clone(), message(input))
    }

    /// Runs the contract; it succeeds.
    pub(crate) fn run(&self, (mut state, message): (State, Message)) -> (State, Vec<u8>) {
        let receipt = self.ethereum.call(&mut state, &message).expect("no fault");
        assert_eq!(receipt.outcome.status, StatusCode::Success, "{:?}", receipt.outcome.reason);
        (state, receipt.outcome.output)
    }
}
