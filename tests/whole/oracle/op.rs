//! Operations that the EVM and the Environment Interface both have.

use hebe_host_ei::{Address, Revision, U256};

use super::random::Random;

/// How the interface writes a number or an identifier into memory. The EVM has a word for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    U256,
    U128,
    Bytes32,
    Address,
}

/// An argument, in the order of the interface. The EVM's stack has the same order, the first on top.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument {
    /// A pointer to this, or a word of the EVM.
    Word(Encoding, U256),
    /// A number or a pointer that both take as it is.
    Plain(u32),
    /// The same in 64 bits.
    Long(u64),
    /// What the EVM does not take.
    Wasm(i32),
    /// A pointer to where the answer is written, which the EVM leaves on its stack.
    Result,
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    Nothing,
    /// Through the result's pointer.
    Written(Encoding),
    I32,
    I64,
    /// Of a call: the EVM says 1 for a success, the interface 0.
    Success,
    /// Of a creation: an address, and a status in the interface alone.
    Created,
    /// Through the result's pointer, and whether there is one in the interface alone.
    Found,
}

/// An operation of both.
#[derive(Clone, Debug)]
pub(super) struct Op {
    pub(super) name: &'static str,
    pub(super) opcode: u8,
    pub(super) arguments: Vec<Argument>,
    /// Zeros that the EVM takes behind them.
    pub(super) zeros: usize,
    pub(super) answer: Answer,
}

/// Where the data of both lies, where they copy to, and how much of either there is.
pub(super) const DATA: u32 = 0;
pub(super) const COPIES: u32 = 1_024;
pub(super) const DATA_BYTES: u32 = 256;

/// Where accounts are; `world.rs` says what they have.
pub(super) const ACCOUNTS: [u8; 10] = [0, 4, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8];

/// The one whose code destroys whoever runs it.
pub(super) const DESTROYER: u8 = 0xa5;

/// The account that runs.
pub(super) const SELF: Address = at(0x5e);

pub(super) const fn at(last: u8) -> Address {
    let mut address = [0; 20];
    address[19] = last;
    Address(address)
}

use Answer::{Created, Found, I32, I64, Nothing, Success, Written};
use Argument::{Long, Plain, Result, Wasm, Word};
use Encoding::{Bytes32, U128};
use Revision::{Byzantium, Cancun, Frontier, Homestead, Istanbul, London, Osaka, Paris, Petersburg};

/// Operations without operands: the first revision, the name, the opcode, the answer.
const PLAIN: &[(Revision, &str, u8, Answer)] = &[
    (Frontier, "getAddress", 0x30, Written(Encoding::Address)),
    (Frontier, "getTxOrigin", 0x32, Written(Encoding::Address)),
    (Frontier, "getCaller", 0x33, Written(Encoding::Address)),
    (Frontier, "getCallValue", 0x34, Written(U128)),
    (Frontier, "getCallDataSize", 0x36, I32),
    (Frontier, "getTxGasPrice", 0x3a, Written(U128)),
    (Byzantium, "getReturnDataSize", 0x3d, I32),
    (Frontier, "getBlockCoinbase", 0x41, Written(Encoding::Address)),
    (Frontier, "getBlockTimestamp", 0x42, I64),
    (Frontier, "getBlockNumber", 0x43, I64),
    (Frontier, "getBlockDifficulty", 0x44, Written(Encoding::U256)),
    (Paris, "getPrevRandao", 0x44, Written(Encoding::U256)),
    (Frontier, "getBlockGasLimit", 0x45, I64),
    (Istanbul, "getChainId", 0x46, Written(Encoding::U256)),
    (Istanbul, "getSelfBalance", 0x47, Written(U128)),
    (London, "getBaseFee", 0x48, Written(Encoding::U256)),
    (Cancun, "getBlobBaseFee", 0x4a, Written(Encoding::U256)),
];

