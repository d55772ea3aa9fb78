//! Precompiled contracts.

use hebe_host_ei::{Address, Fault, Gas, Outcome, Revision, StatusCode};
use revm_interpreter::primitives::{U256, keccak256};
use revm_precompile::{
    Precompile as Standard, PrecompileHalt, PrecompileOutput, PrecompileSpecId, PrecompileStatus, Precompiles,
};

use crate::{convert::to_address, end::Halted, rules::spec_id};

/// The address of the modular exponentiation (EIP-198).
const MODEXP: Address = short(0x05);
/// The address of ewasm's Keccak-256 (`system_contracts.md`), and from Istanbul on of BLAKE2's F (EIP-152).
const KECCAK256: Address = short(0x09);

/// A precompiled contract as it is in one revision.
#[derive(Clone, Copy, Debug)]
pub struct Precompile(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Standard(&'static Standard),
    /// EIP-198 until EIP-7823 bounded its lengths.
    Modexp(&'static Standard),
    Keccak256,
}

impl Precompile {
    /// The precompile at an address: 0x01 to 0x11 and 0x100, each from its own revision on. With `ewasm`, before Istanbul also
    /// the ewasm project's Keccak-256 at 0x09.
    pub fn at(address: &Address, revision: Revision, ewasm: bool) -> Option<Self> {
        if ewasm && *address == KECCAK256 && revision < Revision::Istanbul {
            return Some(Self(Kind::Keccak256));
        }
        let all = Precompiles::new(PrecompileSpecId::from_spec_id(spec_id(revision)));
        let standard = all.get(&to_address(*address))?;
        let is_boundless = *address == MODEXP && revision < Revision::Osaka;
        Some(Self(if is_boundless { Kind::Modexp(standard) } else { Kind::Standard(standard) }))
    }

    /// Runs it. Gas below zero is none.
    ///
    /// # Errors
    /// If this node cannot: it would take memory that is not there.
    pub fn run(self, input: &[u8], gas: Gas) -> Result<Outcome, Fault> {
        match self.0 {
            Kind::Keccak256 => Ok(keccak(input, gas)),
            Kind::Standard(standard) => run(standard, input, gas),
            Kind::Modexp(_) if is_monstrous(input) => {
                let affordable = gas >= CHEAPEST_MONSTER;
                if affordable { Err(Fault::OutOfMemory) } else { Ok(out_of_gas()) }
            }
            Kind::Modexp(standard) => run(standard, input, gas),
        }
    }
}

const fn short(last: u8) -> Address {
    let mut address = [0; 20];
    address[19] = last;
    Address(address)
}

/// The least price of an exponent of a GiB: 8 · 2^30 ÷ 20 (EIP-198).
const CHEAPEST_MONSTER: Gas = (8 << 30) / 20;

/// True if one of the three lengths is above a GiB and the numbers would really be laid out.
fn is_monstrous(input: &[u8]) -> bool {
    let length = |place: usize| {
        let mut word = [0; 32];
        let there = input.get(place..).unwrap_or_default();
        let there = &there[..there.len().min(32)];
        word[..there.len()].copy_from_slice(there);
        U256::from_be_bytes(word)
    };
    let (base, exponent, modulus) = (length(0), length(32), length(64));
    let is_empty = base.is_zero() && modulus.is_zero();
    !is_empty && base.max(exponent).max(modulus) > U256::from(1_u64 << 30)
}

fn run(precompile: &Standard, input: &[u8], gas: Gas) -> Result<Outcome, Fault> {
    let Ok(limit) = u64::try_from(gas) else { return Ok(out_of_gas()) };
    let output = precompile.execute(input, limit, 0).map_err(|error| Fault::Engine(error.to_string()))?;
    let PrecompileOutput { status, gas_used, bytes, .. } = output;
    let left = limit.checked_sub(gas_used).and_then(|left| Gas::try_from(left).ok());
    Ok(match (status, left) {
        (PrecompileStatus::Halt(PrecompileHalt::OutOfGas), _) | (PrecompileStatus::Success, None) => {
            out_of_gas()
        }
        (PrecompileStatus::Success, Some(left)) => {
            Outcome { output: bytes.to_vec(), ..Outcome::success(left) }
        }
        (PrecompileStatus::Halt(_) | PrecompileStatus::Revert, _) => {
            Outcome::failure(StatusCode::PrecompileFailure, Halted("the precompile does not take this input"))
        }
    })
}

/// The design documents name no price. This is what the ewasm project's own contract for this address charges.
fn keccak(input: &[u8], gas: Gas) -> Outcome {
    const BASE: usize = 60;
    const WORD: usize = 12;
    let price = input.len().div_ceil(32).saturating_mul(WORD).saturating_add(BASE);
    let left = Gas::try_from(price).ok().and_then(|price| gas.checked_sub(price)).filter(|left| *left >= 0);
    left.map_or_else(out_of_gas, |left| Outcome {
        output: keccak256(input).to_vec(),
        ..Outcome::success(left)
    })
}

fn out_of_gas() -> Outcome {
    Outcome::failure(StatusCode::OutOfGas, Halted("out of gas for the precompile"))
}
