//! Hashing.

use sha3::{Digest, Keccak256};

use crate::{Guest, Halt, Host};

use super::guest::words;

/// `keccak256(data, length, result)`: writes the 32 bytes of the Keccak-256 of memory, as the EVM hashes.
pub fn keccak256<H: Host>(g: &mut Guest<'_, H>, data: i32, length: i32, result: i32) -> Result<(), Halt> {
    let schedule = g.frame.schedule;
    g.charge(schedule.keccak + words(length) * schedule.keccak_word)?;
    let hash = Keccak256::digest(g.bytes(data, length)?);
    g.write(result, &hash)
}
