/* The Ethereum Environment Interface, for contracts in C. A test writes this file from host-ei/src/table.rs.
 *
 * Every function is called as in the interface's own documents, with `eth_` in front (`debug_` for those of the module
 * `debug`). Gas counts are signed 64-bit and must not be negative. Lengths and offsets are bytes. Reading past the end of
 * a source (call data, code, return data) or outside the memory ends the contract as a failure; nothing is ever padded
 * with zeros. Pointers need no alignment.
 */
#ifndef ETHEREUM_H
#define ETHEREUM_H

#include <stdint.h>

/* An account's address, in the order it is written. */
typedef struct { uint8_t bytes[20]; } address;

/* A storage key or value, a log topic, a salt or a hash, in the order it is written: the ABI's big-endian numbers go in
 * and out as they are. */
typedef struct { uint8_t bytes[32]; } bytes32;

/* An amount of wei: 128 bits, little-endian, as is wasm: words[0] is the low half. */
typedef struct { uint64_t words[2]; } u128;

/* 256 bits, little-endian. */
typedef struct { uint64_t words[4]; } u256;

#define EEI_IMPORT(module, name) __attribute__((import_module(#module), import_name(#name))) extern

/* Spends the gas that it is told. */
EEI_IMPORT(ethereum, useGas) void eth_useGas(int64_t amount);

/* Gas left after this charge. */
EEI_IMPORT(ethereum, getGasLeft) int64_t eth_getGasLeft(void);

/* Address of the account that runs. */
EEI_IMPORT(ethereum, getAddress) void eth_getAddress(address *result);

/* Balance of an account, u128. */
EEI_IMPORT(ethereum, getExternalBalance) void eth_getExternalBalance(const address *address, u128 *result);

/* Hash of one of the last 256 blocks: 0 found, 1 not, memory untouched. */
EEI_IMPORT(ethereum, getBlockHash) uint32_t eth_getBlockHash(int64_t number, bytes32 *result);

/* Size of the call data in bytes. */
EEI_IMPORT(ethereum, getCallDataSize) uint32_t eth_getCallDataSize(void);

/* Copies call data. */
EEI_IMPORT(ethereum, callDataCopy) void eth_callDataCopy(void *result, uint32_t offset, uint32_t length);

/* Address of the sender. */
EEI_IMPORT(ethereum, getCaller) void eth_getCaller(address *result);

/* Value of the message, u128. */
EEI_IMPORT(ethereum, getCallValue) void eth_getCallValue(u128 *result);

/* Copies the code that runs, as it stands in the state. */
EEI_IMPORT(ethereum, codeCopy) void eth_codeCopy(void *result, uint32_t offset, uint32_t length);

/* Size of the code that runs in bytes. */
EEI_IMPORT(ethereum, getCodeSize) uint32_t eth_getCodeSize(void);

/* Copies the code of an account. */
EEI_IMPORT(ethereum, externalCodeCopy) void eth_externalCodeCopy(const address *address, void *result, uint32_t offset, uint32_t length);

/* Size of the code of an account in bytes. */
EEI_IMPORT(ethereum, getExternalCodeSize) uint32_t eth_getExternalCodeSize(const address *address);

/* Address of the block's beneficiary. */
EEI_IMPORT(ethereum, getBlockCoinbase) void eth_getBlockCoinbase(address *result);

/* Difficulty of the block, from Paris on its RANDAO value, u256. */
EEI_IMPORT(ethereum, getBlockDifficulty) void eth_getBlockDifficulty(u256 *result);

/* Gas limit of the block. */
EEI_IMPORT(ethereum, getBlockGasLimit) int64_t eth_getBlockGasLimit(void);

/* Gas price of the transaction, u128. */
EEI_IMPORT(ethereum, getTxGasPrice) void eth_getTxGasPrice(u128 *result);

/* Emits a log entry with 0 to 4 topics. */
EEI_IMPORT(ethereum, log) void eth_log(const void *data, uint32_t length, uint32_t topics, const bytes32 *topic1, const bytes32 *topic2, const bytes32 *topic3, const bytes32 *topic4);

/* Number of the block. */
EEI_IMPORT(ethereum, getBlockNumber) int64_t eth_getBlockNumber(void);

/* Time of the block in seconds since 1970. */
EEI_IMPORT(ethereum, getBlockTimestamp) int64_t eth_getBlockTimestamp(void);

/* Address of the transaction's sender. */
EEI_IMPORT(ethereum, getTxOrigin) void eth_getTxOrigin(address *result);

