"""Runs suites through an EVMC library and compares what passes with what is known.

python3 check.py HEBE LIBRARY SUITE...
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

OPTIONS = "evm1mode=native,precompiles=on"
KNOWN = json.loads((Path(__file__).parent / "known.json").read_text())


def lines(hebe, library, suite):
    """What `hebe statetest` answers: a line for each case, and the summary."""
    command = [hebe, "statetest", "--json", "--vm", f"{library},{OPTIONS}", suite]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if answer.returncode not in (0, 1):
        sys.exit(f"error: {' '.join(command)} ended with {answer.returncode}")
    *cases, summary = map(json.loads, answer.stdout.splitlines())
    return cases, summary["summary"]


def why(case):
    """The reason that `known.json` gives, or what came instead."""
    place = "/".join(Path(case["file"]).parts[-2:])
    names = (f"{place} {case['test']}", f"{place} {case['fork']}", place)
    for reason, tests in KNOWN["fails"].items():
        if any(name in tests for name in names):
            return reason
    return f"not known: {place} {case['test']} {case['fork']} data {case['data']}: {case['failures']}"


def main(hebe, library, *suites):
    wrong = []
    for suite in suites:
        name = Path(suite).name
        cases, summary = lines(hebe, library, suite)
        failed = Counter(why(case) for case in cases if case["result"] != "pass")
        print(f"{name}: {summary['cases']} cases, {summary['passed']} passed, {summary['failed']} failed")
        for area, forks in summary["areas"].items():
            count = Counter()
            for tally in forks.values():
                count.update(tally)
            print(f"  {area:28} {count['cases']:6} cases {count['passed']:6} passed {count['failed']:4} failed, {len(forks)} forks")
        for reason, number in failed.items():
            print(f"  {number} fail: {reason}")
        expected = KNOWN["suites"][name]
        found = {"cases": summary["cases"], "failed": dict(failed)}
        if found != expected:
            wrong.append(f"error: {name} should have been {expected}, not {found}")
    print("\n".join(wrong) or "all as known")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
