"""SER videos written frame by frame, with the header and what follows the frames kept."""

from __future__ import annotations

import os
import secrets
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from bridge.errors import FileTrouble
from bridge.io.files import check_free, make_folder
from bridge.io.ser import SerVideo
from bridge.io.ser_header import HEADER_BYTES

_MARK = struct.Struct("<i")
_MARK_AT = 14  # LuID, which nothing uses
_DEPTH_AT, _COUNT_AT = 34, 38


def mark_of(stamp: str) -> int:
    """Return what a video that carries ``stamp`` has as its LuID; never 0."""
    return zlib.crc32(stamp.encode("ascii")) & 0x7FFFFFFF or 1


def read_mark(path: Path) -> int:
    """Return the LuID of the video at ``path``; 0 where there is none."""
    try:
        with path.open("rb") as file:
            start = file.read(HEADER_BYTES)
    except OSError:
        return 0
    found: int = _MARK.unpack_from(start, _MARK_AT)[0] if len(start) == HEADER_BYTES else 0
    return found


@contextmanager
def writing(
    video: SerVideo, target: Path, *, mark: int, depth: int, force: bool
) -> Iterator[SerWriter]:
    """Give a writer of a video like ``video``; the file appears when the block ends well.

    Parameters
    ----------
    video
        Its header, byte order and time stamps are kept.
    target
        The file to write.
    mark
        Its LuID, which tells of the correction; 0 for none.
    depth
        Bits of a sample in the new file.
    force
        Whether an existing file may be replaced.

    Raises
    ------
    FileTrouble
        If the file is in the way, the disk has no room for it, or it cannot be written.
    """
    check_free([target], force=force, inputs=[video.path])
    make_folder(target.parent)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    size = HEADER_BYTES + video.frames * video.samples * (1 if depth <= 8 else 2)
    try:
        free = shutil.disk_usage(target.parent).free
        if free < size:
            raise FileTrouble(
                f"{target} needs {size / 1e9:.1f} GB; the disk has {free / 1e9:.1f} GB left."
            )
        with temporary.open("xb") as file:
            writer = SerWriter(video, file, depth)
            writer.begin(mark)
            yield writer
            writer.end()
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise FileTrouble(f"{target} cannot be written: {reason}.") from trouble
    finally:
        temporary.unlink(missing_ok=True)


class SerWriter:
    """Writes the frames of one video in their order."""

    def __init__(self, video: SerVideo, file: IO[bytes], depth: int) -> None:
        self._video, self._file, self._depth = video, file, depth
        self.dtype = np.dtype("u1" if depth <= 8 else ">u2" if video.swapped else "<u2")
        """Type of the samples in the file."""

    def begin(self, mark: int) -> None:
        """Write the header."""
        with self._video.path.open("rb") as source:
            header = bytearray(source.read(HEADER_BYTES))
        _MARK.pack_into(header, _MARK_AT, mark)
        _MARK.pack_into(header, _DEPTH_AT, self._depth)
        _MARK.pack_into(header, _COUNT_AT, self._video.frames)
        self._file.write(header)

    def add(self, frames: NDArray[Any]) -> None:
        """Write (frames, samples) in the file's own order of samples."""
        self._file.write(np.ascontiguousarray(frames, self.dtype).data)

    def end(self) -> None:
        """Write the time stamps, if the source has them all."""
        video = self._video
        with video.path.open("rb") as source:
            source.seek(HEADER_BYTES + video.frames * video.header.frame_bytes)
            stamps = source.read(8 * video.frames)
        if len(stamps) == 8 * video.frames:
            self._file.write(stamps)
