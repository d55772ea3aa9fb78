//! EVMC's binary interface, version 12, as C lays it out.
//!
//! Source: `evmc/evmc.h` of EVMC 12.1. All integers are in the machine's byte order. Every C enum is
//! read as the integer it is, because a number that a Rust enum does not know would be undefined
//! behaviour, and the other side of the edge may send any. For the same reason a C `bool` is a `u8`
//! of which every value but 0 is true, and every function pointer may be null.

use std::ffi::{c_char, c_void};

/// The version of the interface. Both sides must have the same one.
pub const ABI_VERSION: i32 = 12;

/// Bit of [`Message::flags`]: no change of state (EIP-214).
pub const FLAG_STATIC: u32 = 1;
/// Bit of [`Message::flags`]: the code was found through a delegation (EIP-7702).
pub const FLAG_DELEGATED: u32 = 2;

/// Bit of what [`Vm::get_capabilities`] answers: runs EVM code.
pub const CAPABILITY_EVM1: u32 = 1;
/// Bit of what [`Vm::get_capabilities`] answers: runs ewasm code.
pub const CAPABILITY_EWASM: u32 = 2;
/// Bit of what [`Vm::get_capabilities`] answers: runs the precompiled contracts.
pub const CAPABILITY_PRECOMPILES: u32 = 4;

/// Answer of [`Vm::set_option`]: done.
pub const OPTION_SUCCESS: i32 = 0;
/// Answer of [`Vm::set_option`]: no option has this name.
pub const OPTION_INVALID_NAME: i32 = 1;
/// Answer of [`Vm::set_option`]: the option does not take this value.
pub const OPTION_INVALID_VALUE: i32 = 2;

/// `evmc_address`: 20 bytes in the order in which an address is printed.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The bytes.
    pub bytes: [u8; 20],
}

/// `evmc_bytes32` and `evmc_uint256be`: 32 bytes; a number is big-endian.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes32 {
    /// The bytes.
    pub bytes: [u8; 32],
}

/// `evmc_message`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// `evmc_call_kind`.
    pub kind: i32,
    /// [`FLAG_STATIC`], [`FLAG_DELEGATED`].
    pub flags: u32,
    /// Nesting: 0 for a transaction's own message.
    pub depth: i32,
    /// Gas that the message may use.
    pub gas: i64,
    /// The account in whose name the code runs.
    pub recipient: Address,
    /// Who called.
    pub sender: Address,
    /// Call data, or init code when a VM asks its host for a creation.
    pub input_data: *const u8,
    /// Bytes of call data.
    pub input_size: usize,
    /// Value in wei.
    pub value: Bytes32,
    /// Salt of a CREATE2.
    pub create2_salt: Bytes32,
    /// The account whose code runs.
    pub code_address: Address,
    /// The code, where a host already has it. Not read here: `execute` is given the code.
    pub code: *const u8,
    /// Bytes of that code.
    pub code_size: usize,
}

/// `evmc_tx_initcode`: init code that a transaction carries (EIP-7873).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TxInitcode {
    /// Keccak-256 of the code.
    pub hash: Bytes32,
    /// The code.
    pub code: *const u8,
    /// Bytes of the code.
    pub code_size: usize,
}

/// `evmc_tx_context`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TxContext {
    /// Price of gas in wei.
    pub tx_gas_price: Bytes32,
    /// Sender of the transaction.
    pub tx_origin: Address,
    /// Beneficiary of the block.
    pub block_coinbase: Address,
    /// Number of the block.
    pub block_number: i64,
    /// Time of the block in seconds since 1970.
    pub block_timestamp: i64,
    /// Gas limit of the block.
    pub block_gas_limit: i64,
    /// Difficulty of the block, from Paris on its RANDAO value.
    pub block_prev_randao: Bytes32,
    /// Chain identifier.
    pub chain_id: Bytes32,
    /// Base fee of the block in wei.
    pub block_base_fee: Bytes32,
    /// Base fee for blobs in wei.
    pub blob_base_fee: Bytes32,
    /// Versioned hashes of the transaction's blobs.
    pub blob_hashes: *const Bytes32,
    /// How many blob hashes.
    pub blob_hashes_count: usize,
    /// Init codes of the transaction.
    pub initcodes: *const TxInitcode,
    /// How many init codes.
    pub initcodes_count: usize,
}

/// `evmc_result`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ExecutionResult {
    /// `evmc_status_code`.
    pub status_code: i32,
    /// Gas that was not used.
    pub gas_left: i64,
    /// Gas to refund, may be negative.
    pub gas_refund: i64,
    /// Output; null if there is none.
    pub output_data: *const u8,
    /// Bytes of output.
    pub output_size: usize,
    /// Frees what belongs to the result, called exactly once if not null.
    pub release: Option<unsafe extern "C" fn(result: *const Self)>,
    /// The new contract's address, from a host after a successful create.
    pub create_address: Address,
    /// Nothing.
    pub padding: [u8; 4],
}

