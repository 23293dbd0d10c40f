"""Each process's own place in the store: its unfinished files, and what it holds on to.

A process that dies leaves both behind. Its lock goes with it, though, so that the next one to come
knows, and cleans up.
"""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

from bridge.store.files import private_folder, remove
from bridge.store.lock import FileLock


class Tenancy:
    """A folder for unfinished files, and a name under which things are held.

    Make and leave it inside a write transaction of the store: that keeps two processes apart.
    """

    def __init__(self, root: Path, connection: sqlite3.Connection) -> None:
        self._root = private_folder(root)
        self._sweep(connection)
        self.owner = secrets.token_hex(8)
        self._lock = FileLock(self._root / f"{self.owner}.lock")
        if not self._lock.acquire():
            raise OSError(f"{self._lock.path} cannot be locked")
        self.folder = private_folder(self._root / self.owner)

    def fresh(self, suffix: str = "") -> Path:
        """Return a path in the folder that nothing uses."""
        return self.folder / (secrets.token_hex(8) + suffix)

    def leave(self, connection: sqlite3.Connection) -> None:
        """Remove the unfinished files, let go of everything held."""
        self._forget(self.owner, connection)
        self._lock.release()
        remove(self._lock.path)

    def _sweep(self, connection: sqlite3.Connection) -> None:
        alive = set()
        for path in self._root.glob("*.lock"):
            lock = FileLock(path)
            if lock.acquire():
                lock.release()
                remove(path)
            else:
                alive.add(path.stem)
        for path in self._root.iterdir():
            if path.stem not in alive:
                remove(path)
        for (owner,) in connection.execute("SELECT DISTINCT owner FROM holds").fetchall():
            if owner not in alive:
                self._forget(owner, connection)

    def _forget(self, owner: str, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM holds WHERE owner = ?", (owner,))
        remove(self._root / owner)
