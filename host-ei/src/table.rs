//! The one list of host functions.

use std::fmt;

use crate::{Gas, GasEntry, GasKind, Revision};

/// Calls `$then!` with every host function, a row each:
///
/// ```text
/// module name = rust_function(argument: type, …) -> result, since, [gas entries], "what it does";
/// ```
///
/// Types are those of [`abi`](crate::abi). `since` is `r4` for revision 4 of the interface, which exists in every revision of
/// Ethereum; else the first revision and the source. The import table, the linker of each engine, the documentation, the bindings
/// for contracts and `hebe schedule` expand it.
#[macro_export]
macro_rules! for_each_eei {
    ($then:ident) => { $then! {
ethereum useGas = use_gas(amount: i64) -> (), r4, [], "spends the gas that it is told";
ethereum getGasLeft = get_gas_left() -> i64, r4, [base], "gas left after this charge";
ethereum getAddress = get_address(result: AddressOut) -> (), r4, [base], "address of the account that runs";
ethereum getExternalBalance = get_external_balance(address: AddressIn, result: U128Out) -> (), r4, [balance, cold_account], "balance of an account, u128";
ethereum getBlockHash = get_block_hash(number: i64, result: Bytes32Out) -> i32, r4, [block_hash], "hash of one of the last 256 blocks: 0 found, 1 not, memory untouched";
ethereum getCallDataSize = get_call_data_size() -> i32, r4, [base], "size of the call data in bytes";
ethereum callDataCopy = call_data_copy(result: BytesOut, offset: i32, length: i32) -> (), r4, [copy, copy_word], "copies call data";
ethereum getCaller = get_caller(result: AddressOut) -> (), r4, [base], "address of the sender";
ethereum getCallValue = get_call_value(result: U128Out) -> (), r4, [base], "value of the message, u128";
ethereum codeCopy = code_copy(result: BytesOut, offset: i32, length: i32) -> (), r4, [copy, copy_word], "copies the code that runs, as it stands in the state";
ethereum getCodeSize = get_code_size() -> i32, r4, [base], "size of the code that runs in bytes";
ethereum externalCodeCopy = external_code_copy(address: AddressIn, result: BytesOut, offset: i32, length: i32) -> (), r4, [external_code, copy_word, cold_account], "copies the code of an account";
ethereum getExternalCodeSize = get_external_code_size(address: AddressIn) -> i32, r4, [external_code, cold_account], "size of the code of an account in bytes";
ethereum getBlockCoinbase = get_block_coinbase(result: AddressOut) -> (), r4, [base], "address of the block's beneficiary";
ethereum getBlockDifficulty = get_block_difficulty(result: U256Out) -> (), r4, [base], "difficulty of the block, from Paris on its RANDAO value, u256";
ethereum getBlockGasLimit = get_block_gas_limit() -> i64, r4, [base], "gas limit of the block";
ethereum getTxGasPrice = get_tx_gas_price(result: U128Out) -> (), r4, [base], "gas price of the transaction, u128";
ethereum log = log(data: BytesIn, length: i32, topics: i32, topic1: Bytes32In, topic2: Bytes32In, topic3: Bytes32In, topic4: Bytes32In) -> (), r4, [log, log_topic, log_byte], "emits a log entry with 0 to 4 topics";
ethereum getBlockNumber = get_block_number() -> i64, r4, [base], "number of the block";
ethereum getBlockTimestamp = get_block_timestamp() -> i64, r4, [base], "time of the block in seconds since 1970";
ethereum getTxOrigin = get_tx_origin(result: AddressOut) -> (), r4, [base], "address of the transaction's sender";
ethereum storageStore = storage_store(key: Bytes32In, value: Bytes32In) -> (), r4, [storage_store, storage_store_cold, storage_add, storage_change, storage_clear_refund, storage_reserve], "writes a storage slot";
ethereum storageLoad = storage_load(key: Bytes32In, result: Bytes32Out) -> (), r4, [storage_load, cold_slot], "reads a storage slot, zeros if it was never set";
ethereum finish = finish(data: BytesIn, length: i32) -> (), r4, [], "ends with success and output";
ethereum revert = revert(data: BytesIn, length: i32) -> (), r4, [], "ends with output, undoes every change, keeps the gas left";
ethereum getReturnDataSize = get_return_data_size() -> i32, r4, [base], "size of the last nested call's output in bytes";
ethereum returnDataCopy = return_data_copy(result: BytesOut, offset: i32, length: i32) -> (), r4, [copy, copy_word], "copies the last nested call's output";
ethereum call = call(gas: i64, address: AddressIn, value: U128In, data: BytesIn, length: i32) -> i32, r4, [call, cold_account, delegate, call_value, call_new_account, call_empty_new_account, call_stipend, kept_part], "calls an account: 0 success, 1 failure, 2 revert";
ethereum callCode = call_code(gas: i64, address: AddressIn, value: U128In, data: BytesIn, length: i32) -> i32, r4, [call, cold_account, delegate, call_value, call_stipend, kept_part], "runs another account's code as this one";
ethereum callDelegate = call_delegate(gas: i64, address: AddressIn, data: BytesIn, length: i32) -> i32, r4, [call, cold_account, delegate, kept_part], "runs another account's code as this one, with this sender and value";
ethereum callStatic = call_static(gas: i64, address: AddressIn, data: BytesIn, length: i32) -> i32, r4, [call, cold_account, delegate, kept_part], "calls an account, without any change of state";
ethereum create = create(value: U128In, data: BytesIn, length: i32, result: AddressOut) -> i32, r4, [create, init_code_word, most_init_code, kept_part], "creates a contract from init code: 0 success, address written; 1 failure; 2 revert";
ethereum selfDestruct = self_destruct(beneficiary: AddressIn) -> (), r4, [self_destruct, self_destruct_cold, self_destruct_new_account, self_destruct_empty_new_account, self_destruct_refund], "ends, destroys the account and gives its balance away";
ethereum create2 = create2(value: U128In, data: BytesIn, length: i32, salt: Bytes32In, result: AddressOut) -> i32, (Constantinople "EIP-1014"), [create, init_code_word, create2_word, most_init_code, kept_part], "creates a contract at an address that its init code and a salt decide; answers as create does";
ethereum getExternalCodeHash = get_external_code_hash(address: AddressIn, result: Bytes32Out) -> (), (Constantinople "EIP-1052"), [external_code_hash, cold_account], "Keccak-256 of the code of an account, zeros if there is no account";
ethereum getChainId = get_chain_id(result: U256Out) -> (), (Istanbul "EIP-1344"), [base], "identifier of the chain, u256";
ethereum getSelfBalance = get_self_balance(result: U128Out) -> (), (Istanbul "EIP-1884"), [self_balance], "balance of the account that runs, u128";
ethereum getBaseFee = get_base_fee(result: U256Out) -> (), (London "EIP-3198"), [base], "base fee of the block, u256";
ethereum getPrevRandao = get_prev_randao(result: U256Out) -> (), (Paris "EIP-4399"), [base], "RANDAO value of the block before, u256";
ethereum transientLoad = transient_load(key: Bytes32In, result: Bytes32Out) -> (), (Cancun "EIP-1153"), [transient], "reads a slot of transient storage, zeros if it was never set";
ethereum transientStore = transient_store(key: Bytes32In, value: Bytes32In) -> (), (Cancun "EIP-1153"), [transient], "writes a slot of transient storage, which ends with the transaction";
ethereum getBlobHash = get_blob_hash(index: i32, result: Bytes32Out) -> i32, (Cancun "EIP-4844"), [blob_hash], "versioned hash of a blob of the transaction: 0 found, 1 not, memory untouched";
ethereum getBlobBaseFee = get_blob_base_fee(result: U256Out) -> (), (Cancun "EIP-7516"), [base], "base fee for blobs, u256";
ethereum keccak256 = keccak256(data: BytesIn, length: i32, result: Bytes32Out) -> (), (Frontier "Yellow Paper"), [keccak, keccak_word], "Keccak-256 of memory";
ethereum u256Add = u256_add(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [very_low], "a + b modulo 2^256";
ethereum u256Sub = u256_sub(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [very_low], "a − b modulo 2^256";
ethereum u256Mul = u256_mul(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "a · b modulo 2^256";
ethereum u256Div = u256_div(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "a ÷ b, rounded down; 0 if b is 0";
ethereum u256SDiv = u256_sdiv(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "a ÷ b, signed, rounded towards 0; 0 if b is 0";
ethereum u256Mod = u256_mod(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "a modulo b; 0 if b is 0";
ethereum u256SMod = u256_smod(a: U256In, b: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "remainder of a ÷ b, signed as a is; 0 if b is 0";
ethereum u256AddMod = u256_addmod(a: U256In, b: U256In, modulus: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [mid], "a + b modulo the modulus, of the whole sum; 0 if it is 0";
ethereum u256MulMod = u256_mulmod(a: U256In, b: U256In, modulus: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [mid], "a · b modulo the modulus, of the whole product; 0 if it is 0";
ethereum u256Exp = u256_exp(base: U256In, exponent: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [exp, exp_byte], "a power modulo 2^256; 0 to the power of 0 is 1";
ethereum u256SignExtend = u256_sign_extend(index: U256In, a: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [low], "extends the sign of the bytes 0 to index of a, counted from the lowest";
ethereum u256Lt = u256_lt(a: U256In, b: U256In) -> i32, (Frontier "Yellow Paper"), [very_low], "1 if a is less than b, else 0";
ethereum u256SLt = u256_slt(a: U256In, b: U256In) -> i32, (Frontier "Yellow Paper"), [very_low], "1 if a is less than b, signed, else 0";
ethereum u256Byte = u256_byte(index: U256In, a: U256In, result: U256Out) -> (), (Frontier "Yellow Paper"), [very_low], "a byte of a, counted from the highest; 0 beyond the last";
ethereum u256Shl = u256_shl(shift: U256In, a: U256In, result: U256Out) -> (), (Constantinople "EIP-145"), [very_low], "a · 2^shift modulo 2^256";
ethereum u256Shr = u256_shr(shift: U256In, a: U256In, result: U256Out) -> (), (Constantinople "EIP-145"), [very_low], "a ÷ 2^shift, rounded down";
ethereum u256Sar = u256_sar(shift: U256In, a: U256In, result: U256Out) -> (), (Constantinople "EIP-145"), [very_low], "a ÷ 2^shift, signed, rounded down";
ethereum u256Clz = u256_clz(a: U256In) -> i32, (Osaka "EIP-7939"), [count_zeros], "zero bits before the highest that is set; 256 of zero";
debug print32 = print32(value: i32) -> (), r4, [], "prints a number";
debug print64 = print64(value: i64) -> (), r4, [], "prints a number";
debug printMem = print_mem(offset: BytesIn, length: i32) -> (), r4, [], "prints memory as text";
debug printMemHex = print_mem_hex(offset: BytesIn, length: i32) -> (), r4, [], "prints memory in hex";
debug printStorage = print_storage(key: Bytes32In) -> (), r4, [], "prints a storage slot as text";
debug printStorageHex = print_storage_hex(key: Bytes32In) -> (), r4, [], "prints a storage slot in hex";
debug evmTrace = evm_trace(pc: i32, opcode: i32, cost: i32, stack: i32) -> (), r4, [], "prints a step of translated EVM code";
    } };
}

/// A type that host functions take and give. Pointers and lengths are u32 carried by an `I32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
        })
    }
}

/// What an argument means, by its type in [`abi`](crate::abi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// A number.
    Number,
    /// A pointer to 20 bytes that are read.
    AddressIn,
    /// A pointer to where 20 bytes are written.
    AddressOut,
    /// A pointer to 32 bytes that are read.
    Bytes32In,
    /// A pointer to where 32 bytes are written.
    Bytes32Out,
    /// A pointer to a little-endian u128 that is read.
    U128In,
    /// A pointer to where a little-endian u128 is written.
    U128Out,
    /// A pointer to a little-endian u256 that is read.
    U256In,
    /// A pointer to where a little-endian u256 is written.
    U256Out,
    /// A pointer to bytes that are read, so many as another argument says.
    BytesIn,
    /// A pointer to where bytes are written, so many as another argument says.
    BytesOut,
}

/// From when on there is a host function that revision 4 of the interface does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Since {
    /// The first revision of Ethereum.
    pub revision: Revision,
    /// Where its twin in the EVM is defined.
    pub source: &'static str,
}

/// A host function as a contract imports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// `ethereum`, or `debug` for functions that exist only when debugging is on.
    pub module: &'static str,
    /// The name that the contract imports.
    pub name: &'static str,
    /// Parameters, with their names.
    pub params: &'static [(&'static str, ValType)],
    /// What each parameter means.
    pub meanings: &'static [Meaning],
    /// The result, if there is one.
    pub result: Option<ValType>,
    /// From when on there is it; none for those of revision 4 of the interface, which always are.
    pub since: Option<Since>,
    /// The numbers of a gas schedule by which it is charged.
    pub gas: &'static [GasEntry],
    /// What it does.
    pub about: &'static str,
}

impl Import {
    /// The host function with this module and name. Both are matched whole.
    pub fn find(module: &str, name: &str) -> Option<&'static Self> {
        IMPORTS.iter().find(|import| import.module == module && import.name == name)
    }

    /// True if it exists only when debugging is on.
    pub fn is_debug(&self) -> bool {
        self.module == "debug"
    }

    /// True if there is it at this revision.
    pub fn exists_at(&self, revision: Revision) -> bool {
        self.since.is_none_or(|since| since.revision <= revision)
    }

    /// True if it never returns to the contract.
    pub fn is_end(&self) -> bool {
        matches!(self.name, "finish" | "revert" | "selfDestruct")
    }

    /// The numbers by which it is charged at a revision: those that are not 0, and where each is written.
    pub fn numbers_at(&self, revision: Revision) -> impl Iterator<Item = (GasEntry, Gas, &'static str)> {
        let since = self.since;
        self.gas.iter().filter_map(move |entry| {
            let edit = entry.edit(revision).filter(|edit| edit.gas != 0)?;
            // A later function takes a price of the Yellow Paper because its own document says so.
            let source = match since {
                Some(since) if since.revision > Revision::Frontier && edit.revision == Revision::Frontier => {
                    since.source
                }
                _ => edit.source,
            };
            Some((*entry, edit.gas, source))
        })
    }

    /// What it is charged at a revision, in words.
    pub fn gas_at(&self, revision: Revision) -> String {
        let charges = self.numbers_at(revision).filter(|(entry, ..)| entry.kind() == GasKind::Charge);
        let charges = charges.map(|(entry, gas, _)| format!("{gas} {}", entry.when()).trim_end().to_owned());
        let charges: Vec<String> = charges.collect();
        match () {
            () if self.name == "useGas" => "the argument".to_owned(),
            () if charges.is_empty() => "0".to_owned(),
            () => charges.join(" + "),
        }
    }
}

impl fmt::Display for Import {
    /// The signature: `storageLoad(key: i32, result: i32)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name)?;
        for (index, (name, ty)) in self.params.iter().enumerate() {
            write!(f, "{}{name}: {ty}", if index == 0 { "" } else { ", " })?;
        }
        f.write_str(")")?;
        self.result.map_or(Ok(()), |ty| write!(f, " -> {ty}"))
    }
}

