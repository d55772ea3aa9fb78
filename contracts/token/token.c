/* A token with the interface of ERC-20: see token.h for its storage. */
#include "keccak.h"
#include "token.h"

static struct {
  uint32_t selector;
  bytes32 arguments[3];
} input;

static const bytes32 *address_argument(uint32_t index) {
  expect_address(&input.arguments[index]);
  return &input.arguments[index];
}

static void find_allowance(const bytes32 *owner, const bytes32 *spender, bytes32 *key) {
  uint64_t state[KECCAK_LANES] = {0};
  uint64_t block[KECCAK_BLOCK_LANES];
  uint8_t *bytes = (uint8_t *)block;
  memcpy(bytes, owner->bytes + PADDING, sizeof(address));
  memcpy(bytes + sizeof(address), spender->bytes + PADDING, sizeof(address));
  keccak_last(state, block, 2 * sizeof(address));
  memcpy(key, state, sizeof *key);
  key->bytes[0] = 0x02;
}

static _Noreturn void finish_with_slot(const bytes32 *key) {
  bytes32 value;
  eth_storageLoad(key, &value);
  eth_finish(&value, sizeof value);
}

static _Noreturn void finish_with_true(void) {
  static const bytes32 abi_true = {{[31] = 1}};
  eth_finish(&abi_true, sizeof abi_true);
}

static void expect_arguments(uint32_t count) {
  if (eth_getCallDataSize() != sizeof input.selector + count * sizeof(bytes32)) fail();
}

ENTRY void contract(void) {
  refuse_value();
  uint32_t size = eth_getCallDataSize();
  if (size < sizeof input.selector || size > sizeof input) fail();
  eth_callDataCopy(&input, 0, size);

  bytes32 caller, key, allowed;
  get_caller(&caller);

  switch (__builtin_bswap32(input.selector)) {
  case 0x18160ddd: /* totalSupply() */
    expect_arguments(0);
    finish_with_slot(&supply_key);

  case 0x70a08231: /* balanceOf(address owner) */
    expect_arguments(1);
    finish_with_slot(address_argument(0));

  case 0xdd62ed3e: /* allowance(address owner, address spender) */
    expect_arguments(2);
    find_allowance(address_argument(0), address_argument(1), &key);
    finish_with_slot(&key);

  case 0xa9059cbb: /* transfer(address to, uint256 value) */
    expect_arguments(2);
    move(&caller, address_argument(0), &input.arguments[1]);
    finish_with_true();

  case 0x095ea7b3: /* approve(address spender, uint256 value) */
    expect_arguments(2);
    find_allowance(&caller, address_argument(0), &key);
    eth_storageStore(&key, &input.arguments[1]);
    log_approval(&caller, &input.arguments[0], &input.arguments[1]);
    finish_with_true();

  case 0x23b872dd: /* transferFrom(address from, address to, uint256 value) */
    expect_arguments(3);
    find_allowance(address_argument(0), &caller, &key);
    eth_storageLoad(&key, &allowed);
    subtract(&allowed, &input.arguments[2]);
    eth_storageStore(&key, &allowed);
    move(&input.arguments[0], address_argument(1), &input.arguments[2]);
    finish_with_true();
  }
  fail();
}
