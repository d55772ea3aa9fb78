"""Puts Ethereum's state tests of 2016, one case in a test and the fork in the folder's name, into today's form.

python3 old.py FROM TO
"""

import json
import sys
from pathlib import Path

FORKS = {"EIP150": "EIP150", "Homestead": "Homestead"}
# The main chain's first block of Homestead: tests of the transition have one fork before it and another behind it.
HOMESTEAD = 1_150_000


def prefixed(text):
    return text if text.startswith("0x") else "0x" + text


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
        converted = {}
        for name, test in tests.items():
            is_later = path.name == "stTransitionTest.json" and int(test["env"]["currentNumber"], 16) >= HOMESTEAD
            converted[name] = convert(test, "Homestead" if is_later else fork)
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        (target / place).write_text(json.dumps(converted))


if __name__ == "__main__":
    main(*sys.argv[1:])
