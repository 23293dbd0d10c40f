"""``flatbridge serve``: the bridge, until it is told to end."""

from __future__ import annotations

import argparse
import sys

from bridge import config
from bridge.cli.terminal import complain, say
from bridge.serve import EXPOSED, serve
from bridge.settings import is_loopback


def run(given: argparse.Namespace) -> int:
    """Serve until Ctrl-C, a signal or a request ends it."""
    settings = config.load({"host": given.host, "port": given.port})
    if given.i_know and not is_loopback(settings.host):
        complain(f"Warning: on {settings.host} {EXPOSED}")
    return serve(settings, announce=_announce, exposed=given.i_know)


def _announce(url: str, token: str) -> None:
    say(f"FlatBridge is listening on {url}")
    if sys.stdout.isatty():  # never into a file: whoever has the link has the images
        say(f"Review in a browser: {url}/#token={token}")
