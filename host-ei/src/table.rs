//! The one list of host functions.

use std::fmt;

/// Calls `$then!` with every host function, a row each:
///
/// ```text
/// module name = rust_function(argument: type, …) -> result, "gas", "what it does";
/// ```
///
/// The import table, the linker of each engine and the documentation expand it.
#[macro_export]
macro_rules! for_each_eei {
    ($then:ident) => { $then! {
ethereum useGas = use_gas(amount: i64) -> (), "the argument", "spends gas";
ethereum getGasLeft = get_gas_left() -> i64, "2", "gas left after this charge";
ethereum getAddress = get_address(result: i32) -> (), "2", "address of the account that runs";
ethereum getExternalBalance = get_external_balance(address: i32, result: i32) -> (), "400", "balance of an account, u128";
ethereum getBlockHash = get_block_hash(number: i64, result: i32) -> i32, "800", "hash of one of the last 256 blocks: 0 found, 1 not, memory untouched";
ethereum getCallDataSize = get_call_data_size() -> i32, "2", "size of the call data in bytes";
ethereum callDataCopy = call_data_copy(result: i32, offset: i32, length: i32) -> (), "3 + 3 per word", "copies call data";
ethereum getCaller = get_caller(result: i32) -> (), "2", "address of the sender";
ethereum getCallValue = get_call_value(result: i32) -> (), "2", "value of the message, u128";
ethereum codeCopy = code_copy(result: i32, offset: i32, length: i32) -> (), "3 + 3 per word", "copies the code that runs, as it stands in the state";
ethereum getCodeSize = get_code_size() -> i32, "2", "size of the code that runs in bytes";
ethereum externalCodeCopy = external_code_copy(address: i32, result: i32, offset: i32, length: i32) -> (), "700 + 3 per word", "copies the code of an account";
ethereum getExternalCodeSize = get_external_code_size(address: i32) -> i32, "700", "size of the code of an account in bytes";
ethereum getBlockCoinbase = get_block_coinbase(result: i32) -> (), "2", "address of the block's beneficiary";
ethereum getBlockDifficulty = get_block_difficulty(result: i32) -> (), "2", "difficulty of the block, u256";
ethereum getBlockGasLimit = get_block_gas_limit() -> i64, "2", "gas limit of the block";
ethereum getTxGasPrice = get_tx_gas_price(result: i32) -> (), "2", "gas price of the transaction, u128";
ethereum log = log(data: i32, length: i32, topics: i32, topic1: i32, topic2: i32, topic3: i32, topic4: i32) -> (), "375 + 375 per topic + 8 per byte", "emits a log entry with 0 to 4 topics";
ethereum getBlockNumber = get_block_number() -> i64, "2", "number of the block";
ethereum getBlockTimestamp = get_block_timestamp() -> i64, "2", "time of the block in seconds since 1970";
ethereum getTxOrigin = get_tx_origin(result: i32) -> (), "2", "address of the transaction's sender";
ethereum storageStore = storage_store(key: i32, value: i32) -> (), "5000, + 15000 from zero to nonzero", "writes a storage slot; clearing one refunds 15000";
ethereum storageLoad = storage_load(key: i32, result: i32) -> (), "200", "reads a storage slot, zeros if it was never set";
ethereum finish = finish(data: i32, length: i32) -> (), "0", "ends with success and output";
ethereum revert = revert(data: i32, length: i32) -> (), "0", "ends with output, undoes every change, keeps the gas left";
ethereum getReturnDataSize = get_return_data_size() -> i32, "2", "size of the last nested call's output in bytes";
ethereum returnDataCopy = return_data_copy(result: i32, offset: i32, length: i32) -> (), "3 + 3 per word", "copies the last nested call's output";
ethereum call = call(gas: i64, address: i32, value: i32, data: i32, length: i32) -> i32, "700, + 9000 for a value, + 25000 for a new account", "calls an account: 0 success, 1 failure, 2 revert";
ethereum callCode = call_code(gas: i64, address: i32, value: i32, data: i32, length: i32) -> i32, "700, + 9000 for a value", "runs another account's code as this one";
ethereum callDelegate = call_delegate(gas: i64, address: i32, data: i32, length: i32) -> i32, "700", "runs another account's code as this one, with this sender and value";
ethereum callStatic = call_static(gas: i64, address: i32, data: i32, length: i32) -> i32, "700", "calls an account, without any change of state";
ethereum create = create(value: i32, data: i32, length: i32, result: i32) -> i32, "32000", "creates a contract from init code: 0 success, address written; 1 failure; 2 revert";
ethereum selfDestruct = self_destruct(beneficiary: i32) -> (), "5000, + 25000 for a balance to a new account", "ends, destroys the account and gives its balance away; refunds 24000";
debug print32 = print32(value: i32) -> (), "0", "prints a number";
debug print64 = print64(value: i64) -> (), "0", "prints a number";
debug printMem = print_mem(offset: i32, length: i32) -> (), "0", "prints memory as text";
debug printMemHex = print_mem_hex(offset: i32, length: i32) -> (), "0", "prints memory in hex";
debug printStorage = print_storage(key: i32) -> (), "0", "prints a storage slot as text";
debug printStorageHex = print_storage_hex(key: i32) -> (), "0", "prints a storage slot in hex";
debug evmTrace = evm_trace(pc: i32, opcode: i32, cost: i32, stack: i32) -> (), "0", "prints a step of translated EVM code";
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

/// A host function as a contract imports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// `ethereum`, or `debug` for functions that exist only when debugging is on.
    pub module: &'static str,
    /// The name that the contract imports.
    pub name: &'static str,
    /// Parameters, with their names.
    pub params: &'static [(&'static str, ValType)],
    /// The result, if there is one.
    pub result: Option<ValType>,
    /// Its gas at Byzantium, in words.
    pub gas: &'static str,
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
    (i32) => {
        ValType::I32
    };
    (i64) => {
        ValType::I64
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

macro_rules! imports {
    ($( $module:ident $name:ident = $function:ident($($arg:ident: $ty:tt),*) -> $result:tt, $gas:literal, $about:literal; )*) => {
        /// Every host function.
        pub const IMPORTS: &[Import] = &[$(Import {
            module: stringify!($module),
            name: stringify!($name),
            params: &[$((stringify!($arg), val_type!($ty))),*],
            result: result_type!($result),
            gas: $gas,
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
        let ethereum: Vec<_> = IMPORTS.iter().filter(|import| !import.is_debug()).collect();
        assert_eq!(ethereum.len(), 33);
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
