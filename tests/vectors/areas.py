"""The cases of each area. They follow the tables of the EIPs; what comes of them is not written here."""

import itertools
from dataclasses import dataclass, field

import oracle
from ethereum.crypto.hash import keccak256

from asm import asm, call, memory, returns, store, word
from precompiles import INPUTS

SENDER = 0xA94F5374FCE5EDBC8E2A8697C15331677E6EBF0B
KEY = 0x45A915E4D060149EB4365960E6A7A45F334393093061116B197E3240065FF2D8
COINBASE = 0xCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCBCB
# Contracts, and an account that is empty everywhere.
A, B, C, NOBODY = 0xA0000001, 0xB0000001, 0xC0000001, 0xE0000001
# Keys of people who sign authorizations, and their addresses.
ALICE, BOB = 0xA11CE, 0xB0B
ADDRESS_OF = {
    ALICE: 0xE05FCC23807536BEE418F142D19FA0D21BB0CFF7,
    BOB: 0x0376AAC07AD725E01357B1725B5CEC61AE10473C,
}


def account(code=b"", balance=0, nonce=0, storage=None):
    return {"code": code, "balance": balance, "nonce": nonce, "storage": storage or {}}


@dataclass
class Test:
    """A transaction with lists of data and gas limits; what is given by name is put into it or its block."""

    name: str
    pre: dict
    data: list = field(default_factory=lambda: [b""])
    gas: list = field(default_factory=lambda: [1_000_000])
    value: list = field(default_factory=lambda: [0])
    to: int | None = A
    forks: list = field(default_factory=lambda: oracle.NAMES)
    transaction: dict = field(default_factory=dict)
    env: dict = field(default_factory=dict)
    balance: int = 10**20


def grouped(values, size):
    values = list(values)
    return [values[n : n + size] for n in range(0, len(values), size)]


# A contract that calls with what its input says: gas, address, value, and the rest as data. It keeps the answer's success, size, hash and
# the gas that the call took.
def caller(kind):
    to_memory = asm(96, "CALLDATASIZE SUB", 96, 0, "CALLDATACOPY")
    arguments = asm(0x800, 0x4000, 96, "CALLDATASIZE SUB", 0)
    value = asm(64, "CALLDATALOAD") if kind in ("CALL", "CALLCODE") else b""
    made = asm("GAS") + arguments + value + asm(32, "CALLDATALOAD", 0, "CALLDATALOAD", kind)
    gas = asm("SWAP1 GAS SWAP1 SUB", 1, "SSTORE", 2, "SSTORE")
    return to_memory + made + gas + asm(0x800, 0x4000, "SHA3", 3, "SSTORE")


SIZE = asm("RETURNDATASIZE", 4, "SSTORE")


def precompile():
    kinds = {
        "CALL": "Frontier",
        "CALLCODE": "Frontier",
        "DELEGATECALL": "Homestead",
        "STATICCALL": "Byzantium",
    }
    for address, first, inputs in INPUTS:
        # The slow ones under one kind of call and at their last fork; the vectors have them at each.
        slow = address in (0x08, 0x0A, 0x0C, 0x0E, 0x0F, 0x10, 0x11)
        for kind, since in kinds.items():
            if slow and kind != "STATICCALL":
                continue
            # Prices change at these.
            changes = (first, "Istanbul", "Berlin", "Osaka") if kind == "CALL" else (first, since, "Osaka")
            forks = [fork for fork in oracle.since(since) if fork in changes and fork in oracle.since(first)]
            for fork in [fork for fork in forks if not slow or fork in (first, "Osaka")]:
                some = inputs if kind == "CALL" else inputs[:8] if slow else inputs[:3]
                data = []
                for number, text in enumerate(some):
                    gases = [10_000_000] if number > 3 else prices(fork, address, text)
                    data += [word(gas) + word(address) + word(0) + text for gas in gases]
                code = caller(kind) + (SIZE if fork in oracle.since("Byzantium") else b"")
                yield Test(
                    f"{kind}_{address:#x}_{fork}",
                    {A: account(code)},
                    data=data,
                    gas=[15_000_000],
                    forks=[fork],
                )
        data = [text for text in inputs if len(text) < 400][: 1 if slow else 4]
        yield Test(f"transaction_to_{address:#x}", {}, data=data, value=[0, 1], gas=[400_000], to=address)
    value = caller("CALL")
    data = [word(100_000) + word(address) + word(3) for address in [*range(0, 0x13), 0x100, 0x101]]
    yield Test("with_value", {A: account(value, balance=7)}, data=data)


