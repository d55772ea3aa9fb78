/* Multiplies a number so many times by another, modulo a third: the call data are all four, 32 bytes each. */
#include "ewasm.h"
#include "modular.h"

ENTRY void contract(void) {
  number a, b, modulus, times;
  read_number(&a, 0);
  read_number(&b, 32);
  read_number(&modulus, 64);
  read_number(&times, 96);
  /* Of the times the low 32 bits count. */
  for (uint32_t left = times.limbs[0]; left; left--) multiply_modulo(&a, &a, &b, &modulus);
  finish_with_number(&a);
}
