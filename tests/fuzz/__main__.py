"""Broken files against every parser.

    python -m tests.fuzz --cases 20000

Each case is a file broken in its own way, drawn from its number alone. A reader must give a frame
whose values are finite or NaN and lie in [0, 1], or refuse with one sentence; within the memory and
the time below; and never end the process. Cases run in child processes; what fails is told with its
number, and ``--only NUMBER --keep FILE`` writes it down. Exit status 1 if any failed. With
``--files`` the files named there are read instead, as they are, one after the other.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.cases import SECONDS, judged, limited, made, outcome

BATCH = 500


def run(numbers: range) -> list[dict[str, object]]:
    """Run cases in a child process; one that ends the child has failed, and the rest go on."""
    found: list[dict[str, object]] = []
    start = numbers.start
    while start < numbers.stop:
        command = [sys.executable, "-m", "tests.fuzz", "--child", str(start), str(numbers.stop)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = [json.loads(line) for line in child.stdout]
        found += lines
        start += len(lines)
        if start < numbers.stop:
            found.append({"number": start, "kind": "?", "said": "ended the process", "bad": True})
            start += 1
    return found


def child(start: int, stop: int) -> None:
    """Run cases here, one line each."""
    limited()
    for number in range(start, stop):
        print(json.dumps(outcome(number)), flush=True)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--child", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--files", nargs="+", type=Path, metavar="FILE")
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return 0
    if given.files:
        limited()
        read = [{"file": path.name, **judged(path.read_bytes())} for path in given.files]
        for case in read:
            print(json.dumps(case))
        return 1 if any(case["bad"] for case in read) else 0
    if given.only is not None:
        if given.keep:
            with open(given.keep, "wb") as stream:
                stream.write(made(given.only)[1])
        print(json.dumps(outcome(given.only), indent=2))
        return 0
    stop = given.first + given.cases
    batches = [range(start, min(start + BATCH, stop)) for start in range(given.first, stop, BATCH)]
    told: Counter[tuple[str, str]] = Counter()
    bad = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for found in pool.map(run, batches):
            for case in found:
                told[str(case["kind"]), str(case["end"]) if "end" in case else "failed"] += 1
                if case["bad"]:
                    bad.append(case)
                    print(f"FAILED {case}", flush=True)
    for (kind, end), count in sorted(told.items()):
        print(f"{kind:10} {end:10} {count:7}")
    print(f"{given.cases} cases, {len(bad)} failed; at most {SECONDS} s each")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
