/* Whether a product of pairings on bn254 is one, as the EVM's precompiled contract 8 answers it (EIP-197).
 *
 * The pairing is the optimal ate one (Beuchat and others, "High-Speed Software Implementation of the Optimal Ate Pairing
 * over Barreto-Naehrig Curves"). Points of the twist are x/z, y/z, so that nothing is divided on the way.
 */
#include "tower.h"

/* 6x + 2 and the curve's parameter x in digits of 1 and -1; the former without its highest, 2^64. */
static const uint64_t loop_plus = 0xa002004200804028, loop_minus = 0x02889008420a0480;
static const uint64_t x_plus = 0x450a14044a890a01, x_minus = 0x0020815000200010;

/* 3 / (9 + u): the twist is y^2 = x^3 + this. contract() takes it into its form. */
static fp2 twist = {{{{0x3267e6dc24a138e5, 0xb5b4c5e559dbefa3, 0x81be18991be06ac3, 0x2b149d40ceb8aaae}}},
                    {{{0xe4a2bd0685c315d2, 0xa74fa084e52d1852, 0xcd2cafadeed8fdf4, 0x009713b03af0fed4}}}};

typedef struct { fp2 x, y; } point;

typedef struct {
  fp x, y;          /* of the curve's point */
  bool is_infinite; /* that point: the pairing is one */
  point q;          /* of the twist */
  struct { fp2 x, y, z; } at; /* the multiple of q that the loop has come to */
} term;

static const uint32_t TERM = 6 * 32;

enum { BATCH = 8 };
static term terms[BATCH];

/* Multiplies by a line at the term's point of the curve. */
static void take_line(fp12 *f, const term *term, fp2 *a, fp2 *b, const fp2 *c) {
  if (term->is_infinite) return;
  fp2_scale(a, a, &term->y);
  fp2_scale(b, b, &term->x);
  fp12_multiply_sparse(f, f, a, b, c);
}

/* The tangent, and the point doubled. */
static void double_point(fp12 *f, term *term) {
  fp2 xx, yy, zz, xy, e, g, h, i;
  fp2_square(&xx, &term->at.x);
  fp2_square(&yy, &term->at.y);
  fp2_square(&zz, &term->at.z);
  fp2_multiply(&xy, &term->at.x, &term->at.y);
  fp2_double(&xy, &xy);

  fp2_multiply(&h, &term->at.y, &term->at.z);
  fp2_double(&h, &h);
  fp2_multiply(&e, &zz, &twist);
  fp2_double(&g, &e);
  fp2_add(&e, &g, &e); /* 3 b z^2 */
  fp2_subtract(&i, &e, &yy);

  /* x = 2xy (y^2 - 3e), y = (y^2 + 3e)^2 - 12 e^2, z = 4 y^2 h */
  fp2_double(&g, &e);
  fp2_add(&g, &g, &e);
  fp2_subtract(&zz, &yy, &g);
  fp2_multiply(&term->at.x, &xy, &zz);
  fp2_add(&g, &yy, &g);
  fp2_square(&g, &g);
  fp2_double(&e, &e);
  fp2_square(&e, &e);
  fp2_subtract(&g, &g, &e);
  fp2_double(&e, &e);
  fp2_subtract(&term->at.y, &g, &e);
  fp2_multiply(&term->at.z, &yy, &h);
  fp2_double(&term->at.z, &term->at.z);
  fp2_double(&term->at.z, &term->at.z);

  fp2_negate(&h, &h);
  fp2_double(&yy, &xx);
  fp2_add(&xx, &xx, &yy);
  take_line(f, term, &h, &xx, &i);
}

