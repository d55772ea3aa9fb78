/* Returns a power modulo a number: the call data are base, exponent and modulus, 32 bytes each. */
#include "ewasm.h"
#include "modular.h"

ENTRY void contract(void) {
  number base, exponent, modulus;
  read_number(&base, 0);
  read_number(&exponent, 32);
  read_number(&modulus, 64);

  number one = {{1}}, power;
  multiply_modulo(&power, &one, &one, &modulus); /* 0 modulo 1 */
  for (uint32_t bit = 32 * LIMBS; bit-- > 0;) {
    multiply_modulo(&power, &power, &power, &modulus);
    if (exponent.limbs[bit / 32] >> bit % 32 & 1) multiply_modulo(&power, &power, &base, &modulus);
  }
  finish_with_number(&power);
}
