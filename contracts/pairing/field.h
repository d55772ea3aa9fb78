/* fp: the numbers modulo bn254's prime, on the host's 256-bit functions or in wasm alone.
 *
 * The host multiplies by a modulus; there a number is itself. In wasm dividing is dear, so there a is kept as
 * a * 2^256 modulo the prime (Montgomery's form), whose products need no division.
 *
 * Results may lie on operands, here and in the fields above. The prime leaves two bits free: the factors of a
 * product, and nothing else, may be sums that are not reduced, less than twice the prime.
 */
#ifndef FIELD_H
#define FIELD_H

#include "ewasm.h"
#include "u256.h"

/* Not put into its callers, where it would be many times. */
#define SHARED [[clang::noinline]] static

enum { LIMBS = 8 };

typedef union {
  u256 all;
  uint32_t limbs[LIMBS]; /* the lowest first */
} fp;

static const fp prime = {{{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029}}};

static inline void plus(fp *sum, const fp *a, const fp *b) {
  u256_add(&sum->all, &a->all, &b->all);
}

static inline void minus(fp *difference, const fp *a, const fp *b) {
  u256_subtract(&difference->all, &a->all, &b->all);
}

static inline bool is_less(const fp *a, const fp *b) {
  return u256_is_less(&a->all, &b->all);
}

#ifdef EXTENSIONS

static const fp fp_one = {{{1}}};

static void fp_multiply(fp *product, const fp *a, const fp *b) {
  eth_u256MulMod(&a->all, &b->all, &prime.all, &product->all);
}

static void fp_add(fp *sum, const fp *a, const fp *b) {
  eth_u256AddMod(&a->all, &b->all, &prime.all, &sum->all);
}

static void fp_take(fp *) {}

#else

/* 2^256 and 2^512 modulo the prime. */
static const fp fp_one = {{{0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f}}};
static const fp shift = {{{0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f}}};

/* a * b / 2^256: for each limb of b adds its product with a, then the prime as often as makes the lowest limb zero,
 * which goes. What is kept is less than a + prime, at the end less than twice the prime. */
SHARED void fp_multiply(fp *product, const fp *a, const fp *b) {
  const uint32_t inverse = 0xe4866389; /* of the negated prime, modulo 2^32 */
  fp kept = {0};
  for (uint32_t i = 0; i < LIMBS; i++) {
    uint64_t limb = b->limbs[i];
    uint64_t of_product = limb * a->limbs[0] + kept.limbs[0];
    uint64_t times = (uint32_t)of_product * inverse;
    uint64_t of_prime = times * prime.limbs[0] + (uint32_t)of_product;
    for (uint32_t j = 1; j < LIMBS; j++) {
      of_product = limb * a->limbs[j] + kept.limbs[j] + (of_product >> 32);
      of_prime = times * prime.limbs[j] + (uint32_t)of_product + (of_prime >> 32);
      kept.limbs[j - 1] = (uint32_t)of_prime;
    }
    kept.limbs[LIMBS - 1] = (uint32_t)(of_product >> 32) + (uint32_t)(of_prime >> 32);
  }
  *product = kept;
  if (!is_less(product, &prime)) minus(product, product, &prime);
}

static void fp_add(fp *sum, const fp *a, const fp *b) {
  plus(sum, a, b);
  if (!is_less(sum, &prime)) minus(sum, sum, &prime);
}

/* Takes a number as it is written into the form. */
static void fp_take(fp *a) {
  fp_multiply(a, a, &shift);
}

#endif

static void fp_subtract(fp *difference, const fp *a, const fp *b) {
  bool is_negative = is_less(a, b);
  minus(difference, a, b);
  if (is_negative) plus(difference, difference, &prime);
}

static bool fp_is_zero(const fp *a) {
  return !(a->all.words[0] | a->all.words[1] | a->all.words[2] | a->all.words[3]);
}

static bool fp_is_equal(const fp *a, const fp *b) {
  fp difference;
  minus(&difference, a, b);
  return fp_is_zero(&difference);
}

/* a to the power of the prime less 2 (Fermat). */
static void fp_invert(fp *inverse, const fp *a) {
  fp power = fp_one;
  for (uint32_t bit = 254; bit-- > 0;) {
    fp_multiply(&power, &power, &power);
    uint32_t limb = prime.limbs[bit / 32] - (bit / 32 == 0 ? 2 : 0);
    if (limb >> bit % 32 & 1) fp_multiply(&power, &power, a);
  }
  *inverse = power;
}

/* A big-endian number of the call data. Reverts unless it is less than the prime. */
static void fp_read(fp *result, uint32_t offset) {
  eth_callDataCopy(result, offset, sizeof *result);
  u256_turn(&result->all, &result->all);
  if (!is_less(result, &prime)) eth_revert(NULL, 0);
  fp_take(result);
}

#endif