macro_rules! val_type {
    (i64) => {
        ValType::I64
    };
    ($i32_or_pointer:tt) => {
        ValType::I32
    };
}

macro_rules! meaning {
    (i32) => {
        Meaning::Number
    };
    (i64) => {
        Meaning::Number
    };
    ($pointer:tt) => {
        Meaning::$pointer
    };
}

macro_rules! result_type {
    (()) => {
        None
    };
    ($ty:tt) => {
        Some(val_type!($ty))
    };
}

macro_rules! since {
    (r4) => {
        None
    };
    (($revision:ident $source:literal)) => {
        Some(Since { revision: Revision::$revision, source: $source })
    };
}

macro_rules! imports {
    ($( $module:ident $name:ident = $function:ident($($arg:ident: $ty:tt),*) -> $result:tt, $since:tt, [$($gas:ident),*], $about:literal; )*) => {
        /// Every host function.
        pub const IMPORTS: &[Import] = &[$(Import {
            module: stringify!($module),
            name: stringify!($name),
            params: &[$((stringify!($arg), val_type!($ty))),*],
            meanings: &[$(meaning!($ty)),*],
            result: result_type!($result),
            since: since!($since),
            gas: &[$(GasEntry::$gas),*],
            about: $about,
        }),*];
    };
}
for_each_eei!(imports);

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: `eth_interface.md` revision 4 of the ewasm design documents: its functions are 33.
    #[test]
    fn revision_4_is_complete_and_named_once() {
        let r4 = IMPORTS.iter().filter(|import| !import.is_debug() && import.since.is_none());
        assert_eq!(r4.count(), 33);
        for import in IMPORTS {
            assert_eq!(Import::find(import.module, import.name), Some(import));
        }
        assert_eq!(Import::find("ethereum", "getgasleft"), None);
        assert_eq!(Import::find("ethereum", "getGasLef"), None);
        assert_eq!(Import::find("debug", "getGasLeft"), None);
    }

    /// Source: `eth_interface.md`, `call` and `storageLoad`.
    #[test]
    fn signatures_read_as_documented() {
        let text = |name| Import::find("ethereum", name).expect("known").to_string();
        assert_eq!(text("call"), "call(gas: i64, address: i32, value: i32, data: i32, length: i32) -> i32");
        assert_eq!(text("storageLoad"), "storageLoad(key: i32, result: i32)");
    }
}
