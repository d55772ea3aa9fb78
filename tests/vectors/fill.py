"""Writes the state tests of each area, and the vectors of the precompiled contracts, with what the specification says of them.

python3 fill.py TO [AREA...]
"""

import json
import multiprocessing
import sys
from itertools import product
from pathlib import Path

import areas
import oracle
from areas import COINBASE, KEY, SENDER
from precompiles import INPUTS

ENV = {
    "currentCoinbase": f"{COINBASE:#042x}",
    "currentDifficulty": "0x20000",
    "currentRandom": f"{0x20000:#066x}",
    "currentGasLimit": hex(100_000_000),
    "currentNumber": "0x1",
    "currentTimestamp": "0x3e8",
    "currentBaseFee": "0x7",
    "currentExcessBlobGas": "0x0",
}
# Coinbase and sender are there at the beginning, so that it does not matter when they come into being.
PEOPLE = {COINBASE: areas.account(balance=1), SENDER: None}


def written(account):
    return {
        "balance": hex(account["balance"]),
        "nonce": hex(account["nonce"]),
        "code": "0x" + account["code"].hex(),
        "storage": {f"{key:#066x}": hex(value) for key, value in account["storage"].items() if value},
    }


def fill(test):
    """The test in the form of Ethereum's files, with a post for each fork and combination."""
    people = {**PEOPLE, SENDER: areas.account(balance=test.balance)}
    pre = {f"{at:#042x}": written(account) for at, account in {**people, **test.pre}.items()}
    env = {**ENV, **test.env}
    common = {
        "nonce": "0x0",
        "to": "" if test.to is None else f"{test.to:#042x}",
        "secretKey": f"{KEY:#066x}",
        **({} if "maxFeePerGas" in test.transaction else {"gasPrice": "0xa"}),
        **test.transaction,
    }
    if "authorizationList" in common and "maxFeePerGas" not in common:
        del common["gasPrice"]
        common |= {"maxFeePerGas": "0xa", "maxPriorityFeePerGas": "0x3"}
    transaction = {name: value for name, value in common.items() if name != "accessList"}
    transaction |= {
        "data": ["0x" + data.hex() for data in test.data],
        "gasLimit": [hex(gas) for gas in test.gas],
        "value": [hex(value) for value in test.value],
        "sender": f"{SENDER:#042x}",
    }
    if "authorizationList" in common:
        both = [{**signed, "yParity": signed["v"]} for signed in common["authorizationList"]]
        transaction["authorizationList"] = both
    if "accessList" in common:
        transaction["accessLists"] = [common["accessList"]] * len(test.data)
    post = {}
    for fork in test.forks:
        cases = post[fork] = []
        for d, g, v in product(range(len(test.data)), range(len(test.gas)), range(len(test.value))):
            data, gas, value = transaction["data"][d], transaction["gasLimit"][g], transaction["value"][v]
            sent = {**common, "data": data, "input": data, "gasLimit": gas, "gas": gas, "value": value}
            # Types that came with EIP-2930 and EIP-1559 need an access list.
            sent.setdefault("accessList", [])
            if not {"accessList", "maxFeePerGas"} & set(common):
                del sent["accessList"]
            root, logs, refused, _ = oracle.transact(fork, env, pre, sent)
            case = {"hash": root, "logs": logs, "indexes": {"data": d, "gas": g, "value": v}}
            cases.append(case | ({"expectException": refused} if refused else {}))
    return {"env": env, "pre": pre, "transaction": transaction, "post": post, "config": {"chainid": "0x1"}}


def vectors(entry):
    """For each input of a precompiled contract a line: what comes of it, at the first fork and wherever that changes."""
    address, first, inputs = entry
    slow = address in (0x08, 0x0A, 0x0C, 0x0E, 0x0F, 0x11)
    forks = [fork for fork in oracle.since(first) if not slow or fork in (first, "Istanbul", "Osaka")]
    plenty, lines = 1 << 28, []
    for data in inputs:
        changes, before = {}, None
        for fork in forks:
            answer = oracle.precompile(fork, address, data, plenty)
            now = {"price": plenty - answer[0], "output": answer[1].hex()} if isinstance(answer, tuple) else None
            if fork == first or now != before:
                changes[fork] = before = now
        lines.append(json.dumps({"address": hex(address), "input": data.hex(), "results": changes}))
    return lines


def work(item):
    kind, what = item
    return vectors(INPUTS[what]) if kind == "vectors" else fill(TESTS[kind][what])


def main(target, *only):
    global TESTS
    target = Path(target)
    TESTS = {name: list(area()) for name, area in areas.AREAS.items() if not only or name in only}
    items = [(name, n) for name, tests in TESTS.items() for n in range(len(tests))]
    # What takes longest comes first.
    items = [("vectors", n) for n in reversed(range(len(INPUTS))) if not only or "vectors" in only] + items
    lines, done = {}, 0
    with multiprocessing.Pool() as pool:
        for (kind, n), filled in zip(items, pool.imap(work, items, chunksize=1)):
            done += 1
            if sys.stderr.isatty() or done % 200 == 0:
                print(f"\r{done} of {len(items)} filled", end="" if sys.stderr.isatty() else "\n", file=sys.stderr)
            if kind == "vectors":
                lines[n] = filled
                continue
            test = TESTS[kind][n]
            (target / kind).mkdir(parents=True, exist_ok=True)
            (target / kind / f"{test.name}.json").write_text(json.dumps({test.name: filled}))
    if lines:
        text = "".join(line + "\n" for n in sorted(lines) for line in lines[n])
        target.mkdir(parents=True, exist_ok=True)
        (target / "precompiles.jsonl").write_text(text)
    cases = sum(len(post) for tests in target.glob("*/*.json") for t in json.loads(tests.read_text()).values() for post in t["post"].values())
    print(f"{cases} cases of {len(items)} tests", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
