/* An Ethereum client in C that knows EVMC 12 from its documentation only: it
 * opens a VM by its path and runs contracts in it.
 *
 *     client LIBRARY CONTRACTS ROUNDS
 *
 * CONTRACTS is the folder of Hebe's example contracts. Each round makes nine
 * executions, and three nested ones, in a state of its own. Exit status 0 when
 * everything was as expected.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- EVMC 12 --- */

typedef struct { uint8_t bytes[20]; } address;
typedef struct { uint8_t bytes[32]; } bytes32;

enum { CALL = 0, CREATE = 3 };
enum { SUCCESS = 0, REVERT = 2, OUT_OF_GAS = 3, STATIC_MODE_VIOLATION = 11, CONTRACT_VALIDATION_FAILURE = 13 };
enum { STATIC = 1, BYZANTIUM = 4, EWASM = 2 };

struct message {
  int kind;
  uint32_t flags;
  int32_t depth;
  int64_t gas;
  address recipient, sender;
  const uint8_t *input;
  size_t input_size;
  bytes32 value, create2_salt;
  address code_address;
  const uint8_t *code;
  size_t code_size;
};

struct tx_context {
  bytes32 gas_price;
  address origin, coinbase;
  int64_t number, timestamp, gas_limit;
  bytes32 prev_randao, chain_id, base_fee, blob_base_fee;
  const bytes32 *blob_hashes;
  size_t blob_hashes_count;
  const void *initcodes;
  size_t initcodes_count;
};

struct result {
  int status;
  int64_t gas_left, gas_refund;
  const uint8_t *output;
  size_t output_size;
  void (*release)(const struct result *);
  address create_address;
  uint8_t padding[4];
};

struct host_interface {
  bool (*account_exists)(void *, const address *);
  bytes32 (*get_storage)(void *, const address *, const bytes32 *);
  int (*set_storage)(void *, const address *, const bytes32 *, const bytes32 *);
  bytes32 (*get_balance)(void *, const address *);
  size_t (*get_code_size)(void *, const address *);
  bytes32 (*get_code_hash)(void *, const address *);
  size_t (*copy_code)(void *, const address *, size_t, uint8_t *, size_t);
  bool (*selfdestruct)(void *, const address *, const address *);
  struct result (*call)(void *, const struct message *);
  struct tx_context (*get_tx_context)(void *);
  bytes32 (*get_block_hash)(void *, int64_t);
  void (*emit_log)(void *, const address *, const uint8_t *, size_t, const bytes32 *, size_t);
  int (*access_account)(void *, const address *);
  int (*access_storage)(void *, const address *, const bytes32 *);
  bytes32 (*get_transient_storage)(void *, const address *, const bytes32 *);
  void (*set_transient_storage)(void *, const address *, const bytes32 *, const bytes32 *);
};

struct vm {
  const int abi_version;
  const char *name, *version;
  void (*destroy)(struct vm *);
  struct result (*execute)(struct vm *, const struct host_interface *, void *, int, const struct message *,
                           const uint8_t *, size_t);
  uint32_t (*get_capabilities)(struct vm *);
  int (*set_option)(struct vm *, const char *, const char *);
};

_Static_assert(sizeof(struct message) == 184 && sizeof(struct tx_context) == 256 && sizeof(struct result) == 72 &&
                   sizeof(struct host_interface) == 128 && sizeof(struct vm) == 56,
               "the layout of x86-64");

/* --- a state: slots of one kind of key, one deployed contract, one log --- */

#define EXPECT(condition)                                                    \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "line %d: expected %s\n", __LINE__, #condition);       \
      exit(1);                                                               \
    }                                                                        \
  } while (0)

enum { SLOTS = 8 };

struct state {
  struct vm *vm;
  struct { address account; bytes32 key, value; } slots[SLOTS];
  int used, logs, released;
  bytes32 topics[3], data;
  uint8_t *deployed;
  size_t deployed_size;
};

static const address deployed_at = {{0xde, 0xad}};

static int find(struct state *state, const address *account, const bytes32 *key) {
  int at = 0;
  while (at < state->used && (memcmp(&state->slots[at].account, account, sizeof *account) ||
                              memcmp(&state->slots[at].key, key, sizeof *key)))
    at++;
  return at;
}

static bytes32 get_storage(void *context, const address *account, const bytes32 *key) {
  struct state *state = context;
  int at = find(state, account, key);
  return at < state->used ? state->slots[at].value : (bytes32){{0}};
}

