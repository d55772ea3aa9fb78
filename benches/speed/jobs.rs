//! The kernels: who does which job on what.

use std::collections::BTreeMap;

use hebe_benches::{
    native,
    support::{CODE, contract, noise, token_host},
};
use hebe_host_ei::{Bytes32, mock::MockHost};

use crate::{evm, kernels};

/// Rounds of xorshift.
const ROUNDS: u64 = 1_000_000;
/// Products by a modulus.
const PRODUCTS: u64 = 10_000;
/// Transfers, and who gets them.
const TRANSFERS: u64 = 500;
const RECEIVERS: u64 = 50;

/// A job that a contract, native code and perhaps EVM code do.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    /// The contract, compiled for speed as native code is.
    pub(crate) code: Vec<u8>,
    pub(crate) input: Vec<u8>,
    pub(crate) host: MockHost,
    pub(crate) native: fn(&[u8], &mut MockHost) -> Vec<u8>,
    /// EVM code, unless it would be a precompile that does the work.
    pub(crate) evm: Option<&'static str>,
}

pub(crate) fn jobs() -> Vec<Job> {
    let job = |name, contract_name: &str, input, native| Job {
        name,
        code: contract(&format!("{contract_name}/{contract_name}-fast")),
        input,
        host: MockHost::default(),
        native,
        evm: None,
    };
    let odd = |seed: usize| {
        let mut number = noise(32 * (seed + 1))[32 * seed..].to_vec();
        number[0] |= 0x80;
        number[31] |= 1;
        number
    };
    let products = [odd(0), odd(1), odd(2), word(PRODUCTS)].concat();
    let power = [odd(3), odd(4), odd(5)].concat();
    let xorshift = [word(0x9e37_79b9_7f4a_7c15), word(ROUNDS)].concat();
    vec![
        Job {
            evm: Some(evm::XORSHIFT),
            ..job(kernels::LOOP, "xorshift", xorshift, |input, _| native::xorshift(input))
        },
        Job {
            evm: Some(evm::KECCAK256),
            ..job("keccak256, 1 MiB", "keccak256", noise(1 << 20), |input, _| native::keccak256(input))
        },
        job("sha256, 256 KiB", "sha256", noise(1 << 18), |input, _| native::sha256(input)),
        job("blake2b, 256 KiB", "blake2b", noise(1 << 18), |input, _| native::blake2b(input)),
        Job {
            evm: Some(evm::MULMOD),
            ..job("mulmod, 10k", "mulmod", products, |input, _| native::mulmod(input))
        },
        Job {
            evm: Some(evm::MODEXP),
            ..job("modexp, 256 bits", "modexp", power, |input, _| native::modexp(input))
        },
        Job {
            evm: Some(evm::TRANSFERS),
            host: token_host(),
            ..job(kernels::TRANSFERS, "transfers", transfers(), native::transfers)
        },
    ]
}

fn word(low: u64) -> Vec<u8> {
    [&[0; 24][..], &low.to_be_bytes()].concat()
}

fn transfers() -> Vec<u8> {
    let pair = |n: u64| {
        let mut receiver = word(n % RECEIVERS + 1);
        receiver[12] = 0xb0;
        [receiver, word(1000 + n)].concat()
    };
    (0..TRANSFERS).flat_map(pair).collect()
}

/// Storage and number of logs: what a job must leave alike on every side.
#[derive(Debug, PartialEq)]
pub(crate) struct Left {
    pub(crate) storage: BTreeMap<Bytes32, Bytes32>,
    pub(crate) logs: usize,
}

impl Left {
    pub(crate) fn of(host: &MockHost) -> Self {
        let storage = host.accounts.get(&CODE).map(|account| account.storage.clone());
        Self { storage: storage.unwrap_or_default(), logs: host.logs.len() }
    }
}
