"""``flatbridge engines``: who can find dust and who can fill in for it."""

from __future__ import annotations

import argparse

from bridge.cli.tables import lines
from bridge.cli.terminal import say
from bridge.engines.table import ENGINES


def run(_: argparse.Namespace) -> int:
    """Print the table of engines."""
    rows = [("ENGINE", "CAN BE", "SENDS PIXELS AWAY", "AVAILABLE")]
    for entry in ENGINES.values():
        reason = entry.unavailable()
        away = "yes" if entry.sends_pixels_away else "no"
        rows.append(
            (entry.name, ", ".join(entry.roles), away, f"no: {reason}" if reason else "yes")
        )
    for line in lines(rows):
        say(line)
    return 0
