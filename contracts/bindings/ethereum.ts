// The Ethereum Environment Interface, for contracts in AssemblyScript. A test writes this file from host-ei/src/table.rs.
//
// A pointer is a usize: that of an address to 20 bytes, of a bytes32 or a u256 to 32, of a u128 to 16. Addresses and bytes32
// are in the order they are written, numbers little-endian. Gas is not negative. Reading past the end of a source (call data,
// code, return data) or outside the memory ends the contract as a failure; nothing is ever padded with zeros.

/** Spends the gas that it is told. */
// @ts-ignore: decorator
@external("ethereum", "useGas")
export declare function useGas(amount: i64): void;

/** Gas left after this charge. */
// @ts-ignore: decorator
@external("ethereum", "getGasLeft")
export declare function getGasLeft(): i64;

/** Address of the account that runs. @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "getAddress")
export declare function getAddress(result: usize): void;

/** Balance of an account, u128. @param address an address @param result a u128, written */
// @ts-ignore: decorator
@external("ethereum", "getExternalBalance")
export declare function getExternalBalance(address: usize, result: usize): void;

/** Hash of one of the last 256 blocks: 0 found, 1 not, memory untouched. @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "getBlockHash")
export declare function getBlockHash(number: i64, result: usize): u32;

/** Size of the call data in bytes. */
// @ts-ignore: decorator
@external("ethereum", "getCallDataSize")
export declare function getCallDataSize(): u32;

/** Copies call data. @param result bytes, written */
// @ts-ignore: decorator
@external("ethereum", "callDataCopy")
export declare function callDataCopy(result: usize, offset: u32, length: u32): void;

/** Address of the sender. @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "getCaller")
export declare function getCaller(result: usize): void;

/** Value of the message, u128. @param result a u128, written */
// @ts-ignore: decorator
@external("ethereum", "getCallValue")
export declare function getCallValue(result: usize): void;

/** Copies the code that runs, as it stands in the state. @param result bytes, written */
// @ts-ignore: decorator
@external("ethereum", "codeCopy")
export declare function codeCopy(result: usize, offset: u32, length: u32): void;

/** Size of the code that runs in bytes. */
// @ts-ignore: decorator
@external("ethereum", "getCodeSize")
export declare function getCodeSize(): u32;

/** Copies the code of an account. @param address an address @param result bytes, written */
// @ts-ignore: decorator
@external("ethereum", "externalCodeCopy")
export declare function externalCodeCopy(address: usize, result: usize, offset: u32, length: u32): void;

/** Size of the code of an account in bytes. @param address an address */
// @ts-ignore: decorator
@external("ethereum", "getExternalCodeSize")
export declare function getExternalCodeSize(address: usize): u32;

/** Address of the block's beneficiary. @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "getBlockCoinbase")
export declare function getBlockCoinbase(result: usize): void;

/** Difficulty of the block, from Paris on its RANDAO value, u256. @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "getBlockDifficulty")
export declare function getBlockDifficulty(result: usize): void;

/** Gas limit of the block. */
// @ts-ignore: decorator
@external("ethereum", "getBlockGasLimit")
export declare function getBlockGasLimit(): i64;

/** Gas price of the transaction, u128. @param result a u128, written */
// @ts-ignore: decorator
@external("ethereum", "getTxGasPrice")
export declare function getTxGasPrice(result: usize): void;

/** Emits a log entry with 0 to 4 topics. @param data bytes @param topic1 a bytes32 @param topic2 a bytes32 @param topic3 a bytes32 @param topic4 a bytes32 */
// @ts-ignore: decorator
@external("ethereum", "log")
export declare function log(data: usize, length: u32, topics: u32, topic1: usize, topic2: usize, topic3: usize, topic4: usize): void;

/** Number of the block. */
// @ts-ignore: decorator
@external("ethereum", "getBlockNumber")
export declare function getBlockNumber(): i64;

/** Time of the block in seconds since 1970. */
// @ts-ignore: decorator
@external("ethereum", "getBlockTimestamp")
export declare function getBlockTimestamp(): i64;

/** Address of the transaction's sender. @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "getTxOrigin")
export declare function getTxOrigin(result: usize): void;

/** Writes a storage slot. @param key a bytes32 @param value a bytes32 */
// @ts-ignore: decorator
@external("ethereum", "storageStore")
export declare function storageStore(key: usize, value: usize): void;

