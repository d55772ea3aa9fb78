/* Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with a capacity of
 * 512 bits, but the padding of Keccak's submission (0x01), not of SHA3 (0x06).
 *
 * Start with a state of zeros, absorb every whole block, then the last one,
 * which may be empty. The hash is the first 32 bytes of the state.
 */
#ifndef KECCAK_H
#define KECCAK_H

#include <stdint.h>

enum { KECCAK_LANES = 25, KECCAK_BLOCK_LANES = 17, KECCAK_BLOCK = 8 * KECCAK_BLOCK_LANES };

void keccak_block(uint64_t state[KECCAK_LANES], const uint64_t block[KECCAK_BLOCK_LANES]);

/* The block's first `used` bytes (fewer than KECCAK_BLOCK) are message; the rest is overwritten. */
void keccak_last(uint64_t state[KECCAK_LANES], uint64_t block[KECCAK_BLOCK_LANES], uint32_t used);

#endif
