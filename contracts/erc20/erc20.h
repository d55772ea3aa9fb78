/* What the ERC-20 token and its init module agree on: the storage of OpenZeppelin's contract of that name as Solidity's
 * compiler lays it out.
 *
 *   0  balances, a mapping: of an owner at keccak256(owner ++ 0), 32 bytes each
 *   1  allowances, a mapping of mappings: at keccak256(spender ++ keccak256(owner ++ 1))
 *   2  total supply
 *   3  name, 4  symbol: texts of at most 31 bytes, the last byte twice their length
 */
#ifndef ERC20_H
#define ERC20_H

#include "../token/token.h"
#include "keccak.h"
#include "u256.h"

static const bytes32 balances_slot = {}, allowances_slot = {{[31] = 1}}, supply_slot = {{[31] = 2}};
static const bytes32 name_slot = {{[31] = 3}}, symbol_slot = {{[31] = 4}};

/* Where a mapping has a key. The result may be the mapping. */
static inline void find_entry(bytes32 *entry, const bytes32 *key, const bytes32 *mapping) {
#ifdef EXTENSIONS
  bytes32 both[] = {*key, *mapping};
  eth_keccak256(both, sizeof both, entry);
#else
  union {
    uint64_t lanes[KECCAK_LANES];
    bytes32 hash;
  } state = {};
  union {
    uint64_t lanes[KECCAK_BLOCK_LANES];
    bytes32 both[2];
  } block = {.both = {*key, *mapping}};
  keccak_last(state.lanes, block.lanes, sizeof block.both);
  *entry = state.hash;
#endif
}

#endif
