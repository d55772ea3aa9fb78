"""Ethereum's executable specification (the package `ethereum-execution`) as the one that knows what is right."""

import functools
import io
import json
import logging
from types import SimpleNamespace

from ethereum_rlp import rlp
from ethereum.crypto.hash import keccak256
from ethereum_spec_tools.evm_tools import create_parser
from ethereum_spec_tools.evm_tools.t8n import T8N, ForkCache
from ethereum_spec_tools.evm_tools.utils import secp256k1_sign
from ethereum_spec_tools.forks import Hardfork
from ethereum_types.bytes import Bytes
from ethereum_types.numeric import U64, U256, Uint

logging.disable(logging.CRITICAL)

# The specification has no Constantinople of its own: what it calls so is Petersburg.
FORKS = {
    "Frontier": "frontier",
    "Homestead": "homestead",
    "EIP150": "tangerine_whistle",
    "EIP158": "spurious_dragon",
    "Byzantium": "byzantium",
    "ConstantinopleFix": "constantinople",
    "Istanbul": "istanbul",
    "Berlin": "berlin",
    "London": "london",
    "Paris": "paris",
    "Shanghai": "shanghai",
    "Cancun": "cancun",
    "Prague": "prague",
    "Osaka": "osaka",
}
NAMES = list(FORKS)

# It looks for its forks anew for each transaction, which takes longer than most transactions.
Hardfork.discover = functools.cache(Hardfork.discover)
_FORKS = {fork.short_name: fork for fork in Hardfork.discover()}
_CACHE = ForkCache()


def since(first):
    """The forks from this one on."""
    return NAMES[NAMES.index(first) :]


@functools.cache
def _options(fork):
    # Its name for Paris; the names of the others are those of the files.
    name = "Merge" if fork == "Paris" else fork
    channels = ["--input.alloc", "stdin", "--input.env", "stdin", "--input.txs", "stdin"]
    return create_parser().parse_args(["t8n", *channels, "--state.fork", name, "--state-test"])


def transact(fork, env, pre, transaction):
    """What the transaction leaves behind: root of the state, hash of the logs, why it is refused, and the state."""
    stdin = json.dumps({"env": {**env, "blockHashes": {}, "withdrawals": []}, "alloc": pre, "txs": [transaction]})
    t8n = T8N(_options(fork), io.StringIO(), io.StringIO(stdin), _CACHE)
    t8n.run_state_test()
    result = t8n.result
    refused = t8n.txs.rejected_txs.get(0)
    return "0x" + result.state_root.hex(), "0x" + result.logs_hash.hex(), refused, t8n.alloc.to_json()


def authorization(key, chain_id, address, nonce):
    """A signed EIP-7702 authorization."""
    fields = rlp.encode([Uint(chain_id), bytes.fromhex(address[2:]), Uint(nonce)])
    r, s, parity = secp256k1_sign(keccak256(b"\x05" + fields), key)
    return {
        "chainId": hex(chain_id),
        "address": address,
        "nonce": hex(nonce),
        "v": hex(int(parity)),
        "r": hex(int(r)),
        "s": hex(int(s)),
    }


def precompile(fork, address, data, gas):
    """Gas left and output of a precompiled contract, or None if it fails; "absent" if there is none."""
    module = _FORKS[FORKS[fork]].module("vm.precompiled_contracts.mapping")
    contract = module.PRE_COMPILED_CONTRACTS.get(address.to_bytes(20, "big"))
    if contract is None:
        return "absent"
    # All that the contracts look at.
    frame = SimpleNamespace(
        gas_left=Uint(gas), output=Bytes(b""), message=SimpleNamespace(data=Bytes(data), gas=Uint(gas)), error=None
    )
    halt = _FORKS[FORKS[fork]].module("vm.exceptions").ExceptionalHalt
    try:
        contract(frame)
    except halt as error:
        return None if type(error).__name__ != "OutOfGasError" else "out of gas"
    return int(frame.gas_left), bytes(frame.output)
