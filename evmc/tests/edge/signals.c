/* A client with its own handlers of the signals of faults and its own alternate signal stack, as Go's runtime has them. It sets them
 * before it loads the VM, and again after; contracts trap in every way in between; and its own faults reach its own handler.
 * Usage: signals LIBRARY ENGINE CONTRACT STATUS [CONTRACT STATUS]... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

struct message {
  int kind;
  uint32_t flags;
  int32_t depth;
  int64_t gas;
  uint8_t recipient[20], sender[20];
  const uint8_t *input;
  size_t input_size;
  uint8_t value[32], salt[32], code_address[20];
  const uint8_t *code;
  size_t code_size;
};

struct result {
  int status;
  int64_t gas_left, gas_refund;
  const uint8_t *output;
  size_t output_size;
  void (*release)(const struct result *);
  uint8_t create_address[20], padding[4];
};

struct vm {
  int abi_version;
  const char *name, *version;
  void (*destroy)(struct vm *);
  struct result (*execute)(struct vm *, const void *, void *, int, const struct message *, const uint8_t *, size_t);
  uint32_t (*get_capabilities)(struct vm *);
  int (*set_option)(struct vm *, const char *, const char *);
};

static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
static _Thread_local sigjmp_buf back;
static _Thread_local volatile int expected;
static _Thread_local char *alternate;
enum { ALTERNATE = 32 << 10 };

/* The handler of the client: on its alternate stack, for a fault that it knows it made, or the process is at its end. */
static void handler(int signal, siginfo_t *info, void *context) {
  char here;
  (void)info, (void)context;
  if (signal != expected || &here < alternate || &here >= alternate + ALTERNATE) {
    static const char text[] = "a signal that is not the client's, or not on its stack\n";
    fputs(text, stdout), fflush(stdout), _Exit(2);
  }
  siglongjmp(back, 1);
}

static void set_handlers(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) CHECK(sigaction(faults[i], &action, NULL) == 0);
}

static void set_stack(void) {
  CHECK(alternate = malloc(ALTERNATE));
  stack_t stack = {.ss_sp = alternate, .ss_size = ALTERNATE};
  CHECK(sigaltstack(&stack, NULL) == 0);
}

static void check_stack(void) {
  stack_t stack;
  CHECK(sigaltstack(NULL, &stack) == 0);
  CHECK(stack.ss_sp == alternate && stack.ss_size == ALTERNATE && !(stack.ss_flags & SS_DISABLE));
}

/* Faults of the client's own, each of which its handler has to see. */
static void own_faults(void) {
  static volatile int *volatile null;
  expected = SIGSEGV;
  if (!sigsetjmp(back, 1)) {
    *null = 1;
    CHECK(!"a write to null went through");
  }
  for (volatile size_t i = 1; i < sizeof faults / sizeof *faults; i++) {
    expected = faults[i];
    if (!sigsetjmp(back, 1)) {
      raise(faults[i]);
      CHECK(!"a signal went nowhere");
    }
  }
  expected = 0;
}

static struct vm *vm;
static int count;
static char **contracts;

static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  CHECK(file);
  uint8_t *bytes = malloc(1 << 20);
  *size = fread(bytes, 1, 1 << 20, file);
  fclose(file);
  return bytes;
}

static void run_contracts(void) {
  for (int i = 0; i + 1 < count; i += 2) {
    size_t size;
    uint8_t *code = read_file(contracts[i], &size);
    /* Cold, and of an instance that has trapped before. */
    for (int run = 0; run < 4; run++) {
      struct message message = {.gas = 1000000};
      struct result result = vm->execute(vm, NULL, NULL, 4, &message, code, size);
      if (result.status != atoi(contracts[i + 1])) {
        printf("%s: status %d, not %s\n", contracts[i], result.status, contracts[i + 1]);
        exit(1);
      }
      if (result.release) result.release(&result);
    }
    free(code);
  }
  check_stack();
}

static void *thread(void *argument) {
  (void)argument;
  set_stack();
  for (int i = 0; i < 3; i++) own_faults(), run_contracts();
  own_faults();
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc > 4);
  count = argc - 3, contracts = argv + 3;
  set_stack();
  set_handlers();
  own_faults();
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  CHECK(library);
  struct vm *(*create)(void) = (struct vm * (*)(void)) dlsym(library, "evmc_create_hebe");
  CHECK(create && (vm = create()));
  CHECK(vm->set_option(vm, "engine", argv[2]) == 0);
  run_contracts();
  own_faults();
  /* Another thread, with a stack of its own. */
  pthread_t other;
  CHECK(pthread_create(&other, NULL, thread, NULL) == 0 && pthread_join(other, NULL) == 0);
  /* The client sets its handlers once more, over whatever is there now. */
  set_handlers();
  run_contracts();
  own_faults();
  CHECK(pthread_create(&other, NULL, thread, NULL) == 0 && pthread_join(other, NULL) == 0);
  vm->destroy(vm);
  own_faults();
  /* Handlers that were set once must not lead nowhere when the library is closed. */
  CHECK(dlclose(library) == 0);
  CHECK(dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD));
  own_faults();
  puts("ok");
  return 0;
}
