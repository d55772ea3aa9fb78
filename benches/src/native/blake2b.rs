//! `contracts/blake2b/blake2b.c`.

const WORDS: usize = 16;
const BLOCK: usize = 8 * WORDS;
const ROUNDS: usize = 12;

const INITIAL: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// Which word of the block a round takes when (RFC 7693, 2.7).
#[rustfmt::skip]
const SCHEDULE: [[u8; WORDS]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The BLAKE2b-512 hash (RFC 7693) of the input.
pub fn blake2b(input: &[u8]) -> Vec<u8> {
    let mut hash = INITIAL;
    hash[0] ^= 0x0101_0040;
    let mut left = input;
    let mut count = 0;
    while let Some((block, rest)) = left.split_first_chunk::<BLOCK>().filter(|(_, rest)| !rest.is_empty()) {
        count += BLOCK as u64;
        compress(&mut hash, block, count, 0);
        left = rest;
    }
    let mut last = [0; BLOCK];
    last[..left.len()].copy_from_slice(left);
    compress(&mut hash, &last, input.len() as u64, u64::MAX);
    hash.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn compress(hash: &mut [u64; 8], bytes: &[u8; BLOCK], count: u64, last: u64) {
    let mut block = [0; WORDS];
    for (word, bytes) in block.iter_mut().zip(bytes.chunks_exact(8)) {
        *word = u64::from_le_bytes(bytes.try_into().expect("8 bytes"));
    }
    let mut v = [0; WORDS];
    v[..8].copy_from_slice(hash);
    v[8..].copy_from_slice(&INITIAL);
    v[12] ^= count;
    v[14] ^= last;
    for round in 0..ROUNDS {
        let take = &SCHEDULE[round % 10];
        for i in 0..8 {
            let turn = i / 4;
            let at = [i % 4, 4 + (i + turn) % 4, 8 + (i + 2 * turn) % 4, 12 + (i + 3 * turn) % 4];
            mix(&mut v, at, block[usize::from(take[2 * i])], block[usize::from(take[2 * i + 1])]);
        }
    }
    for (i, word) in hash.iter_mut().enumerate() {
        *word ^= v[i] ^ v[i + 8];
    }
}

/// The function G of 3.1.
fn mix(v: &mut [u64; WORDS], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}

#[cfg(test)]
mod tests {
    use blake2::{Blake2b512, Digest};

    use super::blake2b;
    use crate::support::noise;

    /// Oracle: the crate `blake2`.
    #[test]
    fn hashes_as_blake2_does() {
        for length in [0, 1, 127, 128, 129, 256, 1000] {
            let input = noise(length);
            assert_eq!(blake2b(&input), Blake2b512::digest(&input).to_vec(), "{length} bytes");
        }
    }
}
