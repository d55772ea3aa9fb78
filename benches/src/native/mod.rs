//! The kernels of `contracts/` in Rust: the same algorithms, step by step, to be compiled to native code.

mod blake2b;
mod keccak;
mod modular;
mod sha256;
pub mod transfers;

pub use blake2b::blake2b;
pub use keccak::keccak256;
pub use modular::{modexp, mulmod};
pub use sha256::sha256;
pub use transfers::transfers;

/// `contracts/xorshift`: seed and rounds, 32 bytes each.
pub fn xorshift(input: &[u8]) -> Vec<u8> {
    let low = |at: usize| u64::from_be_bytes(input[at + 24..at + 32].try_into().expect("8 bytes"));
    let (mut x, rounds) = (low(0), low(32));
    for _ in 0..rounds {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    [&[0; 24][..], &x.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1 ^ 1 << 13 = 0x2001; >> 7 is 0x40, so 0x2041; << 17 is 0x40820000, so 0x40822041.
    #[test]
    fn a_round_of_xorshift() {
        let mut input = [0; 64];
        (input[31], input[63]) = (1, 1);
        assert_eq!(xorshift(&input)[24..], 0x4082_2041_u64.to_be_bytes());
    }
}
