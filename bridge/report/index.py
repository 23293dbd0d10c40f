"""Pages that list files with what came of each: of a folder of videos, of images cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.report.page import rendered


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its name, the link to its report (none if there is none), and what came of it."""

    name: str
    link: str | None
    outcome: str


def index(name: str, entries: Sequence[Entry]) -> str:
    """Return index.html for the folder ``name``; self-contained like `page`, all text escaped."""
    failed = sum(entry.link is None for entry in entries)
    count = f"{len(entries):,} video{'' if len(entries) == 1 else 's'}"
    headline = f"{count}, {failed:,} of them failed" if failed else f"{count} corrected"
    return outcomes("Dust reports", name, headline, (), "Video", entries)


def outcomes(
    subject: str,
    name: str,
    headline: str,
    lines: Sequence[str],
    kind: str,
    entries: Sequence[Entry],
) -> str:
    """Return a page on ``entries``, files of one kind, below a headline and some lines."""
    return rendered(
        "outcomes.html",
        subject=subject, name=name, headline=headline, lines=lines, kind=kind, entries=entries,
    )  # fmt: skip
