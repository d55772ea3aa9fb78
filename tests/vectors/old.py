"""Puts Ethereum's state tests of 2016, one case in a test and the fork in the folder's name, into today's form.

python3 old.py FROM TO
"""

import json
import sys
from pathlib import Path

FORKS = {"EIP150": "EIP150", "Homestead": "Homestead"}


def prefixed(text):
    return text if text.startswith("0x") else "0x" + text


def rlp(item):
    if isinstance(item, list):
        body, short = b"".join(map(rlp, item)), 0xC0
    elif len(item) == 1 and item[0] < 0x80:
        return item
    else:
        body, short = item, 0x80
    if len(body) < 56:
        return bytes([short + len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([short + 55 + len(length)]) + length + body


def convert(test, fork):
    transaction = dict(test["transaction"])
    for name in ("data", "gasLimit", "value"):
        transaction[name] = [transaction[name]]
    transaction["data"] = [prefixed(transaction["data"][0])]
    post = {
        "hash": prefixed(test["postStateRoot"]),
        "indexes": {"data": 0, "gas": 0, "value": 0},
        "state": test["post"],
    }
    return {"env": test["env"], "pre": test["pre"], "transaction": transaction, "post": {fork: [post]}}


def main(source, target):
    source, target = Path(source), Path(target)
    for path in sorted(source.rglob("*.json")):
        place = path.relative_to(source)
        # A subfolder Homestead of EIP150 has Homestead's tests under the rules of EIP150.
        fork = FORKS.get(place.parts[0], "Frontier")
        tests = json.loads(path.read_text())
        converted = {name: convert(test, fork) for name, test in tests.items()}
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        (target / place).write_text(json.dumps(converted))


if __name__ == "__main__":
    main(*sys.argv[1:])
