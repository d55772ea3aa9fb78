/* What contracts in C have beside the declarations of the interface in ethereum.h. */
#ifndef EWASM_H
#define EWASM_H

#include <stddef.h>

#include "ethereum.h"

/* Results of the calls and of create. */
enum { CALL_SUCCESS = 0, CALL_FAILURE = 1, CALL_REVERT = 2 };

/* Put in front of the one function a contract runs: `ENTRY void contract(void)`. */
#define ENTRY __attribute__((export_name("main")))

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