/// Operations on numbers: how many there are.
const NUMBERS: &[(Revision, &str, u8, usize, Answer)] = &[
    (Frontier, "u256Add", 0x01, 2, Written(Encoding::U256)),
    (Frontier, "u256Mul", 0x02, 2, Written(Encoding::U256)),
    (Frontier, "u256Sub", 0x03, 2, Written(Encoding::U256)),
    (Frontier, "u256Div", 0x04, 2, Written(Encoding::U256)),
    (Frontier, "u256SDiv", 0x05, 2, Written(Encoding::U256)),
    (Frontier, "u256Mod", 0x06, 2, Written(Encoding::U256)),
    (Frontier, "u256SMod", 0x07, 2, Written(Encoding::U256)),
    (Frontier, "u256AddMod", 0x08, 3, Written(Encoding::U256)),
    (Frontier, "u256MulMod", 0x09, 3, Written(Encoding::U256)),
    (Frontier, "u256Exp", 0x0a, 2, Written(Encoding::U256)),
    (Frontier, "u256SignExtend", 0x0b, 2, Written(Encoding::U256)),
    (Frontier, "u256Lt", 0x10, 2, I32),
    (Frontier, "u256SLt", 0x12, 2, I32),
    (Frontier, "u256Byte", 0x1a, 2, Written(Encoding::U256)),
    (Petersburg, "u256Shl", 0x1b, 2, Written(Encoding::U256)),
    (Petersburg, "u256Shr", 0x1c, 2, Written(Encoding::U256)),
    (Petersburg, "u256Sar", 0x1d, 2, Written(Encoding::U256)),
    (Osaka, "u256Clz", 0x1e, 1, I32),
];

/// Operations on an account, a slot, memory, and messages, each made by a function.
type Make = fn(&mut Random) -> (Vec<Argument>, Answer);
const OTHERS: &[(Revision, &str, u8, Make)] = &[
    (Frontier, "getExternalBalance", 0x31, |r| (vec![account(r), Result], Written(U128))),
    (Frontier, "getExternalCodeSize", 0x3b, |r| (vec![other(r)], I32)),
    (Petersburg, "getExternalCodeHash", 0x3f, |r| (vec![other(r), Result], Written(Bytes32))),
    (Frontier, "externalCodeCopy", 0x3c, |r| {
        // So much code has the account 0xa1.
        (vec![word(Encoding::Address, 0xa1), Plain(COPIES), Plain(0), Plain(r.below(6))], Nothing)
    }),
    (Frontier, "callDataCopy", 0x37, |r| {
        (vec![Plain(COPIES), Plain(r.below(32)), Plain(r.below(33))], Nothing)
    }),
    (Byzantium, "returnDataCopy", 0x3e, |_| (vec![Plain(COPIES), Plain(0), Plain(0)], Nothing)),
    (Frontier, "keccak256", 0x20, |r| {
        (vec![Plain(r.below(DATA_BYTES)), Plain(r.below(DATA_BYTES)), Result], Written(Bytes32))
    }),
    (Frontier, "storageLoad", 0x54, |r| (vec![slot(r), Result], Written(Bytes32))),
    (Frontier, "storageLoad", 0x54, |r| (vec![slot(r), Result], Written(Bytes32))),
    (Frontier, "storageStore", 0x55, |r| (vec![slot(r), slot(r)], Nothing)),
    (Frontier, "storageStore", 0x55, |r| (vec![slot(r), slot(r)], Nothing)),
    (Frontier, "storageStore", 0x55, |r| (vec![slot(r), slot(r)], Nothing)),
    (Cancun, "transientLoad", 0x5c, |r| (vec![slot(r), Result], Written(Bytes32))),
    (Cancun, "transientStore", 0x5d, |r| (vec![slot(r), slot(r)], Nothing)),
    (Cancun, "getBlobHash", 0x49, |r| (vec![Plain(r.below(4)), Result], Found)),
    (Frontier, "log", 0xa0, log),
    (Frontier, "call", 0xf1, |r| (message(r, true), Success)),
    (Frontier, "call", 0xf1, |r| (message(r, true), Success)),
    (Frontier, "callCode", 0xf2, |r| (borrowing(r, true), Success)),
    (Homestead, "callDelegate", 0xf4, |r| (borrowing(r, false), Success)),
    (Byzantium, "callStatic", 0xfa, |r| (message(r, false), Success)),
    // Before there is a revert, an init code that ends in one takes all gas, of which there is not the same.
    (Frontier, "create", 0xf0, |r| {
        let [at, length] = init_code(r, 3);
        (vec![word(U128, r.below(3)), at, length, Result], Created)
    }),
    (Byzantium, "create", 0xf0, |r| {
        let [at, length] = init_code(r, 4);
        (vec![word(U128, r.below(3)), at, length, Result], Created)
    }),
    (Petersburg, "create2", 0xf5, |r| {
        let [at, length] = init_code(r, 4);
        // A second creation at the same address would take all gas, of which there is not the same.
        (vec![word(U128, r.below(3)), at, length, Word(Bytes32, r.number()), Result], Created)
    }),
];