def prices(fork, address, data):
    """Gas enough, exactly enough, one too few."""
    plenty = 10_000_000
    answer = oracle.precompile(fork, address, data, plenty)
    if not isinstance(answer, tuple):
        return [plenty]
    price = plenty - answer[0]
    return [plenty, price, price - 1] if price else [plenty, 0]


def writes_input(end):
    """Stores the bytes of its input from the second on in turn, in the slot that the first names, and ends so."""
    test = asm("JUMPDEST DUP1 CALLDATASIZE GT")
    # One byte each: where the body is, where the loop begins.
    body = len(asm(1) + test + asm(0, "JUMPI") + end)
    value = asm("JUMPDEST DUP1 CALLDATALOAD", 0, "BYTE")
    slot = asm(0, "CALLDATALOAD", 0, "BYTE")
    return asm(1) + test + asm(body, "JUMPI") + end + value + slot + asm("SSTORE", 1, "ADD", len(asm(1)), "JUMP")


def sstore():
    writer = writes_input(asm("STOP"))
    slots = {0: 0, 1: 1, 2: 2}
    values = [bytes([slot, *writes]) for n in (1, 2, 3) for slot in slots for writes in itertools.product(range(3), repeat=n)]
    target = account(writer, storage=slots)
    for number, data in enumerate(grouped(values, 39)):
        yield Test(f"sequences_{number}", {A: target}, data=data)
    slot_keys = [{"address": f"{A:#042x}", "storageKeys": [f"{slot:#066x}" for slot in slots]}]
    yield Test("warm_slots", {A: target}, data=values[:36], forks=oracle.since("Berlin"), transaction={"accessList": slot_keys})
    yield Test("four_writes", {A: target}, data=[bytes([s, *w]) for s in slots for w in ((1, 2, 1, 2), (2, 0, 2, 0), (0, 1, 0, 1))])
    # With little gas: EIP-1283 allows what EIP-2200 forbids at 2300 and below.
    limits = [2_295, 2_312, 2_330, 2_350, 2_370, 5_030, 5_080, 20_040, 20_080, 22_150, 25_000]
    for kind, first in (("CALL", "Frontier"), ("DELEGATECALL", "Homestead"), ("STATICCALL", "Byzantium")):
        outer = caller(kind)
        data = [word(gas) + word(B) + word(0) + bytes([slot, new]) for gas in limits for slot in slots for new in (0, 2) if (gas // 10 + new) % 4]
        pre = {A: account(outer, storage={0: 2}), B: account(writer, storage=slots)}
        yield Test(f"little_gas_{kind}", pre, data=data, forks=oracle.since(first))
    reverts = writes_input(asm(0, 0, "REVERT"))
    again = b"".join(
        call("DELEGATECALL", to, input=(0, 3)) + asm("POP") for to in (B, C, B)
    )
    pre = {A: account(asm("CALLDATASIZE", 0, 0, "CALLDATACOPY") + again, storage=slots), B: account(writer), C: account(reverts)}
    data = [bytes([slot, *writes]) for slot in slots for writes in itertools.product(range(3), repeat=2)]
    yield Test("reverted_between", pre, data=data, forks=oracle.since("Byzantium"))


def init_codes():
    """Init codes by name."""
    return {
        "nothing": b"",
        "deploys_nothing": asm("STOP"),
        "one_byte": returns(b"\0"),
        "runs": returns(store(0, 5)),
        "33_bytes": returns(b"\x5b" * 33),
        "starts_with_ef": returns(b"\xef\x00"),
        "reverts": memory(b"why") + asm(3, 0, "REVERT"),
        "invalid": asm("INVALID"),
        "endless": asm("JUMPDEST", 0x10000, 0, "SHA3 POP", 0, "JUMP"),
        "largest": asm(0x6000, 0, "RETURN"),
        "too_large": asm(0x6001, 0, "RETURN"),
        "stores": store(1, 2) + returns(b"\x00"),
        "destroys_itself": asm("CALLER SELFDESTRUCT"),
        "logs": asm(7, 0, 0, "LOG1") + returns(b"\x00"),
        "knows_itself": store(0, "ADDRESS") + store(1, "CALLER") + store(2, "CALLVALUE") + store(3, "CODESIZE"),
        "underflow": asm("POP"),
        "creates": asm(0, 0, 0, "CREATE", 0, "SSTORE"),
    }


def create2_address(sender, salt, code):
    digest = keccak256(b"\xff" + sender.to_bytes(20, "big") + word(salt) + keccak256(code))
    return int.from_bytes(digest[12:], "big")


def creation(opcode, value=0, salt=(32, "CALLDATALOAD")):
    """Creates from the input behind 32 bytes of value and 32 of salt, and keeps the address."""
    copy = asm(64, "CALLDATASIZE SUB", 64, 0, "CALLDATACOPY")
    salted = asm(*salt) if opcode == "CREATE2" else b""
    return copy + salted + asm(64, "CALLDATASIZE SUB", 0, 0, "CALLDATALOAD", opcode)


def create2():
    yield from creations("CREATE2")


def create():
    yield from creations("CREATE")
    for name, code in init_codes().items():
        yield Test(f"transaction_{name}", {}, data=[code], value=[0, 1], gas=[60_000, 1_000_000], to=None)
    for size in (49_151, 49_152, 49_153):
        yield Test(f"transaction_of_{size}", {}, data=[b"\0" * size], gas=[2_000_000], to=None)


def creations(opcode):
    keep = asm("DUP1", 0, "SSTORE EXTCODESIZE", 1, "SSTORE")
    gas = [1_000_000]
    forks = [fork for fork in oracle.NAMES if fork not in ("EIP158", "ConstantinopleFix", "Paris", "Cancun")]
    for name, code in init_codes().items():
        data = [word(value) + word(salt) + code for value, salt in ((0, 0), (1, 1 << 255), (9, 0))]
        least = {"largest": 8_000_000, "too_large": 8_000_000}.get(name, 1_000_000)
        yield Test(name, {A: account(creation(opcode) + keep, balance=5)}, data=data, gas=[least], forks=forks)
    answer = asm("POP", "RETURNDATASIZE", 0, "SSTORE")
    after_byzantium = oracle.since("Byzantium")
    for name, code in init_codes().items():
        pre = {A: account(creation(opcode) + answer)}
        yield Test(f"return_data_{name}", pre, data=[word(0) + word(0) + code], forks=["Byzantium", "Istanbul", "Osaka"])
    # The same once more: a collision for CREATE2, another address for CREATE.
    twice = (creation(opcode) + asm("POP")) + creation(opcode) + keep
    code = init_codes()["runs"]
    yield Test("twice", {A: account(twice)}, data=[word(0) + word(0) + code], gas=[400_000])
    run = creation(opcode) + asm(0, 0, 0, 0, 0, "DUP6 GAS CALL", 5, "SSTORE") + keep
    yield Test("and_calls_it", {A: account(run)}, data=[word(0) + word(1) + code], gas=gas)
    gone = creation(opcode) + asm(0, 0, 0, 0, 0, "DUP6 GAS CALL POP") + keep
    dies = returns(asm("CALLER SELFDESTRUCT"))
    yield Test("that_dies", {A: account(gone, balance=5)}, data=[word(v) + word(1) + dies for v in (0, 5)], gas=gas)
    dead_again = creation(opcode) + asm(0, 0, 0, 0, 0, "DUP6 GAS CALL POP POP") + creation(opcode) + keep
    yield Test("that_dies_and_comes_back", {A: account(dead_again, balance=5)}, data=[word(1) + word(1) + dies], gas=gas)
    if opcode == "CREATE2":
        address = create2_address(A, 7, code)
        for name, there in {
            "money": account(balance=3),
            "a_nonce": account(nonce=1),
            "code": account(asm("STOP"), nonce=1),
            "code_alone": account(asm("STOP")),
        }.items():
            pre = {A: account(creation(opcode) + keep, balance=5), address: there}
            yield Test(f"where_there_is_{name}", pre, data=[word(v) + word(7) + code for v in (0, 2)], gas=gas)
        for length in (0, 1, 31, 32, 33, 1_000):
            yield Test(f"hash_of_{length}", {A: account(creation(opcode) + keep)}, data=[word(0) + word(0) + b"\0" * length])
    static = call("STATICCALL", B, input=(0, 0)) + asm(0, "SSTORE")
    pre = {A: account(static), B: account(asm(0, 0, 0, 0, opcode))}
    yield Test("in_a_static_call", pre, forks=after_byzantium)
    for size in (49_152, 49_153):
        code = asm(*([0] if opcode == "CREATE2" else []), size, 0, 0, opcode) + keep
        yield Test(f"init_code_of_{size}", {A: account(code)}, gas=[2_000_000])
    nonce = account(creation(opcode) + keep, nonce=(1 << 64) - 1)
    yield Test("nonce_used_up", {A: nonce}, data=[word(0) + word(0)], gas=gas)
    for limit in range(32_000, 56_000, 6_001):
        outer = call("CALL", B, gas=limit) + asm(0, "SSTORE")
        inner = memory(returns(b"\1" * 20)) + asm(*([9] if opcode == "CREATE2" else []), len(returns(b"\1" * 20)), 0, 0, opcode) + keep
        yield Test(f"with_{limit}", {A: account(outer), B: account(inner)})


def transient():
    read = asm(1, "TLOAD", 0, "SSTORE")
    write = asm(7, 1, "TSTORE")
    reads_and_writes = read + write + asm(1, "TLOAD", 1, "SSTORE")
    recent = oracle.since("Shanghai")

    def test(name, code, others=None, **more):
        pre = {A: account(code, balance=9), **{at: account(body) for at, body in (others or {}).items()}}
        return Test(name, pre, forks=more.pop("forks", recent), **more)

    yield test("first", reads_and_writes, forks=oracle.NAMES)
    yield test("without_gas", reads_and_writes, gas=[*range(21_000, 21_400, 26)])
    for value in (0, 1, 1 << 255, (1 << 256) - 1):
        yield test(f"value_{value:#x}", asm(value, value, "TSTORE", value, "TLOAD", 0, "SSTORE"))
    yield test("overwrites", asm(1, 0, "TSTORE", 2, 0, "TSTORE", 0, 0, "TSTORE", 3, 0, "TSTORE", 0, "TLOAD", 0, "SSTORE"))
    for kind in ("CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"):
        keep = asm(5, "SSTORE") + read
        yield test(f"read_below_{kind}", write + call(kind, B) + keep, {B: asm(1, "TLOAD", 0, "MSTORE", 32, 0, "RETURN")})
        yield test(f"write_below_{kind}", asm(3, 1, "TSTORE") + call(kind, B) + keep, {B: write})
        ends = {"revert": asm(0, 0, "REVERT"), "invalid": asm("INVALID"), "endless": asm("JUMPDEST", 9, "POP", 5, "JUMP")}
        for name, end in ends.items():
            yield test(f"undone_by_{name}_{kind}", asm(3, 1, "TSTORE") + call(kind, B, gas=50_000) + keep, {B: write + end})
        for gas in (2_300, 2_301, 1_000, 209, 206, 203, 150, 106):
            yield test(f"with_{gas}_{kind}", call(kind, B, gas=gas) + keep, {B: write})
        # B calls back into the contract, which knows by its transient storage that it is entered again.
        entered = asm(0, "TLOAD", 60, "JUMPI", 1, 0, "TSTORE") + call(kind, B) + asm(2, "SSTORE STOP")
        entered = entered.ljust(60, b"\xfe") + asm("JUMPDEST", 7, 1, "TSTORE") + read
        yield test(f"entered_again_{kind}", entered, {B: call("CALL", A) + asm("POP")})
    stipend = call("CALL", B, gas=0, value=1) + asm(0, "SSTORE")
    yield test("with_the_stipend", stipend, {B: write})
    inits = write + read + returns(read)
    made = memory(inits) + asm(len(inits), 0, 0, "CREATE DUP1", 6, "SSTORE")
    yield test("init_code", made + asm(0, 0, 0, 0, 0, "DUP6 GAS CALL", 7, "SSTORE"))
    again = memory(inits) + asm(4, len(inits), 0, 0, "CREATE2", 6, "SSTORE")
    yield test("init_code_create2", again)
    dies = write + call("CALL", B) + call("CALL", B) + read
    yield test("of_the_destroyed", dies, {B: asm(1, "TLOAD", 3, "SSTORE", 5, 1, "TSTORE", "CALLER SELFDESTRUCT")})
    many = b"".join(asm(n + 1, n, "TSTORE") for n in range(100)) + b"".join(store(n, n, "TLOAD") for n in range(0, 100, 9))
    yield test("many", many)
    yield test("apart_from_storage", store(1, 4) + asm(1, "TLOAD", 0, "SSTORE") + write + asm(1, "SLOAD", 2, "SSTORE"))
    yield test("underflow_store", asm(1, "TSTORE"))
    yield test("underflow_load", asm("TLOAD"))


def delegation():
    target = store(0, "ADDRESS") + store(1, "CALLER") + store(2, "CALLVALUE") + store(3, "CODESIZE") + store(4, 1, 4, "SLOAD", "ADD")
    alice, bob = ADDRESS_OF[ALICE], ADDRESS_OF[BOB]
    look = b"".join(
        store(n, alice, name) for n, name in enumerate(("EXTCODESIZE", "EXTCODEHASH", "BALANCE"), 8)
    ) + asm(32, 0, 0, alice, "EXTCODECOPY", 0, "MLOAD", 12, "SSTORE")
    recent = oracle.since("Prague")

    def signed(key=ALICE, chain=1, to=B, nonce=0, **changes):
        return {**oracle.authorization(key, chain, f"{to:#042x}", nonce), **changes}

    def test(name, authorizations, code=look, others=None, **more):
        pre = {A: account(code, balance=9), B: account(target), **(others or {})}
        transaction = {"authorizationList": authorizations, **more.pop("transaction", {})}
        return Test(name, pre, forks=more.pop("forks", recent), transaction=transaction, **more)

    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    good = signed()
    lists = {
        "valid": [good],
        "any_chain": [signed(chain=0)],
        "other_chain": [signed(chain=2)],
        "wrong_nonce": [signed(nonce=1)],
        "largest_nonce": [signed(nonce=(1 << 64) - 1)],
        "last_nonce": [signed(nonce=(1 << 64) - 2)],
        "parity_flipped": [signed(v=hex(1 - int(good["v"], 16)))],
        "parity_2": [signed(v="0x2")],
        "parity_27": [signed(v="0x1b")],
        "parity_255": [signed(v="0xff")],
        "no_r": [signed(r="0x0")],
        "no_s": [signed(s="0x0")],
        "high_s": [signed(s=hex(order - int(good["s"], 16)), v=hex(1 - int(good["v"], 16)))],
        "r_too_large": [signed(r=hex((1 << 256) - 1))],
        "s_half_order": [signed(s=hex(order // 2))],
        "s_half_order_and_one": [signed(s=hex(order // 2 + 1))],
        "twice": [good, good],
        "twice_in_order": [signed(), signed(to=C, nonce=1)],
        "cleared_at_once": [signed(), signed(to=0, nonce=1)],
        "cleared": [signed(to=0)],
        "of_two": [signed(), signed(BOB, to=C)],
        "of_the_sender": [signed(KEY, nonce=1)],
        "of_the_sender_too_early": [signed(KEY, nonce=0)],
        "to_itself": [signed(to=alice)],
        "to_a_precompile": [signed(to=4)],
        "to_nobody": [signed(to=NOBODY)],
        "in_a_ring": [signed(to=bob), signed(BOB, to=alice)],
        "in_a_chain": [signed(to=bob), signed(BOB, to=B)],
        "nine": [signed(to=B + n, nonce=n) for n in range(9)],
        "none": [],
    }
    people = {
        "new": {},
        "rich": {alice: account(balance=1)},
        "used": {alice: account(nonce=1, balance=5)},
        "with_code": {alice: account(asm("STOP"), nonce=0)},
        "delegated": {alice: account(bytes.fromhex("ef0100") + B.to_bytes(20, "big"))},
        "at_the_last_nonce": {alice: account(nonce=(1 << 64) - 1)},
    }
    for name, authorizations in lists.items():
        for kind, others in people.items():
            yield test(f"{name}_{kind}", authorizations, others=others, value=[0, 1])
        yield test(f"{name}_called_by_transaction", authorizations, to=alice, value=[0, 1])
        for kind in ("CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"):
            code = call(kind, alice, gas=150_000) + asm(20, "SSTORE") + store(21, "GAS")
            yield test(f"{name}_below_{kind}", authorizations, code, gas=[700_000])
    yield test("creates_a_contract", [good], to=None)
    yield test("before_it_was", [good], forks=oracle.NAMES[: oracle.NAMES.index("Prague")])
    for limit in (45_999, 46_000, 46_100, 46_099, 71_000, 71_100):
        yield test(f"gas_{limit}", [good], asm("STOP"), gas=[limit])
        yield test(f"gas_{limit}_for_two", [good, signed(BOB)], asm("STOP"), gas=[limit])
    listed = [{"address": f"{alice:#042x}", "storageKeys": []}, {"address": f"{B:#042x}", "storageKeys": []}]
    code = call("CALL", alice) + asm(20, "SSTORE") + store(21, "GAS")
    yield test("warm", [good], code, transaction={"accessList": listed})
    yield test("code_gone_by_revert", [good], asm(0, 0, "REVERT"))
    yield test("delegate_destroys", [good], call("CALL", alice) + asm(20, "SSTORE"), {B: account(asm("CALLER SELFDESTRUCT")), alice: account(balance=4)})
    made = asm(0, 0, 0, "CREATE", 0, "SSTORE")
    yield test("delegate_creates", [good], call("CALL", alice) + asm(20, "SSTORE"), {B: account(made)})
    for kind in ("CREATE", "CREATE2"):
        deploys = bytes.fromhex("ef0100") + B.to_bytes(20, "big")
        init = returns(deploys)
        salted = asm(0) if kind == "CREATE2" else b""
        code = memory(init) + salted + asm(len(init), 0, 0, kind, 20, "SSTORE")
        yield test(f"deployed_by_{kind}", [good], code)
    delegated = account(bytes.fromhex("ef0100") + B.to_bytes(20, "big"), balance=10**20)
    plain = {A: account(look), B: account(target), SENDER: delegated}
    yield Test("sender_is_delegated", plain, forks=oracle.since("London"), value=[0, 1])
    yield Test("sender_has_code", {A: account(look), SENDER: account(asm("STOP"), balance=10**20)})


def blob():
    recent = oracle.since("Cancun")
    hashes = [f"0x01{n:062x}" for n in range(12)]
    fee = {"maxFeePerBlobGas": "0xa", "maxFeePerGas": "0xa", "maxPriorityFeePerGas": "0x1"}
    look = b"".join(store(n, n, "BLOBHASH") for n in range(12)) + store(20, "BLOBBASEFEE") + store(21, 1 << 255, "BLOBHASH")

    def test(name, number, code=look, **more):
        listed = more.pop("hashes", hashes[:number])
        transaction = {**fee, "blobVersionedHashes": listed, **more.pop("transaction", {})}
        return Test(name, {A: account(code), **more.pop("others", {})}, forks=more.pop("forks", recent), transaction=transaction, **more)

    for number in range(0, 12):
        yield test(f"{number}_blobs", number, value=[0, 1])
    excesses = [0, 1, 393_216, 2_314_057, 2_314_058, 3_338_477, 5_007_716, 10_000_000, 20_000_000, 50_000_000, 100_000_000]
    for excess in excesses:
        env = {"currentExcessBlobGas": hex(excess)}
        high = {"maxFeePerBlobGas": hex(10**12)}
        yield test(f"excess_{excess}", 1, env=env, transaction=high)
        yield test(f"excess_{excess}_offered_10", 1, env=env)
        yield Test(f"excess_{excess}_without_blobs", {A: account(look)}, forks=oracle.since("Cancun"), env=env)
    yield test("nothing_offered", 1, transaction={"maxFeePerBlobGas": "0x0"})
    for version in (0, 2, 0xFF):
        yield test(f"version_{version}", 1, hashes=[f"0x{version:02x}" + "00" * 31])
        yield test(f"second_version_{version}", 1, hashes=[hashes[0], f"0x{version:02x}" + "00" * 31])
    yield test("creates_a_contract", 1, to=None)
    price, gas = 10, 1_000_000
    enough = gas * price + 10 * (1 << 17)
    for off in (-1, 0, 1):
        yield test(f"balance_{off:+}", 1, balance=enough + off)
        yield test(f"balance_and_value_{off:+}", 1, balance=enough + 5 + off, value=[5])
    yield test("before_it_was", 1, forks=oracle.NAMES[: oracle.NAMES.index("Cancun")])
    for kind in ("CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"):
        below = asm(0, "BLOBHASH", 0, "MSTORE", "BLOBBASEFEE", 32, "MSTORE", 64, 0, "RETURN")
        code = call(kind, B, output=(0, 64)) + asm(0, "SSTORE", 0, "MLOAD", 1, "SSTORE", 32, "MLOAD", 2, "SSTORE")
        yield test(f"seen_below_{kind}", 2, code, others={B: account(below)})
    init = store(0, 0, "BLOBHASH") + store(1, "BLOBBASEFEE")
    yield test("seen_in_init_code", 1, memory(init) + asm(len(init), 0, 0, "CREATE", 0, "SSTORE"))
    yield test("with_little_gas", 1, asm(0, "BLOBHASH BLOBBASEFEE"), gas=[21_000 + n for n in range(0, 10)])
    listed = [{"address": f"{B:#042x}", "storageKeys": [f"{1:#066x}"]}]
    yield test("with_an_access_list", 1, transaction={"accessList": listed})
    yield test("reverts", 3, asm(0, 0, "REVERT"))


def opcode():
    """Every opcode at every fork, with enough on the stack and with nothing: what a call of it gives and takes."""
    forks = [fork for fork in oracle.NAMES if fork not in ("EIP150", "EIP158", "Berlin", "Paris", "Prague")]
    for chunk in range(0, 256, 16):
        pre, code = {}, b""
        for number in range(chunk, chunk + 16):
            # What is behind a PUSH is its own.
            rest = b"\x11" * (number - 0x5F) if number in range(0x60, 0x80) else b""
            arguments = asm(*range(9, 0, -1), 64, 5, 32, 0, 1, 2, 3)
            kept = asm(0, "SSTORE MSIZE", 1, "SSTORE GAS", 2, "SSTORE")
            pre[0xAA00 + number] = account(arguments + bytes([number]) + rest + kept, balance=3)
            pre[0xBB00 + number] = account(bytes([number]))
            for to in (0xAA00 + number, 0xBB00 + number):
                code += asm("GAS") + call("CALL", to, gas=150_000, input=(0, 5), output=(0, 32))
                code += asm(to, "SSTORE GAS SWAP1 SUB", to << 8, "SSTORE")
        yield Test(f"from_{chunk:#04x}", {**pre, A: account(code, balance=3)}, gas=[12_000_000], forks=forks)


def transaction():
    """What makes a transaction valid, and what it costs before anything runs."""
    stop = {A: account(asm("STOP"))}
    data = [b"", b"\0", b"\1", b"\0" * 100, b"\1" * 100, b"\0" * 1_000 + b"\1" * 1_000]
    yield Test("gas", stop, data=data, gas=[20_999, 21_000, 21_016, 25_000, 90_000])
    yield Test("creation_gas", {}, data=data, gas=[21_000, 53_000, 53_010, 90_000], to=None)
    yield Test("nonce_too_high", stop, transaction={"nonce": "0x1"})
    yield Test("nonce_too_low", {**stop, SENDER: account(nonce=1, balance=10**20)})
    yield Test("nonce_used_up", {**stop, SENDER: account(nonce=(1 << 64) - 1, balance=10**20)}, transaction={"nonce": hex((1 << 64) - 1)})
    for off in (-1, 0, 1):
        yield Test(f"balance_{off:+}", stop, balance=10_000_000 + off)
    for limit in (1_000_000, 999_999):
        yield Test(f"block_of_{limit}", stop, env={"currentGasLimit": hex(limit)})
    for limit in ((1 << 24) - 1, 1 << 24, (1 << 24) + 1):
        yield Test(f"limit_{limit}", stop, gas=[limit])
    fees = [(7, 0), (7, 7), (6, 0), (10, 11), (10, 10), (10, 1), (0, 0)]
    for most, priority in fees:
        offer = {"maxFeePerGas": hex(most), "maxPriorityFeePerGas": hex(priority)}
        yield Test(f"fee_{most}_{priority}", {A: account(store(0, "GASPRICE") + store(1, "BASEFEE"))}, transaction=offer, forks=oracle.since("Berlin"))
    yield Test("price_below_base_fee", stop, transaction={"gasPrice": "0x6"})
    keys = [f"{n:#066x}" for n in range(3)]
    touch = b"".join(store(10 + n, n, "SLOAD") for n in range(3)) + store(20, B, "BALANCE") + store(21, "GAS")
    for name, listed in {
        "empty": [],
        "one": [{"address": f"{A:#042x}", "storageKeys": keys}],
        "twice": [{"address": f"{A:#042x}", "storageKeys": keys[:1]}] * 2,
        "other": [{"address": f"{B:#042x}", "storageKeys": []}],
        "all": [{"address": f"{at:#042x}", "storageKeys": keys} for at in (A, B, COINBASE, 4)],
    }.items():
        pre = {A: account(touch, storage={n: n for n in range(1, 3)}), B: account(balance=1)}
        yield Test(f"access_list_{name}", pre, transaction={"accessList": listed}, gas=[30_000, 400_000], forks=oracle.since("Istanbul"))
    clears = b"".join(store(n, 0) for n in range(20))
    yield Test("refund", {A: account(clears, storage={n: 1 for n in range(20)})}, data=[b"", b"\1" * 2_000], gas=[400_000])


AREAS = {
    "precompile": precompile,
    "sstore": sstore,
    "create2": create2,
    "create": create,
    "transient": transient,
    "delegation": delegation,
    "blob": blob,
    "opcode": opcode,
    "transaction": transaction,
}