/* The line through the point and another, and their sum. */
static void add_point(fp12 *f, term *term, const point *other) {
  fp2 theta, lambda, c, d, e, g, h, j;
  fp2_multiply(&theta, &other->y, &term->at.z);
  fp2_subtract(&theta, &term->at.y, &theta);
  fp2_multiply(&lambda, &other->x, &term->at.z);
  fp2_subtract(&lambda, &term->at.x, &lambda);
  fp2_square(&c, &theta);
  fp2_square(&d, &lambda);
  fp2_multiply(&e, &lambda, &d);
  fp2_multiply(&c, &term->at.z, &c);
  fp2_multiply(&g, &term->at.x, &d);
  fp2_add(&h, &e, &c);
  fp2_subtract(&h, &h, &g);
  fp2_subtract(&h, &h, &g);

  fp2_multiply(&term->at.x, &lambda, &h);
  fp2_subtract(&g, &g, &h);
  fp2_multiply(&g, &theta, &g);
  fp2_multiply(&h, &e, &term->at.y);
  fp2_subtract(&term->at.y, &g, &h);
  fp2_multiply(&term->at.z, &term->at.z, &e);

  fp2_multiply(&j, &theta, &other->x);
  fp2_multiply(&c, &lambda, &other->y);
  fp2_subtract(&j, &j, &c);
  fp2_negate(&theta, &theta);
  take_line(f, term, &lambda, &theta, &j);
}

/* The endomorphism of the twist that is Frobenius' on the curve. */
static void power_p(point *power, const point *of) {
  fp2_conjugate(&power->x, &of->x);
  fp2_multiply(&power->x, &power->x, &turns[1]);
  fp2_conjugate(&power->y, &of->y);
  fp2_multiply(&power->y, &power->y, &turns[2]);
}

/* The last two lines, at p q and -p^2 q; reverts if q is not in the subgroup of order r.
 *
 * With s for power_p, a point of the subgroup is now -s^3(q). Nothing else is: s^2 - t s + p = 0 and
 * s^3 - s^2 + s + 6x + 2 = 0 have a resultant whose greatest common divisor with the twist's order is r. Where a sum
 * met a point with itself or its negative, which in the subgroup never is, z has been zero since. */
static void end_loop(fp12 *f, term *term) {
  point q, expected;
  power_p(&q, &term->q);
  add_point(f, term, &q);
  power_p(&q, &q);
  fp2_negate(&q.y, &q.y);
  add_point(f, term, &q);

  power_p(&expected, &q);
  fp2_multiply(&expected.x, &expected.x, &term->at.z);
  fp2_multiply(&expected.y, &expected.y, &term->at.z);
  if (fp2_is_zero(&term->at.z) || !fp2_is_equal(&expected.x, &term->at.x) || !fp2_is_equal(&expected.y, &term->at.y))
    eth_revert(NULL, 0);
}

/* Miller's loop for all terms at once. */
static void loop(fp12 *f, uint32_t count) {
  *f = (fp12){.a.a.a = fp_one};
  for (uint32_t bit = 64; bit-- > 0;) {
    fp12_square(f, f);
    for (term *term = terms; term < terms + count; term++) {
      double_point(f, term);
      point q = term->q;
      if (loop_minus >> bit & 1) fp2_negate(&q.y, &q.y);
      if ((loop_plus | loop_minus) >> bit & 1) add_point(f, term, &q);
    }
  }
  for (term *term = terms; term < terms + count; term++) end_loop(f, term);
}

/* To the power of -x, where an inverse is a conjugate. */
static void power_minus_x(fp12 *power, const fp12 *f) {
  fp12 inverse, result = *f;
  fp12_conjugate(&inverse, f);
  for (uint32_t bit = 62; bit-- > 0;) {
    fp12_square_cyclotomic(&result);
    if (x_plus >> bit & 1) fp12_multiply(&result, &result, f);
    if (x_minus >> bit & 1) fp12_multiply(&result, &result, &inverse);
  }
  fp12_conjugate(power, &result);
}

/* To the power of (p^12 - 1) / r, times a number prime to r, which makes it no one that was none (Fuentes-Castaneda and
 * others, "Faster Hashing to G2"). */
