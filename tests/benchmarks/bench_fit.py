"""How often the dust fit says the right thing of subs whose history is known.

    python -m tests.benchmarks.bench_fit [--seeds 100:110] [--levels 20,100,500,2000]

Every case is right, too faint, or wrong. "SNR for it": the fit's own error allows a statement, that
is, the verdict is not "too-faint". A wrong "matches" is any "matches" of a case that does not.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from bridge.numerics.fit import DustFit, fit
from bridge.numerics.verdict import TOLERANCE
from tests.benchmarks.subs import CASES, TRUTH, TURNED, Sub, dust, has_sharp, sub


def judged(case: str, made: Sub, found: DustFit, *, sharp: bool) -> str:
    if found.verdict == "too-faint":
        return "too faint"
    right = found.verdict in _true(case, made)
    if case == "shifted" and sharp:
        right = right and _off(made, found) == 0
    return "right" if right else "WRONG"


def _true(case: str, made: Sub) -> tuple[str, ...]:
    small = case == "small bias" and made.strength > 1 - TOLERANCE
    return (TRUTH[case], "matches") if small else (TRUTH[case],)


def _off(made: Sub, found: DustFit) -> int:
    return max(abs(a - b) for a, b in zip(found.offset, made.offset, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="100:104")
    parser.add_argument("--levels", default="20,100,500,2000")
    given = parser.parse_args()
    first, last = map(int, given.seeds.split(":"))
    levels = [int(level) for level in given.levels.split(",")]
    counts: dict[tuple[int, str], Counter[str]] = {}
    turned, moved = Counter[str](), Counter[str]()
    for seed in range(first, last):
        transmission, factor = dust(seed)
        sharp = has_sharp(seed)
        for level in levels:
            for case in CASES:
                rng = np.random.default_rng([seed, level, *case.encode()])
                made = sub(case, transmission, level, rng)
                found = fit(made.values[None], factor[None])
                row = counts.setdefault((level, case), Counter())
                row[judged(case, made, found, sharp=sharp)] += 1
                row["wrong matches"] += found.verdict == "matches" not in _true(case, made)
                if case == "shifted" and sharp and found.verdict != "too-faint":
                    moved["found" if _off(made, found) == 0 else "not found"] += 1
                if case in TURNED:
                    turned["named" if found.turn == TURNED[case] else "not named"] += 1
    print(" sky e- case            right  too faint  wrong  wrong matches")
    for (level, case), row in counts.items():
        print(
            f"{level:>7} {case:<14} {row['right']:>6} {row['too faint']:>10} {row['WRONG']:>6} "
            f"{row['wrong matches']:>14}"
        )
    total = sum(counts.values(), Counter())
    told = total["right"] + total["WRONG"]
    print(
        f"all: {total['right']} of {told} verdicts right ({total['right'] / max(1, told):.1%}), "
        f"{total['too faint']} too faint, {total['wrong matches']} wrong matches; "
        f"turns named {turned['named']} of {turned.total()}; offsets of sharp dust to the pixel "
        f"{moved['found']} of {moved.total()}"
    )


if __name__ == "__main__":
    main()
