"""Whether a file still holds what its digest says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bridge.store.files import sha256_of

MOST: Final = 10_000
"""Files that are remembered; what was evicted from the store would stay for ever otherwise."""


class Seals:
    """Digests held against files; a file that has not been touched since is not read again."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, int, str]] = {}

    def whole(self, path: Path, sha256: str) -> bool:
        """Return whether the file is there and its bytes have this SHA-256."""
        try:
            status = path.stat()
            stamp = (status.st_size, status.st_mtime_ns, sha256)
            if self._seen.get(path) == stamp:
                return True
            if sha256_of(path) != sha256:
                self._seen.pop(path, None)
                return False
        except OSError:
            self._seen.pop(path, None)
            return False
        if len(self._seen) >= MOST:
            self._seen.clear()
        self._seen[path] = stamp
        return True
