/* The fields above fp: fp2 has a + b u with u^2 = -1; fp6 has a + b v + c v^2 over fp2 with v^3 = 9 + u; fp12, where a
 * pairing ends, has a + b w over fp6 with w^2 = v. */
#ifndef TOWER_H
#define TOWER_H

#include "field.h"

typedef struct { fp a, b; } fp2;
typedef struct { fp2 a, b, c; } fp6;
typedef struct { fp6 a, b; } fp12;

SHARED void fp2_add(fp2 *sum, const fp2 *x, const fp2 *y) {
  fp_add(&sum->a, &x->a, &y->a);
  fp_add(&sum->b, &x->b, &y->b);
}

SHARED void fp2_subtract(fp2 *difference, const fp2 *x, const fp2 *y) {
  fp_subtract(&difference->a, &x->a, &y->a);
  fp_subtract(&difference->b, &x->b, &y->b);
}

static void fp2_double(fp2 *sum, const fp2 *x) {
  fp2_add(sum, x, x);
}

static void fp2_negate(fp2 *negative, const fp2 *x) {
  static const fp2 zero;
  fp2_subtract(negative, &zero, x);
}

SHARED void fp2_conjugate(fp2 *conjugate, const fp2 *x) {
  static const fp zero;
  conjugate->a = x->a;
  fp_subtract(&conjugate->b, &zero, &x->b);
}

SHARED void fp2_scale(fp2 *product, const fp2 *x, const fp *by) {
  fp_multiply(&product->a, &x->a, by);
  fp_multiply(&product->b, &x->b, by);
}

SHARED void fp2_multiply(fp2 *product, const fp2 *x, const fp2 *y) {
  fp low, high, cross;
  fp_multiply(&low, &x->a, &y->a);
  fp_multiply(&high, &x->b, &y->b);
#ifdef EXTENSIONS /* a product costs what two sums do */
  fp other;
  fp_multiply(&cross, &x->a, &y->b);
  fp_multiply(&other, &x->b, &y->a);
  fp_add(&product->b, &cross, &other);
#else
  fp sum;
  plus(&cross, &x->a, &x->b);
  plus(&sum, &y->a, &y->b);
  fp_multiply(&cross, &cross, &sum);
  fp_subtract(&cross, &cross, &low);
  fp_subtract(&product->b, &cross, &high);
#endif
  fp_subtract(&product->a, &low, &high);
}

SHARED void fp2_square(fp2 *square, const fp2 *x) {
  fp sum, difference, cross;
  plus(&sum, &x->a, &x->b);
  plus(&difference, &x->a, &prime);
  minus(&difference, &difference, &x->b);
  fp_multiply(&cross, &x->a, &x->b);
  fp_multiply(&square->a, &sum, &difference);
  fp_add(&square->b, &cross, &cross);
}

static void fp_nine_times(fp *product, const fp *x) {
#ifdef EXTENSIONS
  static const fp nine = {{{9}}};
  fp_multiply(product, x, &nine);
#else
  fp eight;
  fp_add(&eight, x, x);
  fp_add(&eight, &eight, &eight);
  fp_add(&eight, &eight, &eight);
  fp_add(product, &eight, x);
#endif
}

/* By v^3 = 9 + u. */
SHARED void fp2_turn(fp2 *product, const fp2 *x) {
  fp a, b;
  fp_nine_times(&a, &x->a);
  fp_nine_times(&b, &x->b);
  fp_subtract(&a, &a, &x->b);
  fp_add(&product->b, &b, &x->a);
  product->a = a;
}

static bool fp2_is_zero(const fp2 *x) {
  return fp_is_zero(&x->a) && fp_is_zero(&x->b);
}

static bool fp2_is_equal(const fp2 *x, const fp2 *y) {
  return fp_is_equal(&x->a, &y->a) && fp_is_equal(&x->b, &y->b);
}