static int set_storage(void *context, const address *account, const bytes32 *key, const bytes32 *value) {
  struct state *state = context;
  int at = find(state, account, key);
  EXPECT(at < SLOTS);
  if (at == state->used) state->used++;
  state->slots[at].account = *account;
  state->slots[at].key = *key;
  state->slots[at].value = *value;
  return 0; /* EVMC_STORAGE_ASSIGNED; Byzantium's cost depends on the old value alone. */
}

static bytes32 get_balance(void *context, const address *account) {
  (void)context, (void)account;
  return (bytes32){{[31] = 100}};
}

static void emit_log(void *context, const address *account, const uint8_t *data, size_t size, const bytes32 *topics,
                     size_t count) {
  struct state *state = context;
  (void)account;
  EXPECT(size == sizeof state->data && count == 3);
  memcpy(&state->data, data, size);
  memcpy(state->topics, topics, sizeof state->topics);
  state->logs++;
}

static const struct host_interface host;

/* Runs a nested message in the same VM. A create deploys what it returns, without the 200 gas per byte
 * that a chain takes for that. The result that this gives is the VM's own, release included. */
static struct result call(void *context, const struct message *message) {
  struct state *state = context;
  if (message->kind != CREATE)
    return state->vm->execute(state->vm, &host, state, BYZANTIUM, message, state->deployed, state->deployed_size);

  struct message create = *message;
  create.recipient = create.code_address = deployed_at;
  create.input = NULL;
  create.input_size = 0;
  struct result result =
      state->vm->execute(state->vm, &host, state, BYZANTIUM, &create, message->input, message->input_size);
  if (result.status != SUCCESS) return result;
  state->deployed_size = result.output_size;
  state->deployed = malloc(result.output_size);
  memcpy(state->deployed, result.output, result.output_size);
  result.release(&result);
  return (struct result){.status = SUCCESS, .gas_left = result.gas_left, .create_address = deployed_at};
}

/* Nothing else is asked by these contracts. The null pointers are as good as never called. */
static const struct host_interface host = {
    .get_storage = get_storage,
    .set_storage = set_storage,
    .get_balance = get_balance,
    .emit_log = emit_log,
    .call = call,
};

/* --- the checks --- */

struct bytes { uint8_t *data; size_t size; };

static struct bytes load(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  struct bytes bytes = {malloc(1 << 16), 0};
  EXPECT(file && bytes.data);
  bytes.size = fread(bytes.data, 1, 1 << 16, file);
  fclose(file);
  return bytes;
}

static const address caller = {{0xca}};

/* Runs code and checks what holds for every result. The caller releases it. */
static struct result run(struct state *state, struct bytes code, struct bytes input, uint32_t flags, int64_t gas) {
  struct message message = {.kind = CALL, .flags = flags, .gas = gas, .sender = caller, .recipient = {{0xc0}},
                            .code_address = {{0xc0}}, .input = input.data, .input_size = input.size};
  struct result result =
      state->vm->execute(state->vm, &host, state, BYZANTIUM, &message, code.data, code.size);
  static const address zero;
  EXPECT((result.output == NULL) == (result.output_size == 0));
  EXPECT(result.status == SUCCESS || result.status == REVERT || (result.gas_left == 0 && !result.output));
  EXPECT(result.gas_left >= 0 && result.gas_left <= gas);
  EXPECT(!memcmp(&result.create_address, &zero, sizeof zero));
  return result;
}

static void release(struct result *result) {
  if (result->release) result->release(result);
}

static void expect_word(struct result result, int64_t gas_used, int64_t gas, uint8_t last_byte) {
  bytes32 word = {{[31] = last_byte}};
  EXPECT(result.status == SUCCESS && result.gas_refund == 0);
  EXPECT(result.gas_left == gas - gas_used);
  EXPECT(result.output_size == sizeof word && !memcmp(result.output, &word, sizeof word));
  release(&result);
}

static const struct bytes none;
static const int64_t gas = 1000000;

