"""``flatbridge doctor``: what is in place, what is not, and what to do about it."""

from __future__ import annotations

import argparse

from bridge.cli.checks import CHECKS, State
from bridge.cli.terminal import say

_MARKS = {State.GOOD: "ok", State.NOTE: "note", State.BAD: "FAIL"}


def run(_: argparse.Namespace) -> int:
    """Print every check; return 1 only if flats cannot be corrected here."""
    bad = 0
    for check in CHECKS:
        for finding in check():
            say(f"{_MARKS[finding.state]:>5}  {finding.what}")
            if finding.advice:
                say(f"       {finding.advice}")
            bad += finding.state is State.BAD
    say()
    if bad:
        say("FlatBridge cannot correct flats here yet: see the lines marked FAIL.")
        return 1
    say("FlatBridge can correct flats on this machine.")
    return 0
