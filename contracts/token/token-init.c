/* Deploys the token: the creator owns the whole supply. */
#include "token.h"

static const uint8_t runtime[] = {
#embed <token.wasm>
};

/* 1 000 000 tokens of 10^18 units: 10^24. */
static const bytes32 supply = {{
    [22] = 0xd3, 0xc2, 0x1b, 0xce, 0xcc, 0xed, 0xa1, 0x00, 0x00, 0x00,
}};

ENTRY void contract(void) {
  refuse_value();
  static const bytes32 nobody;
  bytes32 creator;
  get_caller(&creator);
  eth_storageStore(&supply_key, &supply);
  eth_storageStore(&creator, &supply);
  log_transfer(&nobody, &creator, &supply);
  eth_finish(runtime, sizeof runtime);
}
