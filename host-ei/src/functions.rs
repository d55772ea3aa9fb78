//! The host functions, in files by subject. Every function follows one order: the base charge and
//! what depends on wasm arguments alone; the check for static mode; operands, read and
//! bounds-checked; the rest of the charge; the act; the results.

mod arithmetic;
mod call;
mod context;
mod control;
mod debug;
mod hash;
mod log;
mod memory;
mod storage;

pub use arithmetic::{
    u256_add, u256_addmod, u256_byte, u256_clz, u256_div, u256_exp, u256_lt, u256_mod, u256_mul, u256_mulmod,
    u256_sar, u256_sdiv, u256_shl, u256_shr, u256_sign_extend, u256_slt, u256_smod, u256_sub,
};
pub use call::{call, call_code, call_delegate, call_static, create, create2};
pub use context::{
    get_address, get_base_fee, get_blob_base_fee, get_blob_hash, get_block_coinbase, get_block_difficulty,
    get_block_gas_limit, get_block_hash, get_block_number, get_block_timestamp, get_call_value, get_caller,
    get_chain_id, get_external_balance, get_gas_left, get_prev_randao, get_self_balance, get_tx_gas_price,
    get_tx_origin, use_gas,
};
pub use control::{finish, revert, self_destruct};
pub use debug::{evm_trace, print_mem, print_mem_hex, print_storage, print_storage_hex, print32, print64};
pub use hash::keccak256;
pub use log::log;
pub use memory::{
    call_data_copy, code_copy, external_code_copy, get_call_data_size, get_code_size, get_external_code_hash,
    get_external_code_size, get_return_data_size, return_data_copy,
};
pub use storage::{storage_load, storage_store, transient_load, transient_store};

mod guest;
