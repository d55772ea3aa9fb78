#include "keccak.h"

#include "ewasm.h"

/* `by` is 0 to 63; masking keeps a shift by 64, which C leaves undefined, away. */
static uint64_t rotate_left(uint64_t lane, uint32_t by) {
  return lane << by | lane >> (-by & 63);
}

/* Keccak-f[1600] (FIPS 202, 3.2 and 3.3). Lane (x, y) is a[x + 5 * y].
 *
 * No tables: the rotation offsets are triangular numbers along the walk that
 * also permutes the lanes, and the round constants come from an 8-bit shift
 * register. Both are smaller than tables of them. */
static void permute(uint64_t a[KECCAK_LANES]) {
  uint32_t shift_register = 1;
  for (int round = 0; round < 24; round++) {
    /* theta: add to each lane the parities of two columns near it. */
    uint64_t parity[5];
    for (uint32_t x = 0; x < 5; x++)
      parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (uint32_t x = 0; x < 5; x++) {
      uint64_t change = parity[(x + 4) % 5] ^ rotate_left(parity[(x + 1) % 5], 1);
      for (uint32_t y = 0; y < 25; y += 5) a[x + y] ^= change;
    }

    /* rho and pi: the lane at (x, y), rotated, moves to (y, 2x + 3y), which is
     * also the next step of rho's walk, so one lane in hand is enough. */
    uint32_t x = 1, y = 0, offset = 0;
    uint64_t lane = a[1];
    for (uint32_t t = 1; t <= 24; t++) {
      uint32_t next = (2 * x + 3 * y) % 5;
      x = y;
      y = next;
      offset += t;
      uint64_t displaced = a[x + 5 * y];
      a[x + 5 * y] = rotate_left(lane, offset & 63);
      lane = displaced;
    }

    /* chi: within each row; its first two lanes are needed again at its end. */
    for (uint64_t *row = a; row < a + KECCAK_LANES; row += 5) {
      uint64_t first = row[0], second = row[1];
      row[0] ^= ~row[1] & row[2];
      row[1] ^= ~row[2] & row[3];
      row[2] ^= ~row[3] & row[4];
      row[3] ^= ~row[4] & first;
      row[4] ^= ~first & second;
    }

    /* iota: seven bits of the register go to the bits 0, 1, 3, 7, 15, 31, 63. */
    for (uint32_t j = 0; j < 7; j++) {
      a[0] ^= (uint64_t)(shift_register & 1) << ((1u << j) - 1);
      shift_register <<= 1;
      if (shift_register & 0x100) shift_register ^= 0x171;
    }
  }
}

void keccak_block(uint64_t state[KECCAK_LANES], const uint64_t block[KECCAK_BLOCK_LANES]) {
  /* Lanes are little-endian, as wasm is. */
  for (uint32_t i = 0; i < KECCAK_BLOCK_LANES; i++) state[i] ^= block[i];
  permute(state);
}

void keccak_last(uint64_t state[KECCAK_LANES], uint64_t block[KECCAK_BLOCK_LANES], uint32_t used) {
  uint8_t *bytes = (uint8_t *)block;
  memset(bytes + used, 0, KECCAK_BLOCK - used);
  bytes[used] = 0x01;
  bytes[KECCAK_BLOCK - 1] |= 0x80; /* the same byte when one is left */
  keccak_block(state, block);
}
