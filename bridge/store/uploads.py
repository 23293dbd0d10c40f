"""Images that arrive in pieces: each is checked, appended and counted."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bridge.store.errors import (
    BadUpload,
    DigestMismatch,
    NotFound,
    TooManyUploads,
    WrongOffset,
)
from bridge.store.facts import Facts
from bridge.store.files import naming_full_disk, remove
from bridge.store.store import Store

STALE: Final = 600.0
"""Seconds without a piece after which an upload is dropped."""

IDLE: Final = 30.0
"""Seconds without a piece after which an upload has to go if another needs its place."""

AT_ONCE: Final = 8
"""How many uploads may be unfinished."""


@dataclass(slots=True)
class _Upload:
    path: Path
    size: int
    sha256: str | None
    touched: float
    offset: int = 0
    frame: Facts | None = None
    hasher: hashlib._Hash = field(default_factory=hashlib.sha256)
    turn: threading.Lock = field(default_factory=threading.Lock)


class Uploads:
    """The uploads under way; every method may be called from any thread.

    Parameters
    ----------
    store
        Where complete images go.
    capacity
        How many bytes may be announced at once, in all.
    clock
        Seconds, for staleness.
    """

    def __init__(
        self, store: Store, capacity: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._capacity = capacity
        self._clock = clock
        self._mutex = threading.Lock()
        self._uploads: dict[str, _Upload] = {}

    def begin(self, size: int, sha256: str | None) -> str:
        """Announce ``size`` bytes; return the upload's id.

        Raises
        ------
        TooManyUploads
            With ``retry_after_ms``.
        """
        with self._mutex:
            self._drop_idle(STALE)
            while self._full(size) and self._drop_idle(IDLE, most=1):
                pass
            if self._full(size):
                raise TooManyUploads(
                    "Too many images are on their way already; finish one, or wait.",
                    retry_after_ms=5000,
                )
            identity = secrets.token_hex(16)
            path = self._store.scratch()
            self._uploads[identity] = _Upload(path, size, sha256, self._clock())
        return identity

    def append(self, identity: str, offset: int, data: bytes) -> tuple[int, Facts | None]:
        """Take the next bytes; return the new offset, and the frame once all bytes are there.

        A complete upload gives its frame again for a while: the first answer may have been lost.

        Raises
        ------
        NotFound, WrongOffset, BadUpload
            The upload goes on as before.
        DigestMismatch, UnreadableImage, UnsupportedFrame, NoRoom
            The upload is dropped.
        """
        upload = self._find(identity)
        with upload.turn:
            self._find(identity)
            if upload.frame is not None:
                return upload.offset, upload.frame
            if offset != upload.offset:
                raise WrongOffset(
                    f"The next byte is number {upload.offset}, not {offset}.", offset=upload.offset
                )
            if upload.offset + len(data) > upload.size:
                raise BadUpload(f"These bytes go beyond the {upload.size} that were announced.")
            try:
                with naming_full_disk(), upload.path.open("ab") as stream:
                    stream.write(data)
                upload.hasher.update(data)
                upload.offset += len(data)
                upload.touched = self._clock()
                if upload.offset < upload.size:
                    return upload.offset, None
                upload.frame = self._complete(upload)
            except BaseException:
                self._drop(identity)
                raise
            return upload.offset, upload.frame

    def _complete(self, upload: _Upload) -> Facts:
        digest = upload.hasher.hexdigest()
        if upload.sha256 not in (None, digest):
            raise DigestMismatch(
                f"The bytes that arrived have the SHA-256 {digest}, not the one announced; "
                "send the image again."
            )
        return self._store.add_frame(upload.path, digest)

    def _full(self, more: int) -> bool:
        sizes = [one.size for one in self._uploads.values() if one.frame is None]
        return len(sizes) >= AT_ONCE or sum(sizes) + more > self._capacity

    def _find(self, identity: str) -> _Upload:
        with self._mutex:
            self._drop_idle(STALE)
            if identity not in self._uploads:
                raise NotFound("No upload under way has this id.")
            return self._uploads[identity]

    def _drop(self, identity: str) -> None:
        with self._mutex:
            upload = self._uploads.pop(identity, None)
        if upload is not None:
            remove(upload.path)

    def _drop_idle(self, age: float, most: int | None = None) -> bool:
        """Drop what is idle for longer than ``age``, the longest first; return whether any was."""
        now = self._clock()
        idle = [
            (upload.touched, identity)
            for identity, upload in self._uploads.items()
            if now - upload.touched > age and not upload.turn.locked()
        ]
        for _, identity in sorted(idle)[:most]:
            remove(self._uploads.pop(identity).path)
        return bool(idle)
