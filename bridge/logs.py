"""The bridge's log: bounded, its owner's alone, without secrets and without anyone's paths."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from bridge.store.files import private_folder

BYTES: Final = 2 * 10**6
BEFORE: Final = 4
"""Bytes of a log file, and how many full ones are kept."""

Failure = tuple[type[BaseException], BaseException, TracebackType | None]


@contextmanager
def logging_to(folder: Path, level: str, secrets: tuple[str, ...]) -> Iterator[None]:
    """Write what the package logs to ``bridge.log`` in ``folder`` while the block runs.

    Parameters
    ----------
    folder
        Made if need be.
    level
        The least that is written. Above ``DEBUG`` no path of a user's file is.
    secrets
        What appears as ``***``.
    """
    handler = _Quiet(
        private_folder(folder) / "bridge.log",
        maxBytes=BYTES,
        backupCount=BEFORE,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(_Discreet(tuple(filter(None, secrets)), paths=level == "DEBUG"))
    logger = logging.getLogger("bridge")
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before
        handler.close()


class _Quiet(RotatingFileHandler):
    """Says nothing where nothing can be written: a full disk must not fill the terminal too."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Do without the line."""


class _Discreet(logging.Formatter):
    """Writes lines without ``secrets``, and tracebacks without the files of users."""

    def __init__(self, secrets: tuple[str, ...], *, paths: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._secrets = secrets
        self._paths = paths

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def formatException(self, ei: Failure | tuple[None, None, None]) -> str:
        """Return a traceback; it tells the lines of the program, not where a user's files are."""
        text = super().formatException(ei)
        return text if self._paths or ei[1] is None else _without_files(text, ei[1])


def _without_files(text: str, error: BaseException) -> str:
    """Return a traceback without the file names that ``error`` and its causes carry."""
    chain: BaseException | None = error
    while chain is not None:
        for name in (getattr(chain, "filename", None), getattr(chain, "filename2", None)):
            if name is not None:
                for said in (repr(str(name)), str(name)):  # as the message has it, and bare
                    text = text.replace(said, "<file>")
        chain = chain.__cause__ or chain.__context__
    home = os.path.expanduser("~")
    return text.replace(home, "~") if home != os.path.dirname(home) else text