impl Op {
    /// Any operation that the EVM has at a revision.
    pub(super) fn any(r: &mut Random, revision: Revision) -> Self {
        loop {
            let (since, op) = match r.below(10) {
                0 => {
                    let (since, name, opcode, answer) = *r.one_of(PLAIN);
                    let arguments = if matches!(answer, Written(_)) { vec![Result] } else { vec![] };
                    (since, Self { name, opcode, arguments, zeros: 0, answer })
                }
                1 | 2 => {
                    let (since, name, opcode, count, answer) = *r.one_of(NUMBERS);
                    let mut arguments: Vec<_> =
                        (0..count).map(|_| Word(Encoding::U256, r.number())).collect();
                    arguments.extend(matches!(answer, Written(_)).then_some(Result));
                    (since, Self { name, opcode, arguments, zeros: 0, answer })
                }
                _ => {
                    let (since, name, opcode, make) = *r.one_of(OTHERS);
                    let (arguments, answer) = make(r);
                    let topics =
                        if let (0xa0, Some(Wasm(topics))) = (opcode, arguments.get(2)) { *topics } else { 0 };
                    let zeros = if answer == Success { 2 } else { 0 };
                    (since, Self { name, opcode: opcode + topics as u8, arguments, zeros, answer })
                }
            };
            if since <= revision {
                return op;
            }
        }
    }

    /// The end: the account destroys itself.
    pub(super) fn self_destruct(r: &mut Random) -> Self {
        Self { name: "selfDestruct", opcode: 0xff, arguments: vec![account(r)], zeros: 0, answer: Nothing }
    }
}

fn word(encoding: Encoding, number: u32) -> Argument {
    Word(encoding, number.into())
}

fn account(r: &mut Random) -> Argument {
    if r.below(12) == 0 { word(Encoding::Address, SELF.0[19].into()) } else { other(r) }
}

/// Not the one that runs, whose code is not the same in both.
fn other(r: &mut Random) -> Argument {
    word(Encoding::Address, (*r.one_of(&ACCOUNTS)).into())
}

/// A key or a value of storage: few, so that they meet.
fn slot(r: &mut Random) -> Argument {
    word(Bytes32, r.below(3))
}

fn log(r: &mut Random) -> (Vec<Argument>, Answer) {
    let topics = r.below(5);
    let mut arguments = vec![Plain(r.below(64)), Plain(r.below(100)), Wasm(topics as i32)];
    arguments.extend((0..4).map(|n| if n < topics { Word(Bytes32, r.number()) } else { Wasm(-1) }));
    (arguments, Nothing)
}

/// Not to itself, which would not end.
fn message(r: &mut Random, has_value: bool) -> Vec<Argument> {
    let to = other(r);
    message_to(r, to, has_value)
}

/// A message that runs code in the caller's name: not that which destroys it, after which no balance suffices any more.
fn borrowing(r: &mut Random, has_value: bool) -> Vec<Argument> {
    let to = match other(r) {
        Word(_, number) if number == DESTROYER.into() => word(Encoding::Address, 0xa1),
        to => to,
    };
    message_to(r, to, has_value)
}

fn message_to(r: &mut Random, to: Argument, has_value: bool) -> Vec<Argument> {
    let gas = [0, 2_300, 30_000, 100_000][r.below(4) as usize];
    let mut arguments = vec![Long(gas), to];
    if has_value {
        arguments.push(word(U128, [0, 0, 1, 2][r.below(4) as usize]));
    }
    arguments.extend([Plain(DATA + r.below(32)), Plain(r.below(40))]);
    arguments
}

/// A part of the data that is one of the first init codes in `world.rs`.
fn init_code(r: &mut Random, first: usize) -> [Argument; 2] {
    let (at, length) = *r.one_of(&super::world::INIT_CODES[..first]);
    [Plain(at), Plain(length)]
}

/// Revisions whose EVM revm has.
pub(super) fn revisions() -> impl Iterator<Item = Revision> {
    Revision::ALL.iter().copied().filter(|revision| *revision != Revision::Constantinople)
}
