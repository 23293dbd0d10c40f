"""``flatbridge config``: every setting, its value, and where that comes from."""

from __future__ import annotations

import argparse

from bridge import config
from bridge.cli.tables import lines
from bridge.cli.terminal import say


def run(_: argparse.Namespace) -> int:
    """Print the settings in force; `BadConfiguration` if one is unknown or does not fit."""
    for line in lines([("SETTING", "VALUE", "SOURCE"), *config.load().rows()]):
        say(line)
    return 0
