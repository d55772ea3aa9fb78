/* Returns the SHA-256 hash (FIPS 180-4) of the call data. */
#include "ewasm.h"

enum { BLOCK = 64, LENGTH_AT = 56 };

/* The fractions of the square roots of the first 8 primes. */
static uint32_t hash[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* The fractions of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* Words are big-endian in the message and in the hash, but not in wasm. */
static uint32_t block[BLOCK / 4];

static uint32_t rotate_right(uint32_t word, uint32_t by) {
  return word >> by | word << (32 - by);
}

static void compress(void) {
  uint32_t w[64];
  for (uint32_t t = 0; t < 16; t++) w[t] = __builtin_bswap32(block[t]);
  for (uint32_t t = 16; t < 64; t++) {
    uint32_t x = w[t - 15], y = w[t - 2];
    w[t] = w[t - 16] + w[t - 7] +
           (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) +
           (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
  }

  uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3];
  uint32_t e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  for (uint32_t t = 0; t < 64; t++) {
    uint32_t choice = (e & f) ^ (~e & g);
    uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    uint32_t first = h + round_constants[t] + w[t] + choice +
                     (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25));
    uint32_t second = majority +
                      (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}

ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  uint32_t left = size;
  uint32_t offset = 0;
  for (; left >= BLOCK; left -= BLOCK, offset += BLOCK) {
    eth_callDataCopy(block, offset, BLOCK);
    compress();
  }

  memset(block, 0, BLOCK);
  eth_callDataCopy(block, offset, left);
  ((uint8_t *)block)[left] = 0x80;
  if (left >= LENGTH_AT) { /* no room for the length: one block more */
    compress();
    memset(block, 0, BLOCK);
  }
  /* The length in bits, which may need more than 32. */
  block[14] = __builtin_bswap32(size >> 29);
  block[15] = __builtin_bswap32(size << 3);
  compress();

  for (uint32_t i = 0; i < 8; i++) hash[i] = __builtin_bswap32(hash[i]);
  eth_finish(hash, sizeof hash);
}
