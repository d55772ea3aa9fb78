//! Contracts of a size, and of another identity each time.

use std::sync::atomic::{AtomicU64, Ordering};

use hebe_benches::{large::repeat, support::contract};

/// A contract of about so many bytes whose `main` ends soon without call data.
pub(crate) fn sized(bytes: usize) -> Vec<u8> {
    let names = ["multiply", "sort", "blake2b", "rlp", "keccak256", "sha256", "token"];
    let contracts: Vec<Vec<u8>> = names.iter().map(|name| contract(&format!("{name}/{name}"))).collect();
    let contracts: Vec<&[u8]> = contracts.iter().map(Vec::as_slice).collect();
    // Parts are added until the size is reached; the one that comes nearest is taken.
    let sizes = (1..=20).map(|step| repeat(&contracts, bytes * step / 20));
    sizes.min_by_key(|code| code.len().abs_diff(bytes)).expect("there are some")
}

/// The contract with a custom section that no other call of this gives.
pub(crate) fn distinct(code: &[u8]) -> Vec<u8> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    // Section 0 of ten bytes: a name of one, and the number.
    [code, &[0, 10, 1, b'n'], &number].concat()
}