/* xt + yz, by Karatsuba from xz and yt. */
SHARED void fp2_cross(fp2 *result, const fp2 *x, const fp2 *y, const fp2 *z, const fp2 *t, const fp2 *xz,
                      const fp2 *yt) {
  fp2 left, right;
  fp2_add(&left, x, y);
  fp2_add(&right, z, t);
  fp2_multiply(&left, &left, &right);
  fp2_subtract(&left, &left, xz);
  fp2_subtract(result, &left, yt);
}

SHARED void fp6_add(fp6 *sum, const fp6 *x, const fp6 *y) {
  fp2_add(&sum->a, &x->a, &y->a);
  fp2_add(&sum->b, &x->b, &y->b);
  fp2_add(&sum->c, &x->c, &y->c);
}

SHARED void fp6_subtract(fp6 *difference, const fp6 *x, const fp6 *y) {
  fp2_subtract(&difference->a, &x->a, &y->a);
  fp2_subtract(&difference->b, &x->b, &y->b);
  fp2_subtract(&difference->c, &x->c, &y->c);
}

static void fp6_negate(fp6 *negative, const fp6 *x) {
  static const fp6 zero;
  fp6_subtract(negative, &zero, x);
}

/* By v. */
SHARED void fp6_turn(fp6 *product, const fp6 *x) {
  fp2 turned;
  fp2_turn(&turned, &x->c);
  product->c = x->b;
  product->b = x->a;
  product->a = turned;
}

SHARED void fp6_scale(fp6 *product, const fp6 *x, const fp2 *by) {
  fp2_multiply(&product->a, &x->a, by);
  fp2_multiply(&product->b, &x->b, by);
  fp2_multiply(&product->c, &x->c, by);
}

SHARED void fp6_multiply(fp6 *product, const fp6 *x, const fp6 *y) {
  fp2 low, middle, high, bc, ab, ac;
  fp2_multiply(&low, &x->a, &y->a);
  fp2_multiply(&middle, &x->b, &y->b);
  fp2_multiply(&high, &x->c, &y->c);
  fp2_cross(&bc, &x->b, &x->c, &y->b, &y->c, &middle, &high);
  fp2_cross(&ab, &x->a, &x->b, &y->a, &y->b, &low, &middle);
  fp2_cross(&ac, &x->a, &x->c, &y->a, &y->c, &low, &high);
  fp2_turn(&bc, &bc);
  fp2_add(&product->a, &low, &bc);
  fp2_turn(&high, &high);
  fp2_add(&product->b, &ab, &high);
  fp2_add(&product->c, &ac, &middle);
}

/* By a + b v. */
static void fp6_multiply_sparse(fp6 *product, const fp6 *x, const fp2 *a, const fp2 *b) {
  fp2 low, middle, bc, ab, ca;
  fp2_multiply(&low, &x->a, a);
  fp2_multiply(&middle, &x->b, b);
  fp2_multiply(&bc, &x->c, b);
  fp2_multiply(&ca, &x->c, a);
  fp2_cross(&ab, &x->a, &x->b, a, b, &low, &middle);
  fp2_turn(&bc, &bc);
  fp2_add(&product->a, &low, &bc);
  product->b = ab;
  fp2_add(&product->c, &ca, &middle);
}

SHARED void fp12_multiply(fp12 *product, const fp12 *x, const fp12 *y) {
  fp6 low, high, left, right;
  fp6_multiply(&low, &x->a, &y->a);
  fp6_multiply(&high, &x->b, &y->b);
  fp6_add(&left, &x->a, &x->b);
  fp6_add(&right, &y->a, &y->b);
  fp6_multiply(&left, &left, &right);
  fp6_subtract(&left, &left, &low);
  fp6_subtract(&product->b, &left, &high);
  fp6_turn(&high, &high);
  fp6_add(&product->a, &low, &high);
}

