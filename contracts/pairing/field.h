/* Numbers modulo bn254's prime, and the functions of 256 bits they are made of: the host's or, without them, wasm.
 *
 * The host multiplies by a modulus, so with it a number is itself. In wasm dividing is dear; there a number a is kept as
 * a * 2^256 modulo the prime (Montgomery's form), and a product needs no division. Sums are the same in both.
 */
#ifndef FIELD_H
#define FIELD_H

#include "ewasm.h"

enum { WORDS = 4, LIMBS = 8 };

typedef union {
  u256 all;
  uint32_t limbs[LIMBS]; /* the lowest first */
} fp;

static const fp prime = {{{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029}}};

#ifdef EXTENSIONS

static const fp fp_one = {{{1}}};

/* Moduli that leave two bits free: sums of two numbers do not pass 2^256. */
static void plus(fp *sum, const fp *a, const fp *b) {
  eth_u256Add(&a->all, &b->all, &sum->all);
}

static void minus(fp *difference, const fp *a, const fp *b) {
  eth_u256Sub(&a->all, &b->all, &difference->all);
}

static bool is_less(const fp *a, const fp *b) {
  return eth_u256Lt(&a->all, &b->all);
}

static void fp_multiply(fp *product, const fp *a, const fp *b) {
  eth_u256MulMod(&a->all, &b->all, &prime.all, &product->all);
}

static void fp_take(fp *a) {
  (void)a;
}

#else

/* 2^256 and 2^512 modulo the prime. */
static const fp fp_one = {{{0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f}}};
static const fp shift = {{{0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f}}};

static void plus(fp *sum, const fp *a, const fp *b) {
  unsigned long long carry = 0;
  for (uint32_t i = 0; i < WORDS; i++)
    sum->all.words[i] = __builtin_addcll(a->all.words[i], b->all.words[i], carry, &carry);
}

static void minus(fp *difference, const fp *a, const fp *b) {
  unsigned long long borrow = 0;
  for (uint32_t i = 0; i < WORDS; i++)
    difference->all.words[i] = __builtin_subcll(a->all.words[i], b->all.words[i], borrow, &borrow);
}

static bool is_less(const fp *a, const fp *b) {
  for (uint32_t i = WORDS; i-- > 0;)
    if (a->all.words[i] != b->all.words[i]) return a->all.words[i] < b->all.words[i];
  return false;
}

/* a * b / 2^256: for each limb of b adds its product, then as often the prime as makes the lowest limb zero, and drops that.
 * What is kept stays below twice the prime. */
[[clang::noinline]] static void fp_multiply(fp *product, const fp *a, const fp *b) {
  const uint32_t inverse = 0xe4866389; /* of the negated prime, modulo 2^32 */
  uint32_t kept[LIMBS] = {0};
  for (uint32_t i = 0; i < LIMBS; i++) {
    uint64_t limb = b->limbs[i];
    uint64_t of_product = limb * a->limbs[0] + kept[0];
    uint64_t times = (uint32_t)of_product * inverse;
    uint64_t of_prime = times * prime.limbs[0] + (uint32_t)of_product;
    for (uint32_t j = 1; j < LIMBS; j++) {
      of_product = limb * a->limbs[j] + kept[j] + (of_product >> 32);
      of_prime = times * prime.limbs[j] + (uint32_t)of_product + (of_prime >> 32);
      kept[j - 1] = (uint32_t)of_prime;
    }
    kept[LIMBS - 1] = (uint32_t)(of_product >> 32) + (uint32_t)(of_prime >> 32);
  }
  memcpy(product, kept, sizeof kept);
  if (!is_less(product, &prime)) minus(product, product, &prime);
}

/* Takes a number as it is written into the form. */
static void fp_take(fp *a) {
  fp_multiply(a, a, &shift);
}

#endif

/* Results may lie on operands, here and for the fields on top. */

static void fp_add(fp *sum, const fp *a, const fp *b) {
  plus(sum, a, b);
  if (!is_less(sum, &prime)) minus(sum, sum, &prime);
}

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
  u256 bytes;
  eth_callDataCopy(&bytes, offset, sizeof bytes);
  for (uint32_t i = 0; i < WORDS; i++) result->all.words[i] = __builtin_bswap64(bytes.words[WORDS - 1 - i]);
  if (!is_less(result, &prime)) eth_revert(NULL, 0);
  fp_take(result);
}

#endif
