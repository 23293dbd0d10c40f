"""``flatbridge serve``: the bridge, until it is told to end."""

from __future__ import annotations

import argparse
import sys

from bridge import config
from bridge.cli.terminal import say
from bridge.serve import serve


def run(given: argparse.Namespace) -> int:
    """Serve until Ctrl-C, a signal or a request ends it."""
    settings = config.load({"host": given.host, "port": given.port})
    return serve(settings, announce=_announce)


def _announce(url: str, token: str) -> None:
    say(f"FlatBridge is listening on {url}")
    if sys.stdout.isatty():  # never into a file: whoever has the link has the images
        say(f"Review in a browser: {url}/#token={token}")