/* By a + b w + c v w: what a line is. */
static void fp12_multiply_sparse(fp12 *product, const fp12 *x, const fp2 *a, const fp2 *b, const fp2 *c) {
  fp6 low, high, left;
  fp2 sum;
  fp6_scale(&low, &x->a, a);
  fp6_multiply_sparse(&high, &x->b, b, c);
  fp6_add(&left, &x->a, &x->b);
  fp2_add(&sum, a, b);
  fp6_multiply_sparse(&left, &left, &sum, c);
  fp6_subtract(&left, &left, &low);
  fp6_subtract(&product->b, &left, &high);
  fp6_turn(&high, &high);
  fp6_add(&product->a, &low, &high);
}

static void fp12_square(fp12 *square, const fp12 *x) {
  fp6 cross, left, right;
  fp6_multiply(&cross, &x->a, &x->b);
  fp6_turn(&right, &x->b);
  fp6_add(&right, &x->a, &right);
  fp6_add(&left, &x->a, &x->b);
  fp6_multiply(&left, &left, &right);
  fp6_add(&square->b, &cross, &cross);
  fp6_subtract(&left, &left, &cross);
  fp6_turn(&cross, &cross);
  fp6_subtract(&square->a, &left, &cross);
}

/* The inverse, once a number has been raised to p^6 - 1. */
static void fp12_conjugate(fp12 *conjugate, const fp12 *x) {
  conjugate->a = x->a;
  fp6_negate(&conjugate->b, &x->b);
}

/* (x + y s)^2 where s^2 = 9 + u: the first and the second half. */
static void fp4_square(fp2 *first, fp2 *second, const fp2 *x, const fp2 *y) {
  fp2 low, high, sum;
  fp2_square(&low, x);
  fp2_square(&high, y);
  fp2_add(&sum, x, y);
  fp2_square(&sum, &sum);
  fp2_subtract(&sum, &sum, &low);
  fp2_subtract(second, &sum, &high);
  fp2_turn(&high, &high);
  fp2_add(first, &low, &high);
}

/* 3 square - 2 x, and 3 square + 2 x. */
static void three_less_two(fp2 *x, const fp2 *square) {
  fp2 difference;
  fp2_subtract(&difference, square, x);
  fp2_double(&difference, &difference);
  fp2_add(x, &difference, square);
}

static void three_and_two(fp2 *x, const fp2 *square) {
  fp2 sum;
  fp2_add(&sum, square, x);
  fp2_double(&sum, &sum);
  fp2_add(x, &sum, square);
}

/* Where numbers have been raised to (p^6 - 1)(p^2 + 1) (Granger and Scott, "Faster squaring in the cyclotomic subgroup
 * of sixth degree extensions"). */
static void fp12_square_cyclotomic(fp12 *x) {
  fp2 first[3], second[3];
  fp4_square(&first[0], &second[0], &x->a.a, &x->b.b);
  fp4_square(&first[1], &second[1], &x->b.a, &x->a.c);
  fp4_square(&first[2], &second[2], &x->a.b, &x->b.c);
  fp2_turn(&second[2], &second[2]);
  three_less_two(&x->a.a, &first[0]);
  three_less_two(&x->a.b, &first[1]);
  three_less_two(&x->a.c, &first[2]);
  three_and_two(&x->b.a, &second[2]);
  three_and_two(&x->b.b, &second[0]);
  three_and_two(&x->b.c, &second[1]);
}

static void fp2_invert(fp2 *inverse, const fp2 *x) {
  fp norm, square;
  fp_multiply(&norm, &x->a, &x->a);
  fp_multiply(&square, &x->b, &x->b);
  fp_add(&norm, &norm, &square);
  fp_invert(&norm, &norm);
  fp2_conjugate(inverse, x);
  fp2_scale(inverse, inverse, &norm);
}

