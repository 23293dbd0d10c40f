"""The page on images that a correction was applied to: which way, why, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bridge import __version__
from bridge.numerics.verdict import Verdict
from bridge.report.fitting import WORDS
from bridge.report.index import Entry, outcomes
from bridge.report.words import count


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done.

    Parameters
    ----------
    correction
        What people call the correction.
    digest
        Of the correction.
    multiplied
        Whether the factor was multiplied in, not divided out.
    offset, bin
        How it was moved, (right, down) in px, and averaged.
    measured, verdict
        What the dust fit said, in words and in one; "" where nothing was measured, or it was
        overruled.
    outcomes
        Each file's name, whether it failed, and what became of it.
    """

    correction: str
    digest: str
    multiplied: bool
    offset: tuple[int, int]
    bin: int
    measured: str
    verdict: str
    outcomes: Sequence[tuple[str, bool, str]]


def applied_page(done: Applied) -> str:
    """Return the page; self-contained like `page`, all text escaped."""
    failed = sum(failed for _, failed, _ in done.outcomes)
    verb = "multiplied" if done.multiplied else "divided"
    of = count(len(done.outcomes), "file")
    few = f"{len(done.outcomes) - failed:,} of {of}" if failed else of
    made = f"Made by FlatBridge {__version__}; the dust factor is {done.digest[:16]}."
    return outcomes(
        "Images cleaned",
        done.correction,
        f"{few} {verb} by the dust factor",
        [_direction(done), *_fit(done), made],
        "File",
        [Entry(name, None, outcome) for name, _, outcome in done.outcomes],
    )


def _direction(done: Applied) -> str:
    why = (
        "Direction: multiplied, which takes out again what a flat with this dust had put in."
        if done.multiplied
        else "Direction: divided, which takes out the dust that is in the images."
    )
    (dx, dy), block = done.offset, f"{done.bin} x {done.bin}"
    moved = f" The factor was moved by {dx},{dy} px first." if (dx, dy) != (0, 0) else ""
    averaged = f" It was averaged over blocks of {block} px." if done.bin > 1 else ""
    return why + moved + averaged


def _fit(done: Applied) -> list[str]:
    if not done.measured:
        return []
    meaning = f": {WORDS[cast(Verdict, done.verdict)]}" if done.verdict else ""
    return [f"Dust fit, {done.measured}{meaning}."]
