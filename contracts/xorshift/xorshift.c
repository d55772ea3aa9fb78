/* Returns what so many rounds of Marsaglia's xorshift make of a seed: the call data are both, 32 bytes each. */
#include "ewasm.h"

static struct {
  uint64_t seed[4];
  uint64_t rounds[4];
} input;

ENTRY void contract(void) {
  eth_callDataCopy(&input, 0, sizeof input);
  /* Big-endian; of both the last 8 bytes count. */
  uint64_t x = __builtin_bswap64(input.seed[3]);
  for (uint64_t round = __builtin_bswap64(input.rounds[3]); round; round--) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
  }
  uint64_t result[4] = {[3] = __builtin_bswap64(x)};
  eth_finish(result, sizeof result);
}