/* Writes a storage slot. */
EEI_IMPORT(ethereum, storageStore) void eth_storageStore(const bytes32 *key, const bytes32 *value);

/* Reads a storage slot, zeros if it was never set. */
EEI_IMPORT(ethereum, storageLoad) void eth_storageLoad(const bytes32 *key, bytes32 *result);

/* Ends with success and output. */
EEI_IMPORT(ethereum, finish) _Noreturn void eth_finish(const void *data, uint32_t length);

/* Ends with output, undoes every change, keeps the gas left. */
EEI_IMPORT(ethereum, revert) _Noreturn void eth_revert(const void *data, uint32_t length);

/* Size of the last nested call's output in bytes. */
EEI_IMPORT(ethereum, getReturnDataSize) uint32_t eth_getReturnDataSize(void);

/* Copies the last nested call's output. */
EEI_IMPORT(ethereum, returnDataCopy) void eth_returnDataCopy(void *result, uint32_t offset, uint32_t length);

/* Calls an account: 0 success, 1 failure, 2 revert. */
EEI_IMPORT(ethereum, call) uint32_t eth_call(int64_t gas, const address *address, const u128 *value, const void *data, uint32_t length);

/* Runs another account's code as this one. */
EEI_IMPORT(ethereum, callCode) uint32_t eth_callCode(int64_t gas, const address *address, const u128 *value, const void *data, uint32_t length);

/* Runs another account's code as this one, with this sender and value. */
EEI_IMPORT(ethereum, callDelegate) uint32_t eth_callDelegate(int64_t gas, const address *address, const void *data, uint32_t length);

/* Calls an account, without any change of state. */
EEI_IMPORT(ethereum, callStatic) uint32_t eth_callStatic(int64_t gas, const address *address, const void *data, uint32_t length);

/* Creates a contract from init code: 0 success, address written; 1 failure; 2 revert. */
EEI_IMPORT(ethereum, create) uint32_t eth_create(const u128 *value, const void *data, uint32_t length, address *result);

/* Ends, destroys the account and gives its balance away. */
EEI_IMPORT(ethereum, selfDestruct) _Noreturn void eth_selfDestruct(const address *beneficiary);

/* Creates a contract at an address that its init code and a salt decide; answers as create does. From Constantinople on (EIP-1014). */
EEI_IMPORT(ethereum, create2) uint32_t eth_create2(const u128 *value, const void *data, uint32_t length, const bytes32 *salt, address *result);

/* Keccak-256 of the code of an account, zeros if there is no account. From Constantinople on (EIP-1052). */
EEI_IMPORT(ethereum, getExternalCodeHash) void eth_getExternalCodeHash(const address *address, bytes32 *result);

/* Identifier of the chain, u256. From Istanbul on (EIP-1344). */
EEI_IMPORT(ethereum, getChainId) void eth_getChainId(u256 *result);

/* Balance of the account that runs, u128. From Istanbul on (EIP-1884). */
EEI_IMPORT(ethereum, getSelfBalance) void eth_getSelfBalance(u128 *result);

/* Base fee of the block, u256. From London on (EIP-3198). */
EEI_IMPORT(ethereum, getBaseFee) void eth_getBaseFee(u256 *result);

/* RANDAO value of the block before, u256. From Paris on (EIP-4399). */
EEI_IMPORT(ethereum, getPrevRandao) void eth_getPrevRandao(u256 *result);

/* Reads a slot of transient storage, zeros if it was never set. From Cancun on (EIP-1153). */
EEI_IMPORT(ethereum, transientLoad) void eth_transientLoad(const bytes32 *key, bytes32 *result);

/* Writes a slot of transient storage, which ends with the transaction. From Cancun on (EIP-1153). */
EEI_IMPORT(ethereum, transientStore) void eth_transientStore(const bytes32 *key, const bytes32 *value);

/* Versioned hash of a blob of the transaction: 0 found, 1 not, memory untouched. From Cancun on (EIP-4844). */
EEI_IMPORT(ethereum, getBlobHash) uint32_t eth_getBlobHash(uint32_t index, bytes32 *result);

/* Base fee for blobs, u256. From Cancun on (EIP-7516). */
EEI_IMPORT(ethereum, getBlobBaseFee) void eth_getBlobBaseFee(u256 *result);

/* Keccak-256 of memory. */
EEI_IMPORT(ethereum, keccak256) void eth_keccak256(const void *data, uint32_t length, bytes32 *result);

/* A + b modulo 2^256. */
EEI_IMPORT(ethereum, u256Add) void eth_u256Add(const u256 *a, const u256 *b, u256 *result);