/** Reads a storage slot, zeros if it was never set. @param key a bytes32 @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "storageLoad")
export declare function storageLoad(key: usize, result: usize): void;

/** Ends with success and output. @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "finish")
export declare function finish(data: usize, length: u32): void;

/** Ends with output, undoes every change, keeps the gas left. @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "revert")
export declare function revert(data: usize, length: u32): void;

/** Size of the last nested call's output in bytes. */
// @ts-ignore: decorator
@external("ethereum", "getReturnDataSize")
export declare function getReturnDataSize(): u32;

/** Copies the last nested call's output. @param result bytes, written */
// @ts-ignore: decorator
@external("ethereum", "returnDataCopy")
export declare function returnDataCopy(result: usize, offset: u32, length: u32): void;

/** Calls an account: 0 success, 1 failure, 2 revert. @param address an address @param value a u128 @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "call")
export declare function call(gas: i64, address: usize, value: usize, data: usize, length: u32): u32;

/** Runs another account's code as this one. @param address an address @param value a u128 @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "callCode")
export declare function callCode(gas: i64, address: usize, value: usize, data: usize, length: u32): u32;

/** Runs another account's code as this one, with this sender and value. @param address an address @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "callDelegate")
export declare function callDelegate(gas: i64, address: usize, data: usize, length: u32): u32;

/** Calls an account, without any change of state. @param address an address @param data bytes */
// @ts-ignore: decorator
@external("ethereum", "callStatic")
export declare function callStatic(gas: i64, address: usize, data: usize, length: u32): u32;

/** Creates a contract from init code: 0 success, address written; 1 failure; 2 revert. @param value a u128 @param data bytes @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "create")
export declare function create(value: usize, data: usize, length: u32, result: usize): u32;

/** Ends, destroys the account and gives its balance away. @param beneficiary an address */
// @ts-ignore: decorator
@external("ethereum", "selfDestruct")
export declare function selfDestruct(beneficiary: usize): void;

/** Creates a contract at an address that its init code and a salt decide; answers as create does. From Constantinople on (EIP-1014). @param value a u128 @param data bytes @param salt a bytes32 @param result an address, written */
// @ts-ignore: decorator
@external("ethereum", "create2")
export declare function create2(value: usize, data: usize, length: u32, salt: usize, result: usize): u32;

/** Keccak-256 of the code of an account, zeros if there is no account. From Constantinople on (EIP-1052). @param address an address @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "getExternalCodeHash")
export declare function getExternalCodeHash(address: usize, result: usize): void;

/** Identifier of the chain, u256. From Istanbul on (EIP-1344). @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "getChainId")
export declare function getChainId(result: usize): void;

/** Balance of the account that runs, u128. From Istanbul on (EIP-1884). @param result a u128, written */
// @ts-ignore: decorator
@external("ethereum", "getSelfBalance")
export declare function getSelfBalance(result: usize): void;

/** Base fee of the block, u256. From London on (EIP-3198). @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "getBaseFee")
export declare function getBaseFee(result: usize): void;

/** RANDAO value of the block before, u256. From Paris on (EIP-4399). @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "getPrevRandao")
export declare function getPrevRandao(result: usize): void;

/** Reads a slot of transient storage, zeros if it was never set. From Cancun on (EIP-1153). @param key a bytes32 @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "transientLoad")
export declare function transientLoad(key: usize, result: usize): void;

/** Writes a slot of transient storage, which ends with the transaction. From Cancun on (EIP-1153). @param key a bytes32 @param value a bytes32 */
// @ts-ignore: decorator
@external("ethereum", "transientStore")
export declare function transientStore(key: usize, value: usize): void;

/** Versioned hash of a blob of the transaction: 0 found, 1 not, memory untouched. From Cancun on (EIP-4844). @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "getBlobHash")
export declare function getBlobHash(index: u32, result: usize): u32;

/** Base fee for blobs, u256. From Cancun on (EIP-7516). @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "getBlobBaseFee")
export declare function getBlobBaseFee(result: usize): void;

/** Keccak-256 of memory. @param data bytes @param result a bytes32, written */
// @ts-ignore: decorator
@external("ethereum", "keccak256")
export declare function keccak256(data: usize, length: u32, result: usize): void;

