"""Lines and a progress bar, plain where the output is not a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TextIO

_WIDTH: Final = 24


def say(line: str = "") -> None:
    """Print a line; letters that the terminal does not know become question marks."""
    _print(line, sys.stdout)


def complain(line: str) -> None:
    """Print an error as one line."""
    _print(f"flatbridge: {' '.join(line.split())}", sys.stderr)


def close_output() -> None:
    """Say nothing more to a reader that has gone, such as ``head``, not even at the very end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def plural(number: int, what: str) -> str:
    """Return ``number`` and its noun, such as ``1 file`` or ``2 files``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return a time such as ``5 s``, ``2:05 min`` or ``1:30 h``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02d} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d} h"


class Bar:
    """A progress bar on the error output while a block runs; nothing where that is no terminal.

    Parameters
    ----------
    title
        What is being worked on.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._live = sys.stderr.isatty()
        self._shown = ""

    def __enter__(self) -> Self:
        """Begin with an empty bar."""
        self.show(0, "")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away, and with it the ^C that a terminal writes behind it."""
        if self._live:
            self._shown = " " * (shutil.get_terminal_size().columns - 1)
        self._draw("")

    def show(self, share: float, words: str) -> None:
        """Show that ``share`` of the work is done, and what is going on."""
        if not self._live:
            return
        full = round(_WIDTH * min(max(share, 0.0), 1.0))
        done, left = _marks(sys.stderr)
        bar = done * full + left * (_WIDTH - full)
        line = f"{self._title}  {bar} {share:>4.0%}  {words}"
        self._draw(line[: shutil.get_terminal_size().columns - 1])

    def tell(self, line: str) -> None:
        """Print a line beside the bar, on the error output, terminal or not."""
        self._draw("")
        _print(line, sys.stderr)

    def _draw(self, line: str) -> None:
        if self._live and line != self._shown:
            # Blanks, not an escape sequence: old Windows consoles print those.
            blanks = " " * (len(self._shown) - len(line))
            end = "" if line else "\r"
            with suppress(OSError):
                sys.stderr.write(_known(f"\r{line}{blanks}{end}", sys.stderr))
                sys.stderr.flush()
            self._shown = line


def _marks(stream: TextIO) -> tuple[str, str]:
    return ("━", "─") if _known("━─", stream) == "━─" else ("#", "-")


def _print(line: str, stream: TextIO) -> None:
    print(_known(line, stream), file=stream, flush=True)


def _known(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
