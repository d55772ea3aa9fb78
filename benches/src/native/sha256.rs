//! `contracts/sha256/sha256.c`.

const BLOCK: usize = 64;
const LENGTH_AT: usize = 56;

const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

const ROUND_CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

/// The SHA-256 hash (FIPS 180-4) of the input.
pub fn sha256(input: &[u8]) -> Vec<u8> {
    let mut hash = INITIAL;
    let mut blocks = input.chunks_exact(BLOCK);
    for block in &mut blocks {
        compress(&mut hash, block);
    }
    let rest = blocks.remainder();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    if rest.len() >= LENGTH_AT {
        compress(&mut hash, &last);
        last = [0; BLOCK];
    }
    last[LENGTH_AT..].copy_from_slice(&(8 * input.len() as u64).to_be_bytes());
    compress(&mut hash, &last);
    hash.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn compress(hash: &mut [u32; 8], block: &[u8]) {
    let mut w = [0_u32; 64];
    for (word, bytes) in w.iter_mut().zip(block.chunks_exact(4)) {
        *word = u32::from_be_bytes(bytes.try_into().expect("4 bytes"));
    }
    for t in 16..64 {
        let (x, y) = (w[t - 15], w[t - 2]);
        w[t] = w[t - 16]
            .wrapping_add(w[t - 7])
            .wrapping_add(x.rotate_right(7) ^ x.rotate_right(18) ^ x >> 3)
            .wrapping_add(y.rotate_right(17) ^ y.rotate_right(19) ^ y >> 10);
    }

    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *hash;
    for t in 0..64 {
        let choice = (e & f) ^ (!e & g);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let first = h
            .wrapping_add(ROUND_CONSTANTS[t])
            .wrapping_add(w[t])
            .wrapping_add(choice)
            .wrapping_add(e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25));
        let second = majority.wrapping_add(a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22));
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(second));
    }
    for (word, by) in hash.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(by);
    }
}

#[cfg(test)]
mod tests {
    use super::sha256;

    /// FIPS 180-4's examples for "abc" and 56 letters, whose padding takes a block of its own.
    #[test]
    fn examples_of_the_standard() {
        let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        let table: [(&[u8], [u8; 8]); 2] = [
            (b"abc", [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea]),
            (long, [0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8]),
        ];
        for (input, start) in table {
            assert_eq!(sha256(input)[..8], start);
        }
    }
}