/* A − b modulo 2^256. */
EEI_IMPORT(ethereum, u256Sub) void eth_u256Sub(const u256 *a, const u256 *b, u256 *result);

/* A · b modulo 2^256. */
EEI_IMPORT(ethereum, u256Mul) void eth_u256Mul(const u256 *a, const u256 *b, u256 *result);

/* A ÷ b, rounded down; 0 if b is 0. */
EEI_IMPORT(ethereum, u256Div) void eth_u256Div(const u256 *a, const u256 *b, u256 *result);

/* A ÷ b, signed, rounded towards 0; 0 if b is 0. */
EEI_IMPORT(ethereum, u256SDiv) void eth_u256SDiv(const u256 *a, const u256 *b, u256 *result);

/* A modulo b; 0 if b is 0. */
EEI_IMPORT(ethereum, u256Mod) void eth_u256Mod(const u256 *a, const u256 *b, u256 *result);

/* Remainder of a ÷ b, signed as a is; 0 if b is 0. */
EEI_IMPORT(ethereum, u256SMod) void eth_u256SMod(const u256 *a, const u256 *b, u256 *result);

/* A + b modulo the modulus, of the whole sum; 0 if it is 0. */
EEI_IMPORT(ethereum, u256AddMod) void eth_u256AddMod(const u256 *a, const u256 *b, const u256 *modulus, u256 *result);

/* A · b modulo the modulus, of the whole product; 0 if it is 0. */
EEI_IMPORT(ethereum, u256MulMod) void eth_u256MulMod(const u256 *a, const u256 *b, const u256 *modulus, u256 *result);

/* A power modulo 2^256; 0 to the power of 0 is 1. */
EEI_IMPORT(ethereum, u256Exp) void eth_u256Exp(const u256 *base, const u256 *exponent, u256 *result);

/* Extends the sign of the bytes 0 to index of a, counted from the lowest. */
EEI_IMPORT(ethereum, u256SignExtend) void eth_u256SignExtend(const u256 *index, const u256 *a, u256 *result);

/* 1 if a is less than b, else 0. */
EEI_IMPORT(ethereum, u256Lt) uint32_t eth_u256Lt(const u256 *a, const u256 *b);

/* 1 if a is less than b, signed, else 0. */
EEI_IMPORT(ethereum, u256SLt) uint32_t eth_u256SLt(const u256 *a, const u256 *b);

/* A byte of a, counted from the highest; 0 beyond the last. */
EEI_IMPORT(ethereum, u256Byte) void eth_u256Byte(const u256 *index, const u256 *a, u256 *result);

/* A · 2^shift modulo 2^256. From Constantinople on (EIP-145). */
EEI_IMPORT(ethereum, u256Shl) void eth_u256Shl(const u256 *shift, const u256 *a, u256 *result);

/* A ÷ 2^shift, rounded down. From Constantinople on (EIP-145). */
EEI_IMPORT(ethereum, u256Shr) void eth_u256Shr(const u256 *shift, const u256 *a, u256 *result);

/* A ÷ 2^shift, signed, rounded down. From Constantinople on (EIP-145). */
EEI_IMPORT(ethereum, u256Sar) void eth_u256Sar(const u256 *shift, const u256 *a, u256 *result);

/* Zero bits before the highest that is set; 256 of zero. From Osaka on (EIP-7939). */
EEI_IMPORT(ethereum, u256Clz) uint32_t eth_u256Clz(const u256 *a);

/* Prints a number. Only while debugging. */
EEI_IMPORT(debug, print32) void debug_print32(uint32_t value);

/* Prints a number. Only while debugging. */
EEI_IMPORT(debug, print64) void debug_print64(int64_t value);

/* Prints memory as text. Only while debugging. */
EEI_IMPORT(debug, printMem) void debug_printMem(const void *offset, uint32_t length);

/* Prints memory in hex. Only while debugging. */
EEI_IMPORT(debug, printMemHex) void debug_printMemHex(const void *offset, uint32_t length);

/* Prints a storage slot as text. Only while debugging. */
EEI_IMPORT(debug, printStorage) void debug_printStorage(const bytes32 *key);

/* Prints a storage slot in hex. Only while debugging. */
EEI_IMPORT(debug, printStorageHex) void debug_printStorageHex(const bytes32 *key);

/* Prints a step of translated EVM code. Only while debugging. */
EEI_IMPORT(debug, evmTrace) void debug_evmTrace(uint32_t pc, uint32_t opcode, uint32_t cost, uint32_t stack);

#endif