static void count(struct state *state, struct bytes counter) {
  uint8_t any = 1;
  /* storageLoad 200 + getCallDataSize 2 + storageStore 5000, + 15000 from zero; finish 0. */
  expect_word(run(state, counter, none, 0, gas), 20202, gas, 1);
  expect_word(run(state, counter, none, 0, gas), 5202, gas, 2);
  /* With call data, it only reads. */
  expect_word(run(state, counter, (struct bytes){&any, 1}, STATIC, gas), 202, gas, 2);

  struct result result = run(state, counter, none, STATIC, gas);
  EXPECT(result.status == STATIC_MODE_VIOLATION);
  result = run(state, counter, none, 0, 5201);
  EXPECT(result.status == OUT_OF_GAS);
  counter.size -= 1;
  result = run(state, counter, none, 0, gas);
  EXPECT(result.status == CONTRACT_VALIDATION_FAILURE);
}

static void transfer(struct state *state, struct bytes token) {
  address owner = {{0xc0}};
  bytes32 from = {{[12] = 0xca}}, to = {{[12] = 0xbe, [31] = 0xef}};
  set_storage(state, &owner, &from, &(bytes32){{[31] = 100}});
  uint8_t input[68] = {0xa9, 0x05, 0x9c, 0xbb, [67] = 30};
  memcpy(input + 4, &to, sizeof to);
  /* getCallValue 2, getCallDataSize 2, callDataCopy of 68 bytes 3 + 3 * 3, getCaller 2, getCallDataSize 2;
   * storageLoad 200 and storageStore 5000 for the sender, 200 and 20000 for the new holder;
   * log of 3 topics and 32 bytes 375 + 3 * 375 + 32 * 8. */
  expect_word(run(state, token, (struct bytes){input, sizeof input}, 0, gas), 27176, gas, 1);
  EXPECT(get_storage(state, &owner, &from).bytes[31] == 70);
  EXPECT(get_storage(state, &owner, &to).bytes[31] == 30);
  EXPECT(state->logs == 1 && state->data.bytes[31] == 30);
  EXPECT(!memcmp(&state->topics[1], &from, sizeof from) && !memcmp(&state->topics[2], &to, sizeof to));
}

static void create_and_call(struct state *state, struct bytes factory, struct bytes init) {
  /* getCallDataSize 2 * 3, callDataCopy of 339 bytes 3 + 3 * 11, getCallValue 2, create 32000, the init code 0,
   * call 700, the counter 20202, getReturnDataSize 2 * 3, returnDataCopy 3 + 3. */
  EXPECT(init.size == 339);
  struct result result = run(state, factory, init, 0, gas);
  EXPECT(result.status == SUCCESS && result.gas_left == gas - 52958);
  EXPECT(result.output_size == 64 && result.output[63] == 1);
  EXPECT(!memcmp(result.output + 12, &deployed_at, sizeof deployed_at));
  release(&result);
  free(state->deployed);

  /* What is no init code fails and is reverted, with the gas that a create may not have: 1/64 of what is
   * left after getCallDataSize 2 * 3, callDataCopy of 1 byte 6, getCallValue 2 and create 32000. */
  uint8_t junk = 1;
  state->deployed = NULL;
  result = run(state, factory, (struct bytes){&junk, 1}, 0, gas);
  EXPECT(result.status == REVERT && result.output_size == 0);
  /* (1000000 - 32014) / 64 = 15124; getReturnDataSize 2 * 3, returnDataCopy of nothing 3. */
  EXPECT(result.gas_left == 15124 - 9);
  release(&result);
}

int main(int argc, char **argv) {
  EXPECT(argc == 4);
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
  struct vm *(*create)(void) = (struct vm * (*)(void)) dlsym(library, "evmc_create_hebe");
  EXPECT(create && dlsym(library, "evmc_create"));
  struct vm *vm = create();
  EXPECT(vm && vm->abi_version == 12 && !strcmp(vm->name, "hebe") && *vm->version);
  EXPECT(vm->get_capabilities(vm) == EWASM);
  EXPECT(vm->set_option(vm, "metering", "none") == 0);
  EXPECT(vm->set_option(vm, "no such option", "none") == 1);
  EXPECT(vm->set_option(vm, "metering", NULL) == 2);

  struct bytes counter = load(argv[2], "counter/counter.wasm"), token = load(argv[2], "token/token.wasm");
  struct bytes factory = load(argv[2], "factory/factory.wasm"), init = load(argv[2], "counter/counter-init.wasm");
  for (int rounds = atoi(argv[3]); rounds > 0; rounds--) {
    struct state state = {.vm = vm};
    count(&state, counter);
    transfer(&state, token);
    create_and_call(&state, factory, init);
  }
  free(counter.data), free(token.data), free(factory.data), free(init.data);
  vm->destroy(vm);
  puts("ok");
  return 0;
}
