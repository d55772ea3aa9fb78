/* What the token and its init module agree on.
 *
 * Storage, every value a 256-bit big-endian number:
 *   00 (12 times) address   balance of the address
 *   01 00 (31 times)        total supply
 *   02 hash                 allowance; hash is the last 31 bytes of
 *                           keccak256(owner's 20 bytes, spender's 20 bytes)
 *
 * A balance's key is also how the ABI and the topics of a log write the
 * address, so below an address is always these 32 bytes.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include "ewasm.h"

enum { PADDING = sizeof(bytes32) - sizeof(address) };

static const bytes32 supply_key = {{0x01}};

static inline _Noreturn void fail(void) {
  eth_revert(NULL, 0);
}

/* to += by; reverts on overflow. */
static inline void add(bytes32 *to, const bytes32 *by) {
  uint32_t carry = 0;
  for (int i = sizeof to->bytes - 1; i >= 0; i--) {
    carry += to->bytes[i] + by->bytes[i];
    to->bytes[i] = (uint8_t)carry;
    carry >>= 8;
  }
  if (carry) fail();
}

/* from -= by; reverts when by is more. */
static inline void subtract(bytes32 *from, const bytes32 *by) {
  uint32_t borrow = 0;
  for (int i = sizeof from->bytes - 1; i >= 0; i--) {
    uint32_t difference = from->bytes[i] - by->bytes[i] - borrow;
    from->bytes[i] = (uint8_t)difference;
    borrow = difference >> 31;
  }
  if (borrow) fail();
}

/* An address with other bits set could name any slot. */
static inline void expect_address(const bytes32 *word) {
  for (uint32_t i = 0; i < PADDING; i++)
    if (word->bytes[i]) fail();
}

static inline void get_caller(bytes32 *caller) {
  memset(caller, 0, sizeof *caller);
  eth_getCaller((address *)(caller->bytes + PADDING));
}

/* Transfer(address indexed from, address indexed to, uint256 value) */
static inline void log_transfer(const bytes32 *from, const bytes32 *to, const bytes32 *value) {
  static const bytes32 topic = {{
      0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
      0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
  }};
  eth_log(value, sizeof *value, 3, &topic, from, to, NULL);
}

/* Approval(address indexed owner, address indexed spender, uint256 value) */
static inline void log_approval(const bytes32 *owner, const bytes32 *spender, const bytes32 *value) {
  static const bytes32 topic = {{
      0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e, 0x84, 0xf3,
      0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8, 0xc7, 0xc3, 0xb9, 0x25,
  }};
  eth_log(value, sizeof *value, 3, &topic, owner, spender, NULL);
}

static inline void move(const bytes32 *from, const bytes32 *to, const bytes32 *value) {
  bytes32 balance;
  eth_storageLoad(from, &balance);
  subtract(&balance, value);
  eth_storageStore(from, &balance);

  /* Only now, because to may be from. */
  eth_storageLoad(to, &balance);
  add(&balance, value);
  eth_storageStore(to, &balance);

  log_transfer(from, to, value);
}

#endif
