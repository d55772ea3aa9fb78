/* Many transfers of a token in one call: the call data are pairs of a receiver and a value, 32 bytes each.
 * Returns the caller's balance afterwards. Its storage is the token's (token.h). */
#include "../token/token.h"

ENTRY void contract(void) {
  refuse_value();
  uint32_t size = eth_getCallDataSize();
  struct { bytes32 to, value; } pair;
  if (size % sizeof pair) fail();

  bytes32 caller, balance;
  get_caller(&caller);
  for (uint32_t offset = 0; offset < size; offset += sizeof pair) {
    eth_callDataCopy(&pair, offset, sizeof pair);
    expect_address(&pair.to);
    move(&caller, &pair.to, &pair.value);
  }
  eth_storageLoad(&caller, &balance);
  eth_finish(&balance, sizeof balance);
}
