/* The Ethereum Environment Interface, revision 4, for contracts in C.
 *
 * Every function is called as in the interface's own documents, with `eth_`
 * in front. Gas counts are signed 64-bit and must not be negative. Lengths and
 * offsets are bytes. Reading past the end of a source (call data, code, return
 * data) or outside the memory ends the contract as a failure; nothing is ever
 * padded with zeros. Pointers need no alignment.
 */
#ifndef EWASM_H
#define EWASM_H

#include <stddef.h>
#include <stdint.h>

/* An account's address, in the order it is written. */
typedef struct { uint8_t bytes[20]; } address;

/* A storage key or value, a log topic or a block hash, in the order it is
 * written: the ABI's big-endian numbers go in and out as they are. */
typedef struct { uint8_t bytes[32]; } bytes32;

/* An amount of wei: 128 bits, little-endian, as is wasm: words[0] is the low half. */
typedef struct { uint64_t words[2]; } u128;

/* 256 bits, little-endian. */
typedef struct { uint64_t words[4]; } u256;

/* Results of the calls and of create. */
enum { CALL_SUCCESS = 0, CALL_FAILURE = 1, CALL_REVERT = 2 };

/* Put in front of the one function a contract runs: `ENTRY void contract(void)`. */
#define ENTRY __attribute__((export_name("main")))

#define EEI(name) \
  __attribute__((import_module("ethereum"), import_name(#name))) extern

/* Gas. */
EEI(useGas) void eth_useGas(int64_t amount);
EEI(getGasLeft) int64_t eth_getGasLeft(void);

/* This call. */
EEI(getAddress) void eth_getAddress(address *result);
EEI(getCaller) void eth_getCaller(address *result);
EEI(getCallValue) void eth_getCallValue(u128 *result);
EEI(getCallDataSize) uint32_t eth_getCallDataSize(void);
EEI(callDataCopy) void eth_callDataCopy(void *result, uint32_t offset, uint32_t length);

/* Code: the contract's own (while it is being created: the init code), and others'. */
EEI(getCodeSize) uint32_t eth_getCodeSize(void);
EEI(codeCopy) void eth_codeCopy(void *result, uint32_t offset, uint32_t length);
EEI(getExternalCodeSize) uint32_t eth_getExternalCodeSize(const address *account);
EEI(externalCodeCopy) void eth_externalCodeCopy(const address *account, void *result,
                                                uint32_t offset, uint32_t length);

/* Balance of any account; one that does not fit 128 bits ends the contract. */
EEI(getExternalBalance) void eth_getExternalBalance(const address *account, u128 *result);

/* The transaction and the block. Timestamp: seconds since 1970. */
EEI(getTxGasPrice) void eth_getTxGasPrice(u128 *result);
EEI(getTxOrigin) void eth_getTxOrigin(address *result);
EEI(getBlockCoinbase) void eth_getBlockCoinbase(address *result);
EEI(getBlockDifficulty) void eth_getBlockDifficulty(u256 *result);
EEI(getBlockGasLimit) int64_t eth_getBlockGasLimit(void);
EEI(getBlockNumber) int64_t eth_getBlockNumber(void);
EEI(getBlockTimestamp) int64_t eth_getBlockTimestamp(void);
/* Returns 0 and writes the hash, or 1 (not one of the last 256 blocks) and writes nothing. */
EEI(getBlockHash) uint32_t eth_getBlockHash(int64_t number, bytes32 *result);

/* Storage. A slot never written reads as zeros. */
EEI(storageLoad) void eth_storageLoad(const bytes32 *key, bytes32 *result);
EEI(storageStore) void eth_storageStore(const bytes32 *key, const bytes32 *value);

/* Logs: `topics` of the four are used. */
EEI(log) void eth_log(const void *data, uint32_t length, uint32_t topics,
                      const bytes32 *topic1, const bytes32 *topic2,
                      const bytes32 *topic3, const bytes32 *topic4);

/* Ends of a contract. Revert undoes its effects and keeps the gas left. */
EEI(finish) _Noreturn void eth_finish(const void *data, uint32_t length);
EEI(revert) _Noreturn void eth_revert(const void *data, uint32_t length);
EEI(selfDestruct) _Noreturn void eth_selfDestruct(const address *beneficiary);

/* Other contracts: returns one of CALL_*. A call is given at most what is left
 * less a 64th; asking for more is no error. */
EEI(call) uint32_t eth_call(int64_t gas, const address *to, const u128 *value,
                            const void *data, uint32_t length);
EEI(callCode) uint32_t eth_callCode(int64_t gas, const address *to, const u128 *value,
                                    const void *data, uint32_t length);
EEI(callDelegate) uint32_t eth_callDelegate(int64_t gas, const address *to,
                                            const void *data, uint32_t length);
EEI(callStatic) uint32_t eth_callStatic(int64_t gas, const address *to,
                                        const void *data, uint32_t length);
/* Writes the new address only when it returns CALL_SUCCESS. */
EEI(create) uint32_t eth_create(const u128 *value, const void *init, uint32_t length,
                                address *result);

/* What the last call or create returned. */
EEI(getReturnDataSize) uint32_t eth_getReturnDataSize(void);
EEI(returnDataCopy) void eth_returnDataCopy(void *result, uint32_t offset, uint32_t length);

/* There is no C library; the compiler itself calls these two. In lib/memory.c. */
void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memset(void *to, int byte, size_t length);

/* Reverts when ether came with the call, for contracts that could never give it back. */
static inline void refuse_value(void) {
  u128 value;
  eth_getCallValue(&value);
  if (value.words[0] | value.words[1]) eth_revert(NULL, 0);
}

#endif
