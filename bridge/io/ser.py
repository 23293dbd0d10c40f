"""SER videos: uncompressed frames behind a header of 178 bytes."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BadOption, FileTrouble, UnreadableImage
from bridge.frame import Notice
from bridge.io.ser_header import HEADER_BYTES, MAGIC, SerHeader, read_header

STAMP_BYTES: Final = 8

BYTE_ORDERS: Final = ("auto", "little", "big")

_LOOKED_AT: Final = 1 << 20  # bytes that settle the byte order


@dataclass(frozen=True, slots=True)
class SerVideo:
    """A video whose header and size agree, as far as whole frames go.

    Parameters
    ----------
    path
        The file.
    header
        As recorded.
    frames
        How many whole frames there are.
    swapped
        Whether samples of two bytes are big-endian.
    notices
        What reading noticed.
    stamp
        Device, number, size and time of the file: another file, or another content, has another.
    """

    path: Path
    header: SerHeader
    frames: int
    swapped: bool
    notices: tuple[Notice, ...]
    stamp: tuple[int, ...] = ()

    @property
    def samples(self) -> int:
        """Samples of a frame, all channels."""
        return self.header.width * self.header.height * self.header.channels

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a sample in the file."""
        return np.dtype("u1" if self.header.sample_bytes == 1 else ">u2" if self.swapped else "<u2")

    def read(self, part: slice, numbers: range) -> NDArray[Any]:
        """Return samples ``part`` (start, stop) of the frames ``numbers``, (frames, samples).

        Samples lie as in the file: row by row, the channels of a pixel together. May be called
        from several threads at once.

        Raises
        ------
        FileTrouble
            If the file went away or became shorter.
        """
        size = self.dtype.itemsize
        out = np.empty((len(numbers), part.stop - part.start), self.dtype)
        try:
            with self.path.open("rb", buffering=0) as file:
                for row, number in zip(out, numbers, strict=True):
                    file.seek(HEADER_BYTES + number * self.header.frame_bytes + part.start * size)
                    if file.readinto(row.view(np.uint8)) != row.nbytes:
                        raise FileTrouble(f"{self.path} became shorter while it was read.")
        except OSError as trouble:
            reason = trouble.strerror or str(trouble)
            raise FileTrouble(f"{self.path} cannot be read: {reason}.") from trouble
        return out

    def planes(self, samples: NDArray[Any]) -> NDArray[Any]:
        """Return the samples of one frame as (channels, height, width); red comes first."""
        header = self.header
        pixels = samples.reshape(header.height, header.width, header.channels)
        if header.color == "BGR":
            pixels = pixels[:, :, ::-1]
        return np.ascontiguousarray(np.moveaxis(pixels, 2, 0))


def is_ser(path: Path) -> bool:
    """Return whether ``path`` is a regular file that begins as a SER video does."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def open_ser(path: Path, byte_order: str = "auto") -> SerVideo:
    """Return the video in a file; only its header, its size and a sample are looked at.

    Parameters
    ----------
    path
        A regular file.
    byte_order
        ``little`` or ``big`` for samples of two bytes. ``auto`` takes what recording software
        writes (a field LittleEndian of 0 means little-endian, against the specification) unless
        the samples themselves speak for the other.

    Raises
    ------
    FileTrouble
        If it is missing, not a regular file, or not readable.
    UnreadableImage, UnsupportedFrame
        If it is no SER video, its header makes no sense, or it holds no whole frame.
    BadOption
        For an unknown byte order.
    """
    if byte_order not in BYTE_ORDERS:
        raise BadOption(f"The byte order must be one of {', '.join(BYTE_ORDERS)}.")
    try:
        # Asked of what was opened, so that it cannot become a pipe or a device in between.
        with open(path, "rb", opener=_at_once) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FileTrouble(f"{path} is not a file.")
            start = file.read(HEADER_BYTES + _LOOKED_AT)
            size = status.st_size
    except FileNotFoundError:
        raise FileTrouble(f"{path} does not exist.") from None
    except OSError as trouble:
        raise FileTrouble(f"{path} cannot be read: {trouble.strerror or trouble}.") from trouble
    header = read_header(start, path.name)
    frames, notices = _frames(header, size, path.name)
    swapped = header.flag != 0
    if byte_order != "auto":
        swapped = byte_order == "big"
    elif header.sample_bytes == 2 and _speaks_against(start[HEADER_BYTES:], header, swapped):
        swapped = not swapped
        text = "The samples are in the other byte order than the header makes most programs expect."
        notices.append(Notice("byte-order", text))
    stamp = (status.st_dev, status.st_ino, size, status.st_mtime_ns)
    return SerVideo(path, header, frames, swapped, tuple(notices), stamp)


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever is at the other end of a named pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _frames(header: SerHeader, size: int, name: str) -> tuple[int, list[Notice]]:
    """Return how many whole frames a file of ``size`` bytes holds; time stamps may follow them."""
    rest = size - HEADER_BYTES
    whole = rest // header.frame_bytes
    if whole == 0:
        what = f"{header.width} x {header.height}"
        raise UnreadableImage(f"{name} holds no whole frame of the {what} that it declares.")
    counted = header.frames
    after = rest - counted * header.frame_bytes
    if 0 < counted <= whole and after < max(header.frame_bytes, STAMP_BYTES * counted + 1):
        return counted, []
    stamped = header.frame_bytes + STAMP_BYTES
    frames = rest // stamped if rest % stamped == 0 and rest % header.frame_bytes else whole
    text = f"The header counts {counted} frames; the file holds {frames}, which are used."
    if frames * header.frame_bytes < rest and rest % stamped:
        text += " The last one is cut short and left out."
    return frames, [Notice("frame-count", text, frames)]


def _speaks_against(data: bytes, header: SerHeader, swapped: bool) -> bool:
    """Tell whether the samples make more sense in the other byte order.

    Neighbours are alike in the right one; in the wrong one the noise is on top.
    """
    line = header.width * header.channels
    count = min(len(data) // 2, line * header.height)
    rough = []
    for order in (">u2", "<u2") if swapped else ("<u2", ">u2"):
        values = np.frombuffer(data, order, count).astype(np.float64)
        if values.size <= header.channels:
            return False
        steps = np.abs(values[header.channels :] - values[: -header.channels])
        rough.append((float(values.max()) > header.full_scale, float(steps.mean())))
    (beyond, steps_as_said), (other_beyond, steps_other) = rough
    if beyond != other_beyond:
        return beyond
    return steps_as_said > 2 * steps_other
