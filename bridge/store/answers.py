"""Answers that were paid for: kept until the user removes them, whatever becomes of the process."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from bridge.store.files import naming_full_disk, private_folder, remove

DIGEST = 64
"""Letters of the SHA-256 with which a file begins."""


class Answers:
    """One file for each answer in ``folder``: its SHA-256, a line end, and the answer's bytes.

    There is no index: a file that is there counts, so that a crash right after an answer came
    costs nothing. Two processes may keep the same answer; the last one's file stays.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = private_folder(folder)

    def read(self, key: str) -> bytes | None:
        """Return the answer kept under ``key``, or None if there is none, or it is damaged."""
        path = self._folder / key
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        digest, data = content[:DIGEST], content[DIGEST + 1 :]
        if hashlib.sha256(data).hexdigest().encode() == digest:
            return data
        remove(path)
        return None

    def keep(self, key: str, data: bytes, unfinished: Path) -> None:
        """Keep an answer, written to ``unfinished`` first; raise `NoRoom` if the disk is full."""
        digest = hashlib.sha256(data).hexdigest().encode()
        try:
            with naming_full_disk():
                with unfinished.open("wb") as stream:
                    stream.write(digest + b"\n" + data)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(unfinished, self._folder / key)
        finally:
            remove(unfinished)
