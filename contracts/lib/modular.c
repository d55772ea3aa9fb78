#include "modular.h"

#include "ewasm.h"

/* Turns a number round, from big-endian to little-endian and back. */
static void turn(number *n) {
  for (uint32_t low = 0, high = LIMBS - 1; low < high; low++, high--) {
    uint32_t limb = __builtin_bswap32(n->limbs[low]);
    n->limbs[low] = __builtin_bswap32(n->limbs[high]);
    n->limbs[high] = limb;
  }
}

void read_number(number *result, uint32_t offset) {
  eth_callDataCopy(result, offset, sizeof *result);
  turn(result);
}

_Noreturn void finish_with_number(number *result) {
  turn(result);
  eth_finish(result, sizeof *result);
}

#ifdef EXTENSIONS

void multiply_modulo(number *product, const number *a, const number *b, const number *modulus) {
  eth_u256MulMod((const u256 *)a, (const u256 *)b, (const u256 *)modulus, (u256 *)product);
}

#else

/* One limb more than a product has: dividing shifts it. */
enum { REST_LIMBS = 2 * LIMBS + 1 };

static void multiply(uint32_t product[REST_LIMBS], const number *a, const number *b) {
  memset(product, 0, REST_LIMBS * sizeof *product);
  for (uint32_t i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    for (uint32_t j = 0; j < LIMBS; j++) {
      carry += (uint64_t)a->limbs[i] * b->limbs[j] + product[i + j];
      product[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
    product[i + LIMBS] = (uint32_t)carry;
  }
}

/* `by` is 0 to 31. */
static void shift_left(uint32_t *limbs, uint32_t count, uint32_t by) {
  uint64_t carry = 0;
  for (uint32_t i = 0; i < count; i++) {
    carry |= (uint64_t)limbs[i] << by;
    limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
}

/* The digit of the quotient that the three highest limbs suggest: right, or one too much. */
static uint64_t guess(const uint32_t *rest, const uint32_t *divisor, uint32_t used) {
  uint64_t top = (uint64_t)rest[used] << 32 | rest[used - 1], highest = divisor[used - 1];
  uint64_t digit = top / highest, left = top % highest;
  while (digit >> 32 || (used > 1 && digit * divisor[used - 2] > (left << 32 | rest[used - 2]))) {
    digit--;
    left += highest;
    if (left >> 32) break;
  }
  return digit;
}

/* rest -= digit * divisor; true when that was one time too often. */
static uint32_t subtract_product(uint32_t *rest, const uint32_t *divisor, uint32_t used, uint64_t digit) {
  uint64_t carry = 0;
  int64_t difference = 0;
  for (uint32_t i = 0; i < used; i++) {
    carry += digit * divisor[i];
    difference += (int64_t)rest[i] - (uint32_t)carry;
    rest[i] = (uint32_t)difference;
    difference >>= 32;
    carry >>= 32;
  }
  difference += (int64_t)rest[used] - (int64_t)carry;
  rest[used] = (uint32_t)difference;
  return difference < 0;
}

static void add_back(uint32_t *rest, const uint32_t *divisor, uint32_t used) {
  uint64_t carry = 0;
  for (uint32_t i = 0; i < used; i++) {
    carry += (uint64_t)rest[i] + divisor[i];
    rest[i] = (uint32_t)carry;
    carry >>= 32;
  }
  rest[used] += (uint32_t)carry;
}

/* Long division, Knuth's algorithm D (The Art of Computer Programming, 4.3.1), for the remainder alone. */
void multiply_modulo(number *product, const number *a, const number *b, const number *modulus) {
  uint32_t rest[REST_LIMBS];
  multiply(rest, a, b);
  uint32_t used = LIMBS;
  while (used && !modulus->limbs[used - 1]) used--;
  memset(product, 0, sizeof *product);
  if (!used) return;

  number divisor = *modulus;
  uint32_t shift = (uint32_t)__builtin_clz(divisor.limbs[used - 1]);
  shift_left(divisor.limbs, used, shift);
  shift_left(rest, REST_LIMBS, shift);
  for (uint32_t at = REST_LIMBS - used; at-- > 0;) {
    uint64_t digit = guess(rest + at, divisor.limbs, used);
    if (subtract_product(rest + at, divisor.limbs, used, digit)) add_back(rest + at, divisor.limbs, used);
  }
  for (uint32_t i = 0; i < used; i++)
    product->limbs[i] = (uint32_t)(((uint64_t)rest[i + 1] << 32 | rest[i]) >> shift);
}

#endif
