"""One SQLite file that several threads and processes share."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE: Final = 30.0
"""Seconds to wait for another process's transaction."""


class Database:
    """A connection that threads take in turn; its write transactions exclude other processes too.

    Parameters
    ----------
    path
        The file; made if need be.
    schema
        Statements that make what is missing.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._mutex = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._use_log_ahead()
        with self.write() as connection:
            for statement in filter(str.strip, schema.split(";")):
                connection.execute(statement)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction that nobody else's overlaps; undone if it raises."""
        with self._mutex:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """Return what ``query`` selects."""
        with self._mutex:
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Let the file go."""
        with self._mutex:
            self._connection.close()

    def _use_log_ahead(self) -> None:
        # Two processes that turn a new file to WAL at once: SQLite refuses one without waiting.
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
