/* Deploys the counter. */
#include "ewasm.h"

static const uint8_t runtime[] = {
#embed <counter.wasm>
};

ENTRY void contract(void) {
  eth_finish(runtime, sizeof runtime);
}
