/* A VM that is no Hebe: it knows the options `trace` and `O`, and whatever it runs returns one byte, 0x2a,
 * for 7 gas; but 0xfe breaks it. -DABI=9 makes it one of another time. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef ABI
#define ABI 12
#endif

struct result {
  int status;
  int64_t gas_left, gas_refund;
  const uint8_t *output;
  size_t output_size;
  void (*release)(const struct result *);
  uint8_t create_address[20], padding[4];
};

struct message {
  int kind;
  uint32_t flags;
  int depth;
  int64_t gas;
  /* and more, of no interest here */
};

static void destroy(void *vm) { (void)vm; }

static uint32_t get_capabilities(void *vm) { return (void)vm, 1; }

static int set_option(void *vm, const char *name, const char *value) {
  (void)vm;
  if (!strcmp(name, "trace")) return 0;
  if (!strcmp(name, "O")) return strcmp(value, "2") ? 2 : 0;
  return 1;
}

static struct result execute(void *vm, const void *host, void *context, int revision,
                             const struct message *message, const uint8_t *code, size_t size) {
  static const uint8_t output[] = {0x2a};
  struct result result = {0, message->gas - 7, 0, output, sizeof output, NULL, {0}, {0}};
  if (size && code[0] == 0xfe) result = (struct result){-1, 0, 0, NULL, 0, NULL, {0}, {0}};
  (void)vm, (void)host, (void)context, (void)revision;
  return result;
}

static struct {
  int abi_version;
  const char *name, *version;
  void (*destroy)(void *);
  struct result (*execute)(void *, const void *, void *, int, const struct message *, const uint8_t *, size_t);
  uint32_t (*get_capabilities)(void *);
  int (*set_option)(void *, const char *, const char *);
} vm = {ABI, "other", "1.2.3", destroy, execute, get_capabilities, set_option};

void *evmc_create(void) { return &vm; }
