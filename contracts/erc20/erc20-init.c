/* Deploys the ERC-20 token: the creator owns the whole supply. */
#include "erc20.h"

static const uint8_t runtime[] = {
#ifdef EXTENSIONS
#embed <erc20-ext.wasm>
#else
#embed <erc20.wasm>
#endif
};

/* 1 000 000 tokens of 10^18 units: 10^24. */
static const bytes32 supply = {{
    [22] = 0xd3, 0xc2, 0x1b, 0xce, 0xcc, 0xed, 0xa1, 0x00, 0x00, 0x00,
}};

static const bytes32 name = {{'E', 'x', 'a', 'm', 'p', 'l', 'e', [31] = 2 * 7}};
static const bytes32 symbol = {{'E', 'X', [31] = 2 * 2}};

ENTRY void contract(void) {
  refuse_value();
  static const bytes32 nobody;
  bytes32 creator, slot;
  get_caller(&creator);
  find_entry(&slot, &creator, &balances_slot);
  eth_storageStore(&slot, &supply);
  eth_storageStore(&supply_slot, &supply);
  eth_storageStore(&name_slot, &name);
  eth_storageStore(&symbol_slot, &symbol);
  log_transfer(&nobody, &creator, &supply);
  eth_finish(runtime, sizeof runtime);
}