/// `evmc_host_interface`: what a client answers. The first argument is always the `context` that
/// was given to `execute`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct HostInterface {
    /// True if the account exists.
    pub account_exists: Option<unsafe extern "C" fn(*mut c_void, *const Address) -> u8>,
    /// The value of a storage slot (address, key).
    pub get_storage: Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Bytes32) -> Bytes32>,
    /// Writes a storage slot (address, key, value); answers `evmc_storage_status`.
    pub set_storage:
        Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Bytes32, *const Bytes32) -> i32>,
    /// A balance in wei.
    pub get_balance: Option<unsafe extern "C" fn(*mut c_void, *const Address) -> Bytes32>,
    /// Bytes of an account's code.
    pub get_code_size: Option<unsafe extern "C" fn(*mut c_void, *const Address) -> usize>,
    /// Keccak-256 of an account's code.
    pub get_code_hash: Option<unsafe extern "C" fn(*mut c_void, *const Address) -> Bytes32>,
    /// Copies code (address, offset, buffer, size of the buffer); answers how many bytes.
    pub copy_code: Option<unsafe extern "C" fn(*mut c_void, *const Address, usize, *mut u8, usize) -> usize>,
    /// Destroys an account (address, beneficiary); true if that is new.
    pub selfdestruct: Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Address) -> u8>,
    /// Runs a nested message.
    pub call: Option<unsafe extern "C" fn(*mut c_void, *const Message) -> ExecutionResult>,
    /// The transaction and the block.
    pub get_tx_context: Option<unsafe extern "C" fn(*mut c_void) -> TxContext>,
    /// The hash of a block.
    pub get_block_hash: Option<unsafe extern "C" fn(*mut c_void, i64) -> Bytes32>,
    /// Emits a log entry (address, data, bytes of data, topics, how many topics).
    pub emit_log:
        Option<unsafe extern "C" fn(*mut c_void, *const Address, *const u8, usize, *const Bytes32, usize)>,
    /// Marks an account as accessed; 0 cold, 1 warm.
    pub access_account: Option<unsafe extern "C" fn(*mut c_void, *const Address) -> i32>,
    /// Marks a storage slot (address, key) as accessed; 0 cold, 1 warm.
    pub access_storage: Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Bytes32) -> i32>,
    /// The value of a transient storage slot (address, key).
    pub get_transient_storage:
        Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Bytes32) -> Bytes32>,
    /// Writes a transient storage slot (address, key, value).
    pub set_transient_storage:
        Option<unsafe extern "C" fn(*mut c_void, *const Address, *const Bytes32, *const Bytes32)>,
}

/// `evmc_get_capabilities_fn`.
pub type GetCapabilitiesFn = unsafe extern "C" fn(*mut Vm) -> u32;

/// `evmc_execute_fn`: VM, host interface, its context, revision, message, code, bytes of code.
pub type ExecuteFn = unsafe extern "C" fn(
    *mut Vm,
    *const HostInterface,
    *mut c_void,
    i32,
    *const Message,
    *const u8,
    usize,
) -> ExecutionResult;

/// `evmc_create_fn`: what a library exports as `evmc_create_NAME` or `evmc_create`.
pub type CreateFn = unsafe extern "C" fn() -> *mut Vm;

/// `evmc_vm`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Vm {
    /// The version of the interface that the VM was built for.
    pub abi_version: i32,
    /// The VM's name, never empty.
    pub name: *const c_char,
    /// The VM's own version, never empty.
    pub version: *const c_char,
    /// Ends the VM.
    pub destroy: Option<unsafe extern "C" fn(*mut Self)>,
    /// Runs code.
    pub execute: Option<ExecuteFn>,
    /// [`CAPABILITY_EVM1`], [`CAPABILITY_EWASM`], [`CAPABILITY_PRECOMPILES`].
    pub get_capabilities: Option<GetCapabilitiesFn>,
    /// Sets an option (name, value); null if the VM has none.
    pub set_option: Option<unsafe extern "C" fn(*mut Self, *const c_char, *const c_char) -> i32>,
}

/// Fails to compile when a size or an offset is not C's.
#[cfg(target_pointer_width = "64")]
macro_rules! layout {
    ($( $ty:ident $size:literal { $($field:ident $offset:literal),* $(,)? } )*) => {$(
        const _: () = {
            assert!(size_of::<$ty>() == $size);
            $(assert!(std::mem::offset_of!($ty, $field) == $offset);)*
        };
    )*};
}

#[cfg(target_pointer_width = "64")]
layout! {
    Address 20 { bytes 0 }
    Bytes32 32 { bytes 0 }
    Message 184 {
        kind 0, flags 4, depth 8, gas 16, recipient 24, sender 44, input_data 64, input_size 72, value 80,
        create2_salt 112, code_address 144, code 168, code_size 176,
    }
    TxContext 256 {
        tx_gas_price 0, tx_origin 32, block_coinbase 52, block_number 72, block_timestamp 80,
        block_gas_limit 88, block_prev_randao 96, chain_id 128, block_base_fee 160, blob_base_fee 192,
        blob_hashes 224, blob_hashes_count 232, initcodes 240, initcodes_count 248,
    }
    TxInitcode 48 { hash 0, code 32, code_size 40 }
    ExecutionResult 72 {
        status_code 0, gas_left 8, gas_refund 16, output_data 24, output_size 32, release 40,
        create_address 48, padding 68,
    }
    Vm 56 {
        abi_version 0, name 8, version 16, destroy 24, execute 32, get_capabilities 40, set_option 48,
    }
    HostInterface 128 {
        account_exists 0, get_storage 8, set_storage 16, get_balance 24, get_code_size 32,
        get_code_hash 40, copy_code 48, selfdestruct 56, call 64, get_tx_context 72, get_block_hash 80,
        emit_log 88, access_account 96, access_storage 104, get_transient_storage 112,
        set_transient_storage 120,
    }
}
