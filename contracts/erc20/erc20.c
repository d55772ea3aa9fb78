/* A token with the interface, the rules and the storage of OpenZeppelin's ERC20: see erc20.h. */
#include "erc20.h"

static struct {
  uint32_t selector;
  bytes32 arguments[3];
} input;

/* Copies the arguments, of which there may be more. */
static void expect_arguments(uint32_t count) {
  uint32_t length = count * sizeof(bytes32);
  if (eth_getCallDataSize() < sizeof input.selector + length) fail();
  eth_callDataCopy(input.arguments, sizeof input.selector, length);
}

static const bytes32 *address_argument(uint32_t index) {
  expect_address(&input.arguments[index]);
  return &input.arguments[index];
}

static u256 number_of(const bytes32 *word) {
  union {
    bytes32 word;
    u256 number;
  } both = {*word};
  u256_turn(&both.number, &both.number);
  return both.number;
}

static bool is_zero(const bytes32 *word) {
  u256 number = number_of(word);
  return !(number.words[0] | number.words[1] | number.words[2] | number.words[3]);
}

/* An address that may take part. */
static const bytes32 *party_argument(uint32_t index) {
  if (is_zero(address_argument(index))) fail();
  return &input.arguments[index];
}

static void load(u256 *value, const bytes32 *slot) {
  eth_storageLoad(slot, (bytes32 *)value);
  u256_turn(value, value);
}

static void store(const bytes32 *slot, u256 value) {
  u256_turn(&value, &value);
  eth_storageStore(slot, (bytes32 *)&value);
}

/* Takes an amount from what a slot has; reverts when it has less. */
static void take(const bytes32 *slot, const u256 *amount) {
  u256 value;
  load(&value, slot);
  if (u256_is_less(&value, amount)) fail();
  u256_subtract(&value, &value, amount);
  store(slot, value);
}

/* The sum is no more than the supply. */
static void give(const bytes32 *slot, const u256 *amount) {
  u256 value;
  load(&value, slot);
  u256_add(&value, &value, amount);
  store(slot, value);
}

static void transfer(const bytes32 *from, const bytes32 *to, const bytes32 *value) {
  u256 amount = number_of(value);
  bytes32 slot;
  find_entry(&slot, from, &balances_slot);
  take(&slot, &amount);
  find_entry(&slot, to, &balances_slot);
  give(&slot, &amount);
  log_transfer(from, to, value);
}

static void find_allowance(bytes32 *slot, const bytes32 *owner, const bytes32 *spender) {
  find_entry(slot, owner, &allowances_slot);
  find_entry(slot, spender, slot);
}

/* The largest allowance lasts. */
static void spend_allowance(const bytes32 *owner, const bytes32 *spender, const bytes32 *value) {
  bytes32 slot;
  u256 allowed, amount = number_of(value);
  find_allowance(&slot, owner, spender);
  load(&allowed, &slot);
  if (~(allowed.words[0] & allowed.words[1] & allowed.words[2] & allowed.words[3])) take(&slot, &amount);
}

static _Noreturn void finish_with_slot(const bytes32 *slot) {
  bytes32 value;
  eth_storageLoad(slot, &value);
  eth_finish(&value, sizeof value);
}

static _Noreturn void finish_with_number(uint8_t number) {
  bytes32 value = {.bytes[31] = number};
  eth_finish(&value, sizeof value);
}

/* The ABI's text: where it begins, its length, itself. */
static _Noreturn void finish_with_text(const bytes32 *slot) {
  struct { bytes32 offset, length, text; } answer = {.offset.bytes[31] = sizeof(bytes32)};
  eth_storageLoad(slot, &answer.text);
  answer.length.bytes[31] = answer.text.bytes[31] / 2;
  answer.text.bytes[31] = 0;
  eth_finish(&answer, sizeof answer);
}

ENTRY void contract(void) {
  refuse_value();
  if (eth_getCallDataSize() < sizeof input.selector) fail();
  eth_callDataCopy(&input.selector, 0, sizeof input.selector);

  bytes32 caller, slot;
  get_caller(&caller);

  switch (__builtin_bswap32(input.selector)) {
  case 0x06fdde03: /* name() */
    finish_with_text(&name_slot);

  case 0x95d89b41: /* symbol() */
    finish_with_text(&symbol_slot);

  case 0x313ce567: /* decimals() */
    finish_with_number(18);

  case 0x18160ddd: /* totalSupply() */
    finish_with_slot(&supply_slot);

  case 0x70a08231: /* balanceOf(address owner) */
    expect_arguments(1);
    find_entry(&slot, address_argument(0), &balances_slot);
    finish_with_slot(&slot);

  case 0xdd62ed3e: /* allowance(address owner, address spender) */
    expect_arguments(2);
    find_allowance(&slot, address_argument(0), address_argument(1));
    finish_with_slot(&slot);

  case 0xa9059cbb: /* transfer(address to, uint256 value) */
    expect_arguments(2);
    transfer(&caller, party_argument(0), &input.arguments[1]);
    finish_with_number(true);

  case 0x095ea7b3: /* approve(address spender, uint256 value) */
    expect_arguments(2);
    find_allowance(&slot, &caller, party_argument(0));
    eth_storageStore(&slot, &input.arguments[1]);
    log_approval(&caller, &input.arguments[0], &input.arguments[1]);
    finish_with_number(true);

  case 0x23b872dd: /* transferFrom(address from, address to, uint256 value) */
    expect_arguments(3);
    spend_allowance(party_argument(0), &caller, &input.arguments[2]);
    transfer(&input.arguments[0], party_argument(1), &input.arguments[2]);
    finish_with_number(true);
  }
  fail();
}
