"""A disk that is full from one moment on: the n-th time that anything needs room, and after."""

import contextlib
import errno
import io
import os
import tempfile
from pathlib import Path

import pytest


class FullDisk:
    """Lets ``left`` more pieces of room be taken beneath ``root``, then none.

    Room is taken by a new file, a new folder, by written bytes as they reach the system (half of
    them still fit when it runs out, as on a real disk), and by what waits to be brought to it.
    """

    def __init__(self, root, left):
        self.root = Path(root).resolve()
        self.left = left
        self.met = False
        """Whether anything was refused."""

    def take(self, path):
        if (
            not isinstance(path, int)
            and self.root not in Path(os.fsdecode(path)).absolute().parents
        ):
            return
        self.left -= 1
        if self.left < 0:
            self.met = True
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def full_disk(root, left):
    """Give the `FullDisk` that holds while the block runs; for every thread of this process."""
    disk = FullDisk(root, left)
    real = {"open": io.open, "os_open": os.open, "mkdir": os.mkdir, "fsync": os.fsync}

    class Raw(io.FileIO):
        def write(self, data):
            try:
                disk.take(self.name)
            except OSError:
                if disk.left == -1:
                    super().write(bytes(data)[: len(data) // 2])
                raise
            return super().write(data)

    def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, **more):
        if not set(mode) & set("wxa+"):
            return real["open"](file, mode, buffering, encoding, errors, newline, **more)
        if not isinstance(file, int):
            disk.take(file)
        raw = Raw(file, mode.replace("b", "").replace("t", ""))
        if buffering == 0:
            return raw
        whole = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return whole if "b" in mode else io.TextIOWrapper(whole, encoding, errors, newline)

    def os_open(path, flags, *rest, **more):
        if flags & os.O_CREAT and not os.path.exists(path):
            disk.take(path)
        return real["os_open"](path, flags, *rest, **more)

    def mkdir(path, *rest, **more):
        if not os.path.exists(path):
            disk.take(path)
        return real["mkdir"](path, *rest, **more)

    def fsync(descriptor):
        disk.take(descriptor)
        return real["fsync"](descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(io, "open", opened)
        patch.setattr(os, "open", os_open)
        patch.setattr(os, "mkdir", mkdir)
        patch.setattr(os, "fsync", fsync)
        patch.setattr(tempfile, "tempdir", str(disk.root))
        yield disk
