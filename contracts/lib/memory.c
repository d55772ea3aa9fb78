#include "ewasm.h"

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  uint8_t *t = to;
  const uint8_t *f = from;
  while (length--) *t++ = *f++;
  return to;
}

void *memset(void *to, int byte, size_t length) {
  uint8_t *t = to;
  while (length--) *t++ = (uint8_t)byte;
  return to;
}
