"""One SQLite file that several threads and processes share."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bridge.store.errors import DamagedStore, NoRoom

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

    Raises
    ------
    DamagedStore, NoRoom
        Here and in every method.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._mutex = threading.Lock()
        with self._telling():
            self._connection = sqlite3.connect(
                path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        try:
            self._connection.row_factory = sqlite3.Row
            with self._telling():
                self._use_log_ahead()
            with self.write() as connection:
                for statement in filter(str.strip, schema.split(";")):
                    connection.execute(statement)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction that nobody else's overlaps; undone if it raises."""
        with self._mutex, self._telling():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has ended it already
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """Return what ``query`` selects."""
        with self._mutex, self._telling():
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Let the file go."""
        with self._mutex:
            self._connection.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn SQLite's complaints into sentences."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.Error as trouble:
            if _code(trouble) == sqlite3.SQLITE_FULL:
                raise NoRoom(f"The disk with {self._path} is full; make room there.") from None
            raise DamagedStore(
                f"{self._path} cannot be used ({trouble}); if it is damaged, end FlatBridge and "
                "remove the file, and with it what it remembers."
            ) from None

    def _use_log_ahead(self) -> None:
        # Two processes that turn a new file to WAL at once: SQLite refuses one without waiting.
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                return
            except sqlite3.OperationalError as trouble:
                if _code(trouble) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _code(trouble: sqlite3.Error) -> int:
    """Return SQLite's primary result code, the extended part taken off; 0 if there is none."""
    return int(getattr(trouble, "sqlite_errorcode", 0)) & 0xFF
