//! The Ethereum Environment Interface, for contracts in Rust. A test writes this file from host-ei/src/table.rs.
//!
//! Take it into a crate with `#[path = "…/ethereum.rs"] mod ethereum;`. Gas is not negative. Lengths and offsets are
//! bytes. Reading past the end of a source (call data, code, return data) or outside the memory ends the contract as a
//! failure; nothing is ever padded with zeros. Pointers need no alignment.
#![allow(dead_code)]

/// An account's address, in the order it is written.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Address(pub [u8; 20]);

/// A storage key or value, a log topic, a salt or a hash, in the order it is written.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Bytes32(pub [u8; 32]);

/// 128 bits, little-endian: the low half is first.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct U128(pub [u64; 2]);

/// 256 bits, little-endian: the lowest quarter is first.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct U256(pub [u64; 4]);

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Spends the gas that it is told.
    #[link_name = "useGas"]
    pub fn use_gas(amount: i64);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Gas left after this charge.
    #[link_name = "getGasLeft"]
    pub fn get_gas_left() -> i64;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Address of the account that runs.
    #[link_name = "getAddress"]
    pub fn get_address(result: *mut Address);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Balance of an account, u128.
    #[link_name = "getExternalBalance"]
    pub fn get_external_balance(address: *const Address, result: *mut U128);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Hash of one of the last 256 blocks: 0 found, 1 not, memory untouched.
    #[link_name = "getBlockHash"]
    pub fn get_block_hash(number: i64, result: *mut Bytes32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Size of the call data in bytes.
    #[link_name = "getCallDataSize"]
    pub fn get_call_data_size() -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Copies call data.
    #[link_name = "callDataCopy"]
    pub fn call_data_copy(result: *mut u8, offset: u32, length: u32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Address of the sender.
    #[link_name = "getCaller"]
    pub fn get_caller(result: *mut Address);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Value of the message, u128.
    #[link_name = "getCallValue"]
    pub fn get_call_value(result: *mut U128);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Copies the code that runs, as it stands in the state.
    #[link_name = "codeCopy"]
    pub fn code_copy(result: *mut u8, offset: u32, length: u32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Size of the code that runs in bytes.
    #[link_name = "getCodeSize"]
    pub fn get_code_size() -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Copies the code of an account.
    #[link_name = "externalCodeCopy"]
    pub fn external_code_copy(address: *const Address, result: *mut u8, offset: u32, length: u32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Size of the code of an account in bytes.
    #[link_name = "getExternalCodeSize"]
    pub fn get_external_code_size(address: *const Address) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Address of the block's beneficiary.
    #[link_name = "getBlockCoinbase"]
    pub fn get_block_coinbase(result: *mut Address);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Difficulty of the block, from Paris on its RANDAO value, u256.
    #[link_name = "getBlockDifficulty"]
    pub fn get_block_difficulty(result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Gas limit of the block.
    #[link_name = "getBlockGasLimit"]
    pub fn get_block_gas_limit() -> i64;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Gas price of the transaction, u128.
    #[link_name = "getTxGasPrice"]
    pub fn get_tx_gas_price(result: *mut U128);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Emits a log entry with 0 to 4 topics.
    #[link_name = "log"]
    pub fn log(data: *const u8, length: u32, topics: u32, topic1: *const Bytes32, topic2: *const Bytes32, topic3: *const Bytes32, topic4: *const Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Number of the block.
    #[link_name = "getBlockNumber"]
    pub fn get_block_number() -> i64;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Time of the block in seconds since 1970.
    #[link_name = "getBlockTimestamp"]
    pub fn get_block_timestamp() -> i64;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Address of the transaction's sender.
    #[link_name = "getTxOrigin"]
    pub fn get_tx_origin(result: *mut Address);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Writes a storage slot.
    #[link_name = "storageStore"]
    pub fn storage_store(key: *const Bytes32, value: *const Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Reads a storage slot, zeros if it was never set.
    #[link_name = "storageLoad"]
    pub fn storage_load(key: *const Bytes32, result: *mut Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Ends with success and output.
    #[link_name = "finish"]
    pub fn finish(data: *const u8, length: u32) -> !;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Ends with output, undoes every change, keeps the gas left.
    #[link_name = "revert"]
    pub fn revert(data: *const u8, length: u32) -> !;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Size of the last nested call's output in bytes.
    #[link_name = "getReturnDataSize"]
    pub fn get_return_data_size() -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Copies the last nested call's output.
    #[link_name = "returnDataCopy"]
    pub fn return_data_copy(result: *mut u8, offset: u32, length: u32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Calls an account: 0 success, 1 failure, 2 revert.
    #[link_name = "call"]
    pub fn call(gas: i64, address: *const Address, value: *const U128, data: *const u8, length: u32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Runs another account's code as this one.
    #[link_name = "callCode"]
    pub fn call_code(gas: i64, address: *const Address, value: *const U128, data: *const u8, length: u32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Runs another account's code as this one, with this sender and value.
    #[link_name = "callDelegate"]
    pub fn call_delegate(gas: i64, address: *const Address, data: *const u8, length: u32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Calls an account, without any change of state.
    #[link_name = "callStatic"]
    pub fn call_static(gas: i64, address: *const Address, data: *const u8, length: u32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Creates a contract from init code: 0 success, address written; 1 failure; 2 revert.
    #[link_name = "create"]
    pub fn create(value: *const U128, data: *const u8, length: u32, result: *mut Address) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Ends, destroys the account and gives its balance away.
    #[link_name = "selfDestruct"]
    pub fn self_destruct(beneficiary: *const Address) -> !;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Creates a contract at an address that its init code and a salt decide; answers as create does. From Constantinople on (EIP-1014).
    #[link_name = "create2"]
    pub fn create2(value: *const U128, data: *const u8, length: u32, salt: *const Bytes32, result: *mut Address) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Keccak-256 of the code of an account, zeros if there is no account. From Constantinople on (EIP-1052).
    #[link_name = "getExternalCodeHash"]
    pub fn get_external_code_hash(address: *const Address, result: *mut Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Identifier of the chain, u256. From Istanbul on (EIP-1344).
    #[link_name = "getChainId"]
    pub fn get_chain_id(result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Balance of the account that runs, u128. From Istanbul on (EIP-1884).
    #[link_name = "getSelfBalance"]
    pub fn get_self_balance(result: *mut U128);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Base fee of the block, u256. From London on (EIP-3198).
    #[link_name = "getBaseFee"]
    pub fn get_base_fee(result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// RANDAO value of the block before, u256. From Paris on (EIP-4399).
    #[link_name = "getPrevRandao"]
    pub fn get_prev_randao(result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Reads a slot of transient storage, zeros if it was never set. From Cancun on (EIP-1153).
    #[link_name = "transientLoad"]
    pub fn transient_load(key: *const Bytes32, result: *mut Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Writes a slot of transient storage, which ends with the transaction. From Cancun on (EIP-1153).
    #[link_name = "transientStore"]
    pub fn transient_store(key: *const Bytes32, value: *const Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Versioned hash of a blob of the transaction: 0 found, 1 not, memory untouched. From Cancun on (EIP-4844).
    #[link_name = "getBlobHash"]
    pub fn get_blob_hash(index: u32, result: *mut Bytes32) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Base fee for blobs, u256. From Cancun on (EIP-7516).
    #[link_name = "getBlobBaseFee"]
    pub fn get_blob_base_fee(result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Keccak-256 of memory.
    #[link_name = "keccak256"]
    pub fn keccak256(data: *const u8, length: u32, result: *mut Bytes32);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A + b modulo 2^256.
    #[link_name = "u256Add"]
    pub fn u256_add(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A − b modulo 2^256.
    #[link_name = "u256Sub"]
    pub fn u256_sub(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A · b modulo 2^256.
    #[link_name = "u256Mul"]
    pub fn u256_mul(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A ÷ b, rounded down; 0 if b is 0.
    #[link_name = "u256Div"]
    pub fn u256_div(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A ÷ b, signed, rounded towards 0; 0 if b is 0.
    #[link_name = "u256SDiv"]
    pub fn u256_sdiv(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A modulo b; 0 if b is 0.
    #[link_name = "u256Mod"]
    pub fn u256_mod(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Remainder of a ÷ b, signed as a is; 0 if b is 0.
    #[link_name = "u256SMod"]
    pub fn u256_smod(a: *const U256, b: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A + b modulo the modulus, of the whole sum; 0 if it is 0.
    #[link_name = "u256AddMod"]
    pub fn u256_add_mod(a: *const U256, b: *const U256, modulus: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A · b modulo the modulus, of the whole product; 0 if it is 0.
    #[link_name = "u256MulMod"]
    pub fn u256_mul_mod(a: *const U256, b: *const U256, modulus: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A power modulo 2^256; 0 to the power of 0 is 1.
    #[link_name = "u256Exp"]
    pub fn u256_exp(base: *const U256, exponent: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Extends the sign of the bytes 0 to index of a, counted from the lowest.
    #[link_name = "u256SignExtend"]
    pub fn u256_sign_extend(index: *const U256, a: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// 1 if a is less than b, else 0.
    #[link_name = "u256Lt"]
    pub fn u256_lt(a: *const U256, b: *const U256) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// 1 if a is less than b, signed, else 0.
    #[link_name = "u256SLt"]
    pub fn u256_slt(a: *const U256, b: *const U256) -> u32;
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A byte of a, counted from the highest; 0 beyond the last.
    #[link_name = "u256Byte"]
    pub fn u256_byte(index: *const U256, a: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A · 2^shift modulo 2^256. From Constantinople on (EIP-145).
    #[link_name = "u256Shl"]
    pub fn u256_shl(shift: *const U256, a: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A ÷ 2^shift, rounded down. From Constantinople on (EIP-145).
    #[link_name = "u256Shr"]
    pub fn u256_shr(shift: *const U256, a: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// A ÷ 2^shift, signed, rounded down. From Constantinople on (EIP-145).
    #[link_name = "u256Sar"]
    pub fn u256_sar(shift: *const U256, a: *const U256, result: *mut U256);
}

#[link(wasm_import_module = "ethereum")]
unsafe extern "C" {
    /// Zero bits before the highest that is set; 256 of zero. From Osaka on (EIP-7939).
    #[link_name = "u256Clz"]
    pub fn u256_clz(a: *const U256) -> u32;
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints a number. Only while debugging.
    #[link_name = "print32"]
    pub fn print32(value: u32);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints a number. Only while debugging.
    #[link_name = "print64"]
    pub fn print64(value: i64);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints memory as text. Only while debugging.
    #[link_name = "printMem"]
    pub fn print_mem(offset: *const u8, length: u32);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints memory in hex. Only while debugging.
    #[link_name = "printMemHex"]
    pub fn print_mem_hex(offset: *const u8, length: u32);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints a storage slot as text. Only while debugging.
    #[link_name = "printStorage"]
    pub fn print_storage(key: *const Bytes32);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints a storage slot in hex. Only while debugging.
    #[link_name = "printStorageHex"]
    pub fn print_storage_hex(key: *const Bytes32);
}

#[link(wasm_import_module = "debug")]
unsafe extern "C" {
    /// Prints a step of translated EVM code. Only while debugging.
    #[link_name = "evmTrace"]
    pub fn evm_trace(pc: u32, opcode: u32, cost: u32, stack: u32);
}
