"""Files written whole or not at all, and what is said when the disk is full."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bridge.errors import FileTrouble
from bridge.store.errors import NoRoom

BLOCK: Final = 1 << 20
FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextmanager
def naming_full_disk() -> Iterator[None]:
    """Turn the system's complaint about a full disk into `NoRoom`."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno not in FULL:
            raise
        raise NoRoom(
            "The disk with FlatBridge's state folder is full; make room, or set store_bytes lower."
        ) from None


def private_folder(path: Path) -> Path:
    """Make the folder ``path``, and its parents, for its owner alone; return it.

    Raises
    ------
    NoRoom
        If the disk is full.
    FileTrouble
        If there can be no such folder for another reason.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix":
            path.chmod(0o700)
    except OSError as trouble:
        if trouble.errno in FULL:
            raise NoRoom(f"The disk with {path} is full; make room there.") from None
        raise FileTrouble(
            f"The folder {path} cannot be made or used: {trouble.strerror or trouble}; "
            "FLATBRIDGE_HOME can name another state folder."
        ) from None
    return path


def write_private(path: Path, text: str) -> None:
    """Put ``text`` into ``path``, readable by its owner alone, in one step."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove a file or a folder with all it holds; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return
