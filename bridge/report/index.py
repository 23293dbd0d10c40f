"""index.html: what came of a folder of videos, with a link to each report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.report.page import rendered


@dataclass(frozen=True, slots=True)
class Entry:
    """One video: its name, the link to its report (none if it failed), and what came of it."""

    name: str
    link: str | None
    outcome: str


def index(name: str, entries: Sequence[Entry]) -> str:
    """Return index.html for the folder ``name``; self-contained like `page`, all text escaped."""
    failed = sum(entry.link is None for entry in entries)
    count = f"{len(entries):,} video{'' if len(entries) == 1 else 's'}"
    headline = f"{count}, {failed:,} of them failed" if failed else f"{count} corrected"
    return rendered("index.html", name=name, headline=headline, entries=entries)
