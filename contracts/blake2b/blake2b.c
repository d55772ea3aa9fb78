/* Returns the BLAKE2b-512 hash (RFC 7693, without a key) of the call data. */
#include "ewasm.h"

enum { WORDS = 16, BLOCK = 8 * WORDS, ROUNDS = 12, HASH = 64 };

/* The fractions of the square roots of the first 8 primes. */
static const uint64_t initial[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

/* Which word of the block a round takes when (2.7); after ten rounds it begins again. */
static const uint8_t schedule[10][WORDS] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static uint64_t hash[8];
/* Words are little-endian in the message and in the hash, as in wasm. */
static uint64_t block[WORDS];

static uint64_t rotate_right(uint64_t word, uint32_t by) {
  return word >> by | word << (64 - by);
}

/* The function G of 3.1. */
static void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t x, uint64_t y) {
  *a += *b + x;
  *d = rotate_right(*d ^ *a, 32);
  *c += *d;
  *b = rotate_right(*b ^ *c, 24);
  *a += *b + y;
  *d = rotate_right(*d ^ *a, 16);
  *c += *d;
  *b = rotate_right(*b ^ *c, 63);
}

/* `count` is how many bytes of message there were up to the end of this block. */
static void compress(uint64_t count, uint64_t last) {
  uint64_t v[WORDS];
  for (uint32_t i = 0; i < 8; i++) {
    v[i] = hash[i];
    v[i + 8] = initial[i];
  }
  v[12] ^= count;
  v[14] ^= -last;

  for (uint32_t round = 0; round < ROUNDS; round++) {
    const uint8_t *take = schedule[round % 10];
    /* Four columns, then four diagonals: each row is turned by one more than the row above. */
    for (uint32_t i = 0; i < 8; i++) {
      uint32_t turn = i / 4;
      mix(&v[i % 4], &v[4 + (i + turn) % 4], &v[8 + (i + 2 * turn) % 4], &v[12 + (i + 3 * turn) % 4],
          block[take[2 * i]], block[take[2 * i + 1]]);
    }
  }
  for (uint32_t i = 0; i < 8; i++) hash[i] ^= v[i] ^ v[i + 8];
}

ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  uint32_t left = size;
  uint32_t offset = 0;
  memcpy(hash, initial, sizeof hash);
  hash[0] ^= 0x01010000 | HASH; /* no tree, no key, 64 bytes of hash */

  /* The last block is never empty, unless the message is. */
  for (; left > BLOCK; left -= BLOCK, offset += BLOCK) {
    eth_callDataCopy(block, offset, BLOCK);
    compress(offset + BLOCK, 0);
  }
  memset(block, 0, BLOCK);
  eth_callDataCopy(block, offset, left);
  compress(size, 1);
  eth_finish(hash, HASH);
}
