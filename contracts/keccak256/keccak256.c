/* Returns the Keccak-256 hash of the call data. */
#include "ewasm.h"
#include "keccak.h"

/* Zero at the start, as all of a contract's memory. */
static uint64_t state[KECCAK_LANES];
static uint64_t block[KECCAK_BLOCK_LANES];

ENTRY void contract(void) {
  uint32_t left = eth_getCallDataSize();
  uint32_t offset = 0;
  for (; left >= KECCAK_BLOCK; left -= KECCAK_BLOCK, offset += KECCAK_BLOCK) {
    eth_callDataCopy(block, offset, KECCAK_BLOCK);
    keccak_block(state, block);
  }
  eth_callDataCopy(block, offset, left);
  keccak_last(state, block, left);
  eth_finish(state, sizeof(bytes32));
}
