/* Sums and comparisons of 256-bit numbers: by the host's functions in the builds with EXTENSIONS, else in wasm. */
#ifndef U256_H
#define U256_H

#include "ethereum.h"

enum { WORDS = 4 };

/* Big-endian to little-endian and back. */
static inline void u256_turn(u256 *to, const u256 *from) {
  u256 turned;
  for (uint32_t i = 0; i < WORDS; i++) turned.words[i] = __builtin_bswap64(from->words[WORDS - 1 - i]);
  *to = turned;
}

#ifdef EXTENSIONS

static inline void u256_add(u256 *sum, const u256 *a, const u256 *b) {
  eth_u256Add(a, b, sum);
}

static inline void u256_subtract(u256 *difference, const u256 *a, const u256 *b) {
  eth_u256Sub(a, b, difference);
}

static inline bool u256_is_less(const u256 *a, const u256 *b) {
  return eth_u256Lt(a, b);
}

#else

static inline void u256_add(u256 *sum, const u256 *a, const u256 *b) {
  unsigned long long carry = 0;
  for (uint32_t i = 0; i < WORDS; i++) sum->words[i] = __builtin_addcll(a->words[i], b->words[i], carry, &carry);
}

static inline void u256_subtract(u256 *difference, const u256 *a, const u256 *b) {
  unsigned long long borrow = 0;
  for (uint32_t i = 0; i < WORDS; i++)
    difference->words[i] = __builtin_subcll(a->words[i], b->words[i], borrow, &borrow);
}

static inline bool u256_is_less(const u256 *a, const u256 *b) {
  for (uint32_t i = WORDS; i-- > 0;)
    if (a->words[i] != b->words[i]) return a->words[i] < b->words[i];
  return false;
}

#endif

#endif
