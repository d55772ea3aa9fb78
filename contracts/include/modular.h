/* Products of 256-bit numbers by a modulus. Limbs are of 32 bits, the lowest first. */
#ifndef MODULAR_H
#define MODULAR_H

#include <stdint.h>

enum { LIMBS = 8 };

typedef struct { uint32_t limbs[LIMBS]; } number;

/* product = a * b mod modulus; 0 when the modulus is 0, as the EVM's MULMOD has it. The product may be a or b. */
void multiply_modulo(number *product, const number *a, const number *b, const number *modulus);

/* A big-endian number of the call data. */
void read_number(number *result, uint32_t offset);

/* Ends the contract with a number, big-endian. */
_Noreturn void finish_with_number(number *result);

#endif