/** A + b modulo 2^256. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Add")
export declare function u256Add(a: usize, b: usize, result: usize): void;

/** A − b modulo 2^256. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Sub")
export declare function u256Sub(a: usize, b: usize, result: usize): void;

/** A · b modulo 2^256. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Mul")
export declare function u256Mul(a: usize, b: usize, result: usize): void;

/** A ÷ b, rounded down; 0 if b is 0. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Div")
export declare function u256Div(a: usize, b: usize, result: usize): void;

/** A ÷ b, signed, rounded towards 0; 0 if b is 0. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256SDiv")
export declare function u256SDiv(a: usize, b: usize, result: usize): void;

/** A modulo b; 0 if b is 0. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Mod")
export declare function u256Mod(a: usize, b: usize, result: usize): void;

/** Remainder of a ÷ b, signed as a is; 0 if b is 0. @param a a u256 @param b a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256SMod")
export declare function u256SMod(a: usize, b: usize, result: usize): void;

/** A + b modulo the modulus, of the whole sum; 0 if it is 0. @param a a u256 @param b a u256 @param modulus a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256AddMod")
export declare function u256AddMod(a: usize, b: usize, modulus: usize, result: usize): void;

/** A · b modulo the modulus, of the whole product; 0 if it is 0. @param a a u256 @param b a u256 @param modulus a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256MulMod")
export declare function u256MulMod(a: usize, b: usize, modulus: usize, result: usize): void;

/** A power modulo 2^256; 0 to the power of 0 is 1. @param base a u256 @param exponent a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Exp")
export declare function u256Exp(base: usize, exponent: usize, result: usize): void;

/** Extends the sign of the bytes 0 to index of a, counted from the lowest. @param index a u256 @param a a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256SignExtend")
export declare function u256SignExtend(index: usize, a: usize, result: usize): void;

/** 1 if a is less than b, else 0. @param a a u256 @param b a u256 */
// @ts-ignore: decorator
@external("ethereum", "u256Lt")
export declare function u256Lt(a: usize, b: usize): u32;

/** 1 if a is less than b, signed, else 0. @param a a u256 @param b a u256 */
// @ts-ignore: decorator
@external("ethereum", "u256SLt")
export declare function u256SLt(a: usize, b: usize): u32;

/** A byte of a, counted from the highest; 0 beyond the last. @param index a u256 @param a a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Byte")
export declare function u256Byte(index: usize, a: usize, result: usize): void;

/** A · 2^shift modulo 2^256. From Constantinople on (EIP-145). @param shift a u256 @param a a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Shl")
export declare function u256Shl(shift: usize, a: usize, result: usize): void;

/** A ÷ 2^shift, rounded down. From Constantinople on (EIP-145). @param shift a u256 @param a a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Shr")
export declare function u256Shr(shift: usize, a: usize, result: usize): void;

/** A ÷ 2^shift, signed, rounded down. From Constantinople on (EIP-145). @param shift a u256 @param a a u256 @param result a u256, written */
// @ts-ignore: decorator
@external("ethereum", "u256Sar")
export declare function u256Sar(shift: usize, a: usize, result: usize): void;

/** Zero bits before the highest that is set; 256 of zero. From Osaka on (EIP-7939). @param a a u256 */
// @ts-ignore: decorator
@external("ethereum", "u256Clz")
export declare function u256Clz(a: usize): u32;

/** Prints a number. Only while debugging. */
// @ts-ignore: decorator
@external("debug", "print32")
export declare function print32(value: u32): void;

/** Prints a number. Only while debugging. */
// @ts-ignore: decorator
@external("debug", "print64")
export declare function print64(value: i64): void;

/** Prints memory as text. Only while debugging. @param offset bytes */
// @ts-ignore: decorator
@external("debug", "printMem")
export declare function printMem(offset: usize, length: u32): void;

/** Prints memory in hex. Only while debugging. @param offset bytes */
// @ts-ignore: decorator
@external("debug", "printMemHex")
export declare function printMemHex(offset: usize, length: u32): void;

/** Prints a storage slot as text. Only while debugging. @param key a bytes32 */
// @ts-ignore: decorator
@external("debug", "printStorage")
export declare function printStorage(key: usize): void;

/** Prints a storage slot in hex. Only while debugging. @param key a bytes32 */
// @ts-ignore: decorator
@external("debug", "printStorageHex")
export declare function printStorageHex(key: usize): void;

/** Prints a step of translated EVM code. Only while debugging. */
// @ts-ignore: decorator
@external("debug", "evmTrace")
export declare function evmTrace(pc: u32, opcode: u32, cost: u32, stack: u32): void;
