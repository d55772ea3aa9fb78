/* Returns the sum of the products of the pairs of numbers in the call data. */
#include "ewasm.h"

enum { LIMBS = 8, SUM_LIMBS = 2 * LIMBS };

/* Little-endian limbs of 32 bits: a product of two, and twice as much as a limb holds, fit 64 bits. */
static uint32_t sum[SUM_LIMBS];
static uint32_t pair[2][LIMBS];

/* Turns the limbs of a number round, and their bytes: from big-endian to little-endian and back. */
static void turn(uint32_t *limbs, uint32_t count) {
  for (uint32_t low = 0, high = count - 1; low < high; low++, high--) {
    uint32_t limb = __builtin_bswap32(limbs[low]);
    limbs[low] = __builtin_bswap32(limbs[high]);
    limbs[high] = limb;
  }
}

static void add_product(void) {
  for (uint32_t i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    for (uint32_t j = 0; j < LIMBS; j++) {
      carry += (uint64_t)pair[0][i] * pair[1][j] + sum[i + j];
      sum[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
    for (uint32_t k = i + LIMBS; k < SUM_LIMBS && carry; k++) {
      carry += sum[k];
      sum[k] = (uint32_t)carry;
      carry >>= 32;
    }
  }
}

ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  if (size % sizeof pair) eth_revert(NULL, 0);
  for (uint32_t offset = 0; offset < size; offset += sizeof pair) {
    eth_callDataCopy(pair, offset, sizeof pair);
    turn(pair[0], LIMBS);
    turn(pair[1], LIMBS);
    add_product();
  }
  turn(sum, SUM_LIMBS);
  eth_finish(sum, sizeof sum);
}
