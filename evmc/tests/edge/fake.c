/* A VM that says and answers what a test wants: -DABI=9, -DNAME=NULL, ... The first byte of the code
 * chooses what `execute` answers. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef ABI
#define ABI 12
#endif
#ifndef NAME
#define NAME "fake"
#endif
#ifndef CREATE
#define CREATE evmc_create
#endif
#ifndef VM
#define VM &vm
#endif
#ifndef EXECUTE
#define EXECUTE execute
#endif

struct result {
  int status;
  int64_t gas_left, gas_refund;
  const uint8_t *output;
  size_t output_size;
  void (*release)(const struct result *);
  uint8_t create_address[20], padding[4];
};

int destroyed, released;

static void destroy(void *vm) { (void)vm, destroyed++; }
static void release(const struct result *result) { (void)result, released++; }
static uint32_t get_capabilities(void *vm) { return (void)vm, 5; }

/* The status is the first byte; the second says what is wrong with the rest. */
static struct result execute(void *vm, const void *host, void *context, int revision, const void *message,
                             const uint8_t *code, size_t size) {
  static const uint8_t output[] = {1, 2, 3};
  struct result result = {(int8_t)code[0], 10, 7, output, sizeof output, release, {0}, {0}};
  (void)vm, (void)host, (void)context, (void)revision, (void)message;
  switch (size > 1 ? code[1] : 0) {
  case 1: result.gas_left = INT64_MAX; break;
  case 2: result.gas_left = -1; break;
  case 3: result.output = NULL; break;
  case 4: result.output_size = 0; break;
  case 5: result.release = NULL; break;
  }
  return result;
}

static struct {
  int abi_version;
  const char *name, *version;
  void (*destroy)(void *);
  struct result (*execute)(void *, const void *, void *, int, const void *, const uint8_t *, size_t);
  uint32_t (*get_capabilities)(void *);
  int (*set_option)(void *, const char *, const char *);
} vm = {ABI, NAME, "1.2.3", destroy, EXECUTE, get_capabilities, NULL};

void *CREATE(void) { return VM; }