static void fp6_invert(fp6 *inverse, const fp6 *x) {
  fp6 cofactor;
  fp2 product, norm;
  /* a^2 - (9 + u) bc, (9 + u) c^2 - ab, b^2 - ac */
  fp2_square(&cofactor.a, &x->a);
  fp2_multiply(&product, &x->b, &x->c);
  fp2_turn(&product, &product);
  fp2_subtract(&cofactor.a, &cofactor.a, &product);
  fp2_square(&cofactor.b, &x->c);
  fp2_turn(&cofactor.b, &cofactor.b);
  fp2_multiply(&product, &x->a, &x->b);
  fp2_subtract(&cofactor.b, &cofactor.b, &product);
  fp2_square(&cofactor.c, &x->b);
  fp2_multiply(&product, &x->a, &x->c);
  fp2_subtract(&cofactor.c, &cofactor.c, &product);
  /* their product with x is in fp2 */
  fp2_multiply(&norm, &x->c, &cofactor.b);
  fp2_multiply(&product, &x->b, &cofactor.c);
  fp2_add(&norm, &norm, &product);
  fp2_turn(&norm, &norm);
  fp2_multiply(&product, &x->a, &cofactor.a);
  fp2_add(&norm, &norm, &product);
  fp2_invert(&norm, &norm);
  fp6_scale(inverse, &cofactor, &norm);
}

static void fp12_invert(fp12 *inverse, const fp12 *x) {
  fp6 norm, square;
  fp6_multiply(&norm, &x->a, &x->a);
  fp6_multiply(&square, &x->b, &x->b);
  fp6_turn(&square, &square);
  fp6_subtract(&norm, &norm, &square);
  fp6_invert(&norm, &norm);
  fp6_multiply(&inverse->a, &x->a, &norm);
  fp6_multiply(&inverse->b, &x->b, &norm);
  fp6_negate(&inverse->b, &inverse->b);
}

/* The powers 1 to 5 of (9 + u)^((p - 1) / 6), which contract() takes into their form. */
static fp2 turns[] = {
    {{{{0xd60b35dadcc9e470, 0x5c521e08292f2176, 0xe8b99fdd76e68b60, 0x1284b71c2865a7df}}},
     {{{0xca5cf05f80f362ac, 0x747992778eeec7e5, 0xa6327cfe12150b8e, 0x246996f3b4fae7e6}}}},
    {{{{0x99e39557176f553d, 0xb78cc310c2c3330c, 0x4c0bec3cf559b143, 0x2fb347984f7911f7}}},
     {{{0x1665d51c640fcba2, 0x32ae2a1d0b7c9dce, 0x4ba4cc8bd75a0794, 0x16c9e55061ebae20}}}},
    {{{{0xdc54014671a0135a, 0xdbaae0eda9c95998, 0xdc5ec698b6e2f9b9, 0x063cf305489af5dc}}},
     {{{0x82d37f632623b0e3, 0x21807dc98fa25bd2, 0x0704b5a7ec796f2b, 0x07c03cbcac41049a}}}},
    {{{{0x848a1f55921ea762, 0xd33365f7be94ec72, 0x80f3c0b75a181e84, 0x05b54f5e64eea801}}},
     {{{0xc13b4711cd2b8126, 0x3685d2ea1bdec763, 0x9f3a80b03b0b1c92, 0x2c145edbe7fd8aee}}}},
    {{{{0x2ea2c810eab7692f, 0x425c459b55aa1bd3, 0xe93a3661a4353ff4, 0x0183c1e74f798649}}},
     {{{0x24c6b8ee6e0c2c4b, 0xb080cb99678e2ac0, 0xa27fb246c7729f7d, 0x12acf2ca76fd0675}}}},
};

/* The power of p (Frobenius): of each fp2 the conjugate, and w^i takes a factor along. */
static void fp12_power_p(fp12 *power, const fp12 *x) {
  fp2_conjugate(&power->a.a, &x->a.a);
  const fp2 *from[] = {&x->b.a, &x->a.b, &x->b.b, &x->a.c, &x->b.c};
  fp2 *to[] = {&power->b.a, &power->a.b, &power->b.b, &power->a.c, &power->b.c};
  for (uint32_t i = 0; i < 5; i++) {
    fp2_conjugate(to[i], from[i]);
    fp2_multiply(to[i], to[i], &turns[i]);
  }
}

#endif
