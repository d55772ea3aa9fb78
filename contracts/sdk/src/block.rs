//! The block around the call, and its chain.

use crate::{Address, Bytes32, U256, sys};

/// The block's number.
pub fn number() -> u64 {
    sys::block_number()
}

/// The block's time in seconds since 1970.
pub fn timestamp() -> u64 {
    sys::block_timestamp()
}

/// The block's gas limit.
pub fn gas_limit() -> u64 {
    sys::block_gas_limit()
}

/// Who is paid for the block.
pub fn coinbase() -> Address {
    sys::block_coinbase()
}

/// Difficulty of the block, from Paris on its RANDAO value (EIP-4399).
pub fn difficulty() -> U256 {
    sys::block_difficulty()
}

/// The hash of one of the last 256 blocks, if `number` is one of them.
pub fn hash(number: u64) -> Option<Bytes32> {
    sys::block_hash(number)
}

/// The chain's identifier. From Istanbul on (EIP-1344).
#[cfg(feature = "extensions")]
pub fn chain_id() -> U256 {
    sys::chain_id()
}

/// The wei that a unit of gas costs at least. From London on (EIP-3198).
#[cfg(feature = "extensions")]
pub fn base_fee() -> U256 {
    sys::base_fee()
}

/// The RANDAO value of the block before, which a validator can bias by not proposing. From Paris on (EIP-4399).
#[cfg(feature = "extensions")]
pub fn prev_randao() -> U256 {
    sys::prev_randao()
}

/// The wei that a unit of blob gas costs. From Cancun on (EIP-7516).
#[cfg(feature = "extensions")]
pub fn blob_base_fee() -> U256 {
    sys::blob_base_fee()
}
