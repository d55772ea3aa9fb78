/* Returns the 32-bit numbers in the call data, sorted. */
#include "ewasm.h"

enum { MOST = 12288 };

static uint32_t numbers[MOST];

/* Moves the number at `root` down until none below it is larger. */
static void sift(uint32_t root, uint32_t count) {
  uint32_t number = numbers[root];
  for (;;) {
    uint32_t child = 2 * root + 1;
    if (child >= count) break;
    if (child + 1 < count && numbers[child] < numbers[child + 1]) child++;
    if (numbers[child] <= number) break;
    numbers[root] = numbers[child];
    root = child;
  }
  numbers[root] = number;
}

/* Heap sort: no order of the numbers makes it cost much more gas than any other. */
ENTRY void contract(void) {
  uint32_t size = eth_getCallDataSize();
  if (size % sizeof *numbers || size > sizeof numbers) eth_revert(NULL, 0);
  eth_callDataCopy(numbers, 0, size);

  uint32_t count = size / sizeof *numbers;
  for (uint32_t root = count / 2; root-- > 0;) sift(root, count);
  while (count > 1) {
    count--;
    uint32_t largest = numbers[0];
    numbers[0] = numbers[count];
    numbers[count] = largest;
    sift(0, count);
  }
  eth_finish(numbers, size);
}
