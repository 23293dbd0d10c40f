"""Frames and results, kept by what they are made of, until room is needed."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from bridge.errors import UnreadableImage
from bridge.io import outline_of
from bridge.io.source import is_fits
from bridge.machine import give_back_memory
from bridge.store.answers import Answers
from bridge.store.database import Database
from bridge.store.draft import Draft
from bridge.store.errors import DamagedStore, NoRoom
from bridge.store.eviction import make_room
from bridge.store.facts import Facts, StoredResult
from bridge.store.files import naming_full_disk, private_folder, remove
from bridge.store.seals import Seals
from bridge.store.tenancy import Tenancy

Kind = Literal["frame", "result"]

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS things (
    kind TEXT NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL, belongs TEXT,
    bytes INTEGER NOT NULL, used REAL NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE IF NOT EXISTS holds (owner TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL)
"""
"""``belongs`` names the result whose file a frame is; such a frame comes and goes with it."""

ONE: Final = "SELECT * FROM things WHERE kind = ? AND key = ?"


class Store:
    """The store in one folder, for several threads and processes at once.

    Parameters
    ----------
    folder
        Where it is; made if need be.
    capacity
        Bytes it may keep. What was used longest ago goes first; what is held never goes.
    clock
        Seconds since the epoch.
    """

    def __init__(self, folder: Path, capacity: int, clock: Callable[[], float] = time.time) -> None:
        self.folder = private_folder(folder)
        self._capacity = capacity
        self._clock = clock
        self._reading = threading.Lock()
        self._seals = Seals()
        for name in ("frames", "results"):
            private_folder(folder / name)
        self.answers = Answers(folder / "answers")
        self._database = Database(folder / "index.sqlite", SCHEMA)
        with self._database.write() as connection:
            self._tenancy = Tenancy(folder / "unfinished", connection)
            self._drop_strays(connection)

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Let go of everything held and remove unfinished files."""
        with suppress(NoRoom), self._database.write() as connection:
            self._tenancy.leave(connection)  # its lines in the index may outlive it for a while
        self._database.close()

    def scratch(self) -> Path:
        """Return a new path for an unfinished file; gone when the process is."""
        return self._tenancy.fresh()

    def frame(self, identity: str) -> tuple[Facts, Path] | None:
        """Return a frame and its file, or None if it is not held, or no longer whole."""
        row = self._row("frame", identity)
        if row is None:
            return None
        path = self.folder / row["path"]
        if not self._seals.whole(path, identity):
            self._drop("result" if row["belongs"] else "frame", row["belongs"] or identity)
            return None
        return Facts.parse(row["facts"]), path

    def add_frame(self, unfinished: Path, identity: str) -> Facts:
        """Take a file made under `scratch` as the frame ``identity``, its SHA-256.

        The file is gone from its place in either case.

        Raises
        ------
        UnreadableImage, UnsupportedFrame
            If it is no image that can be used.
        """
        try:
            held = self.frame(identity)
            if held is not None:
                return held[0]
            with unfinished.open("rb") as stream:
                if not is_fits(stream.read(80)):
                    raise UnreadableImage("The image is not a FITS file.")
            # One at a time: a large packed image takes several times its size while it is read.
            with self._reading:
                facts = Facts.of(outline_of(unfinished, "The image"), identity)
                give_back_memory()  # or every thread of a server keeps some of its last image
            return self._place_frame(unfinished, facts)
        finally:
            remove(unfinished)

    def result(self, key: str) -> StoredResult | None:
        """Return the result kept under ``key``, or None if there is none, or no longer whole."""
        row = self._row("result", key)
        if row is None:
            return None
        found = StoredResult.parse(key, self.folder / row["path"], row["facts"])
        if not all(self._seals.whole(p.path, p.sha256) for p in found.planes.values()):
            self._drop("result", key)
            return None
        return found

    def glance(self, key: str) -> StoredResult | None:
        """Return what `result` would unless a file is damaged; neither read nor counted as use."""
        query = "SELECT * FROM things WHERE kind = 'result' AND key = ?"
        for row in self._database.rows(query, (key,)):
            found = StoredResult.parse(key, self.folder / row["path"], row["facts"])
            if all(plane.path.is_file() for plane in found.planes.values()):
                return found
        return None

    def draft(self, key: str) -> Draft:
        """Return a place to write the files of the result ``key``."""
        return Draft(key, private_folder(self._tenancy.fresh()), self._place_result)

    @contextmanager
    def hold(self, kind: Kind, key: str) -> Iterator[None]:
        """Keep a frame or a result from being evicted while the block runs."""
        with self._database.write() as connection:
            if kind == "frame":
                row = _find(connection, kind, key)
                if row is not None and row["belongs"]:
                    kind, key = "result", row["belongs"]
            held = (self._tenancy.owner, kind, key)
            identity = connection.execute("INSERT INTO holds VALUES (?, ?, ?)", held).lastrowid
        try:
            yield
        finally:
            # On a full disk it stays held until the process ends: no reason to fail what is done.
            with suppress(NoRoom, DamagedStore), self._database.write() as connection:
                connection.execute("DELETE FROM holds WHERE rowid = ?", (identity,))

    def _place_frame(self, unfinished: Path, facts: Facts) -> Facts:
        path = Path("frames") / f"{facts.id}.fits"
        size = unfinished.stat().st_size
        with self._changing() as connection:
            if _find(connection, "frame", facts.id) is None:
                os.replace(unfinished, self.folder / path)
                self._insert(connection, "frame", facts.id, path, None, size, facts.dump())
                self._make_room(connection, "frame", facts.id)
        return facts

    def _place_result(
        self, folder: Path, result: StoredResult, signals: dict[str, Facts], size: int
    ) -> StoredResult:
        path = Path("results") / result.key
        with self._changing() as connection:
            if _find(connection, "result", result.key) is None:
                if (self.folder / path).exists():  # left by a process that died just here
                    os.replace(self.folder / path, self._tenancy.fresh(".trash"))
                os.replace(folder, self.folder / path)
                self._insert(connection, "result", result.key, path, None, size, result.dump())
                for name, facts in signals.items():
                    file = path / f"{name}.fits"
                    self._insert(connection, "frame", facts.id, file, result.key, 0, facts.dump())
                self._make_room(connection, "result", result.key)
            row = _find(connection, "result", result.key)
        assert row is not None
        return StoredResult.parse(result.key, self.folder / path, row["facts"])

    def _insert(
        self,
        connection: sqlite3.Connection,
        kind: Kind,
        key: str,
        path: Path,
        belongs: str | None,
        size: int,
        facts: str,
    ) -> None:
        values = (kind, key, path.as_posix(), belongs, size, self._clock(), facts)
        connection.execute("INSERT OR IGNORE INTO things VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def _row(self, kind: Kind, key: str) -> sqlite3.Row | None:
        """Return the index's line, now the last used if there is room to say so."""
        with suppress(NoRoom), self._database.write() as connection:
            row = _find(connection, kind, key)
            if row is not None:
                used: tuple[object, ...] = (self._clock(), kind, key)
                if row["belongs"]:
                    used = (self._clock(), "result", row["belongs"])
                connection.execute("UPDATE things SET used = ? WHERE kind = ? AND key = ?", used)
            return row
        known = self._database.rows(ONE, (kind, key))
        return known[0] if known else None

    def _drop(self, kind: Kind, key: str) -> None:
        with self._changing() as connection:
            row = _find(connection, kind, key)
            if row is not None:
                self._discard(connection, row)

    def _make_room(self, connection: sqlite3.Connection, kind: Kind, key: str) -> None:
        for row in make_room(connection, self._capacity, (kind, key)):
            self._discard(connection, row)

    def _discard(self, connection: sqlite3.Connection, row: sqlite3.Row) -> None:
        """Take a thing out of the index, its files out of sight; `_changing` removes them."""
        try:
            os.replace(self.folder / row["path"], self._tenancy.fresh(".trash"))
        except FileNotFoundError:
            pass
        except OSError:
            return  # open elsewhere, on a system that then refuses: it stays for now
        connection.execute(
            "DELETE FROM things WHERE (kind = ? AND key = ?) OR belongs = ?",
            (row["kind"], row["key"], row["key"]),
        )

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with naming_full_disk(), self._database.write() as connection:
            yield connection
        for trash in self._tenancy.folder.glob("*.trash"):
            remove(trash)

    def _drop_strays(self, connection: sqlite3.Connection) -> None:
        """Remove files that a crash left without a line in the index."""
        known = {row["path"] for row in connection.execute("SELECT path FROM things")}
        for path in (*self.folder.glob("frames/*"), *self.folder.glob("results/*")):
            if path.relative_to(self.folder).as_posix() not in known:
                remove(path)


def _find(connection: sqlite3.Connection, kind: str, key: str) -> sqlite3.Row | None:
    found: sqlite3.Row | None = connection.execute(ONE, (kind, key)).fetchone()
    return found
