//! Keccak-256.

use crate::Bytes32;

/// Keccak-256 of `data`: a host function with the feature `extensions`, else wasm.
pub fn keccak256(data: &[u8]) -> Bytes32 {
    let mut hash = Bytes32::ZERO;
    keccak256_to(data, &mut hash.0);
    hash
}

/// The same, written to where it is wanted.
pub(crate) fn keccak256_to(data: &[u8], hash: &mut [u8; 32]) {
    #[cfg(any(feature = "extensions", not(target_family = "wasm")))]
    crate::sys::keccak256(data, hash);
    #[cfg(not(any(feature = "extensions", not(target_family = "wasm"))))]
    sponge(data, hash);
}

/// The sponge around the permutation, as small as it can be: 136 bytes a block, `0x01 … 0x80` behind the data.
#[cfg(any(test, all(target_family = "wasm", not(feature = "extensions"))))]
#[inline(never)]
fn sponge(data: &[u8], hash: &mut [u8; 32]) {
    const BLOCK: usize = 136;
    let mut state = [0_u64; 25];
    let add = |state: &mut [u64; 25], at: usize, byte: u8| {
        if let Some(lane) = state.get_mut(at / 8) {
            *lane ^= u64::from(byte) << (at % 8 * 8);
        }
    };
    let permute = |state: &mut [u64; 25]| keccak::Keccak::new().with_f1600(|f1600| f1600(state));
    let mut at = 0;
    for byte in data {
        add(&mut state, at, *byte);
        at += 1;
        if at == BLOCK {
            permute(&mut state);
            at = 0;
        }
    }
    add(&mut state, at, 0x01);
    add(&mut state, BLOCK - 1, 0x80);
    permute(&mut state);
    for (place, lane) in hash.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        *place = lane.to_le_bytes();
    }
}

/// The same for constants.
pub(crate) const fn at_compile_time(data: &[u8]) -> [u8; 32] {
    keccak_const::Keccak256::new().update(data).finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three ways to the same hash, around the ends of blocks. The RustCrypto project's is the reference.
    #[test]
    fn the_hashes_agree() {
        let data: alloc::vec::Vec<u8> = (0..=u8::MAX).chain(0..=u8::MAX).collect();
        for length in 0..data.len() {
            let expected = keccak256(&data[..length]).0;
            let mut hash = [0; 32];
            sponge(&data[..length], &mut hash);
            assert_eq!(hash, expected, "{length}");
            assert_eq!(at_compile_time(&data[..length]), expected, "{length}");
        }
    }
}
