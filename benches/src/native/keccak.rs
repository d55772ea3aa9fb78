//! `contracts/lib/keccak.c`.

const LANES: usize = 25;
const BLOCK: usize = 136;

/// The Keccak-256 hash of the input.
pub fn keccak256(input: &[u8]) -> Vec<u8> {
    let mut state = [0; LANES];
    let mut blocks = input.chunks_exact(BLOCK);
    for block in &mut blocks {
        absorb(&mut state, block);
    }
    let rest = blocks.remainder();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x01;
    last[BLOCK - 1] |= 0x80;
    absorb(&mut state, &last);
    state.iter().flat_map(|lane| lane.to_le_bytes()).take(32).collect()
}

fn absorb(state: &mut [u64; LANES], block: &[u8]) {
    for (lane, bytes) in state.iter_mut().zip(block.chunks_exact(8)) {
        *lane ^= u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
    }
    permute(state);
}

fn permute(a: &mut [u64; LANES]) {
    let mut shift_register = 1_u32;
    for _ in 0..24 {
        let mut parity = [0; 5];
        for (x, parity) in parity.iter_mut().enumerate() {
            *parity = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for x in 0..5 {
            let change = parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1);
            for y in (0..25).step_by(5) {
                a[x + y] ^= change;
            }
        }

        let (mut x, mut y, mut offset) = (1, 0, 0);
        let mut lane = a[1];
        for t in 1..=24 {
            let next = (2 * x + 3 * y) % 5;
            (x, y) = (y, next);
            offset += t;
            let displaced = a[x + 5 * y];
            a[x + 5 * y] = lane.rotate_left(offset & 63);
            lane = displaced;
        }

        for row in a.chunks_exact_mut(5) {
            let (first, second) = (row[0], row[1]);
            row[0] ^= !row[1] & row[2];
            row[1] ^= !row[2] & row[3];
            row[2] ^= !row[3] & row[4];
            row[3] ^= !row[4] & first;
            row[4] ^= !first & second;
        }

        for j in 0..7 {
            a[0] ^= u64::from(shift_register & 1) << ((1 << j) - 1);
            shift_register <<= 1;
            if shift_register & 0x100 != 0 {
                shift_register ^= 0x171;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sha3::{Digest, Keccak256};

    use super::keccak256;
    use crate::support::noise;

    /// Oracle: the crate `sha3`.
    #[test]
    fn hashes_as_sha3_does() {
        for length in [0, 1, 135, 136, 137, 1000] {
            let input = noise(length);
            assert_eq!(keccak256(&input), Keccak256::digest(&input).to_vec(), "{length} bytes");
        }
    }
}
