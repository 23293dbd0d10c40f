"""What people read after a correction."""

from __future__ import annotations

from pathlib import Path

from bridge.cli.terminal import say
from bridge.report import words
from bridge.report.document import ReportJson


def print_summary(name: str, content: ReportJson, folder: Path) -> None:
    """Print what was found in the flat ``name`` and where the files are."""
    figures = content["figures"]
    say(name)
    say(f"  {words.input_line(content)}")
    say(f"  {words.headline(figures)}.")
    if figures["touched"]:
        low, high = figures["factor_min"], figures["factor_max"]
        say(f"  The dust factor lies between {low:.4f} and {high:.4f}.")
    for note in words.notes(content):
        say(f"  Note: {note}")
    for aside in words.asides(content):
        say(f"  {aside}")
    say(f"  Look:   {folder / 'report.html'}")
    if figures["touched"]:
        say(f"  Apply:  flatbridge apply {quoted(folder / 'correction.fits')} FRAME... -o DIR")


def quoted(path: Path) -> str:
    """Return a path as it can be typed."""
    text = str(path)
    return f'"{text}"' if any(letter in text for letter in " &()';") else text
