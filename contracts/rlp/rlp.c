/* Checks that the call data is one item in RLP (Yellow Paper, appendix B) and counts what is in it. */
#include "ewasm.h"

enum { MOST = 48 * 1024, DEEPEST = 1024 };

/* First bytes: up to 0x7f a string of itself; then strings, then lists, each with a length of up to 55
 * in the first byte, or with a length that follows in 1 to 8 bytes. */
enum { STRING = 0x80, LONG_STRING = 0xb7, LIST = 0xc0, LONG_LIST = 0xf7, LONG = 56 };

static uint8_t data[MOST];
static uint32_t at;

/* Where the lists around the current one end. */
static uint32_t ends[DEEPEST];

static struct { uint32_t strings, lists, bytes, deepest; } found;

static _Noreturn void fail(void) {
  eth_revert(NULL, 0);
}

/* Reads a length of `width` bytes. It must need them all, and the long form. */
static uint32_t long_length(uint32_t width, uint32_t end) {
  if (width > end - at || width > sizeof(uint32_t) || data[at] == 0) fail();
  uint32_t length = 0;
  while (width--) length = length << 8 | data[at++];
  if (length < LONG) fail();
  return length;
}

/* Reads all of an item that stands before a payload, and says how long that is. */
static uint32_t head(uint32_t first, uint32_t end) {
  uint32_t length;
  if (first < LIST)
    length = first <= LONG_STRING ? first - STRING : long_length(first - LONG_STRING, end);
  else
    length = first <= LONG_LIST ? first - LIST : long_length(first - LONG_LIST, end);
  if (length > end - at) fail();
  return length;
}

static void string(uint32_t first, uint32_t end) {
  uint32_t length = 1;
  if (first < STRING) {
    at--; /* it is its own payload */
  } else {
    length = head(first, end);
    /* What could stand for itself must. */
    if (length == 1 && data[at] < STRING) fail();
  }
  at += length;
  found.strings++;
  found.bytes += length;
}

ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  if (size > MOST) fail();
  eth_callDataCopy(data, 0, size);

  uint32_t depth = 0, end = size;
  do {
    if (at == end) fail();
    uint32_t first = data[at++];
    if (first < LIST) {
      string(first, end);
    } else {
      uint32_t length = head(first, end);
      if (depth == DEEPEST) fail();
      ends[depth++] = end;
      end = at + length;
      found.lists++;
      if (depth > found.deepest) found.deepest = depth;
    }
    while (depth && at == end) end = ends[--depth];
  } while (depth);

  if (at != size) fail();
  eth_finish(&found, sizeof found);
}