static void last_power(fp12 *f) {
  fp12 a, b, c, d, e;
  fp12_invert(&a, f);
  fp12_conjugate(&b, f);
  fp12_multiply(&a, &b, &a); /* p^6 - 1 */
  fp12_power_p(&b, &a);
  fp12_power_p(&b, &b);
  fp12_multiply(f, &a, &b); /* p^2 + 1 */

  power_minus_x(&a, f);
  fp12_square_cyclotomic(&a); /* -2x */
  b = a;
  fp12_square_cyclotomic(&b);
  fp12_multiply(&b, &b, &a); /* -6x */
  power_minus_x(&c, &b);     /* 6x^2 */
  d = c;
  fp12_square_cyclotomic(&d); /* 12x^2 */
  power_minus_x(&d, &d);      /* -12x^3 */
  fp12_conjugate(&d, &d);
  fp12_conjugate(&b, &b);
  fp12_multiply(&d, &d, &c);
  fp12_multiply(&d, &d, &b); /* 12x^3 + 6x^2 + 6x */
  fp12_multiply(&b, &d, &a); /* 12x^3 + 6x^2 + 4x */
  fp12_multiply(&c, &d, &c);
  fp12_multiply(&c, &c, f); /* 12x^3 + 12x^2 + 6x + 1 */

  fp12_power_p(&e, &b);
  fp12_multiply(&c, &c, &e); /* + p (12x^3 + 6x^2 + 4x) */
  fp12_power_p(&d, &d);
  fp12_power_p(&d, &d);
  fp12_multiply(&c, &c, &d); /* + p^2 (12x^3 + 6x^2 + 6x) */
  fp12_conjugate(&a, f);
  fp12_multiply(&b, &b, &a);
  for (uint32_t i = 0; i < 3; i++) fp12_power_p(&b, &b);
  fp12_multiply(f, &c, &b); /* + p^3 (12x^3 + 6x^2 + 4x - 1) */
}

static bool is_one(fp12 *f) {
  fp_subtract(&f->a.a.a, &f->a.a.a, &fp_one);
  uint64_t any = 0;
  for (uint64_t *word = (uint64_t *)f; word < (uint64_t *)(f + 1); word++) any |= *word;
  return !any;
}

/* Imaginary parts come first. */
static void read_fp2(fp2 *result, uint32_t offset) {
  fp_read(&result->b, offset);
  fp_read(&result->a, offset + 32);
}

/* Reads a term, and tells if it counts: its point of the twist is not the infinite one. */
static bool read_term(term *term, uint32_t offset) {
  fp left, right, three;
  fp_read(&term->x, offset);
  fp_read(&term->y, offset + 32);
  term->is_infinite = fp_is_zero(&term->x) && fp_is_zero(&term->y);
  fp_add(&three, &fp_one, &fp_one);
  fp_add(&three, &three, &fp_one);
  fp_multiply(&left, &term->y, &term->y);
  fp_multiply(&right, &term->x, &term->x);
  fp_multiply(&right, &right, &term->x);
  fp_add(&right, &right, &three);
  if (!term->is_infinite && !fp_is_equal(&left, &right)) eth_revert(NULL, 0);

  fp2 left2, right2;
  read_fp2(&term->q.x, offset + 64);
  read_fp2(&term->q.y, offset + 128);
  if (fp2_is_zero(&term->q.x) && fp2_is_zero(&term->q.y)) return false;
  fp2_square(&left2, &term->q.y);
  fp2_square(&right2, &term->q.x);
  fp2_multiply(&right2, &right2, &term->q.x);
  fp2_add(&right2, &right2, &twist);
  if (!fp2_is_equal(&left2, &right2)) eth_revert(NULL, 0);
  term->at.x = term->q.x;
  term->at.y = term->q.y;
  term->at.z = (fp2){.a = fp_one};
  return true;
}

ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  if (size % TERM) eth_revert(NULL, 0);
  fp_take(&twist.a);
  fp_take(&twist.b);
  for (fp2 *turn = turns; turn < turns + 5; turn++) {
    fp_take(&turn->a);
    fp_take(&turn->b);
  }

  fp12 product = {.a.a.a = fp_one}, f;
  for (uint32_t offset = 0; offset < size;) {
    uint32_t count = 0;
    for (; count < BATCH && offset < size; offset += TERM) count += read_term(&terms[count], offset);
    loop(&f, count);
    fp12_multiply(&product, &product, &f);
  }
  last_power(&product);
  bytes32 answer = {.bytes[31] = is_one(&product)};
  eth_finish(&answer, sizeof answer);
}
