"""Bytes from a path or from memory, and what format they are in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

import numpy as np

from bridge.errors import FileTrouble, UnreadableImage, UnsupportedFrame
from bridge.frame import Frame, Plane
from bridge.io.cards import MAGIC as FITS_MAGIC
from bridge.io.fits_in import read_fits
from bridge.io.pictures import is_picture, read_picture
from bridge.io.samples import Samples, frame_of, mask_plane
from bridge.io.tiff_in import TIFF_MAGICS, read_tiff
from bridge.io.xisf_header import XISF_MAGIC
from bridge.io.xisf_in import read_xisf

_KNOWN_OTHERS: Final = (
    (b"LUCAM-RECORDER", "a SER video"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"\x1f\x9d", "packed with compress"),
    (b"PK\x03\x04", "a ZIP archive"),
)


def read_image(source: Path | bytes, *, name: str | None = None, hdu: int | None = None) -> Frame:
    """Return the one image of a FITS, TIFF, XISF, PNG or JPEG file, told by its content.

    Parameters
    ----------
    source
        A path, or a whole file's bytes.
    name
        What to call the source in messages; a path's own name by default.
    hdu
        Which unit of a FITS file, 0 the first; the one that holds an image by default.

    Returns
    -------
    Frame
        Row 0 at the top; NaN where the file holds no finite value.

    Raises
    ------
    FileTrouble
        For a path that is missing, no file, or not readable.
    UnreadableImage, UnsupportedFrame
        For content that is no image, broken, or of a kind that cannot be used.
    """
    name = name or (source.name if isinstance(source, Path) else "The image")
    if isinstance(source, Path) and begins_as_fits(source):
        # 100 MB once, not twice: new memory costs more time than all that is done to it.
        return frame_of(read_fits(_room_with(source), name, hdu), name)
    # The file's bytes have no name here: they are gone once their samples are there.
    recorded = read_samples(read_bytes(source) if isinstance(source, Path) else source, name, hdu)
    return frame_of(recorded, name)


def read_recorded(path: Path, hdu: int | None = None) -> Samples:
    """Return what the image file at ``path`` records; ``hdu`` and errors as `read_image`."""
    return read_samples(read_bytes(path), path.name, hdu)


def read_mask(path: Path) -> Plane:
    """Return the image at ``path`` as a mask, (height, width) in [0, 1]; errors as `read_image`."""
    return mask_plane(read_image(path), path.name)


def read_samples(data: bytes, name: str, hdu: int | None = None) -> Samples:
    """Return what the bytes of an image file record; errors as `read_image`."""
    if not data:
        raise UnreadableImage(f"{name} is empty.")
    if is_fits(data):
        return read_fits(data, name, hdu)
    if hdu is not None:
        raise UnsupportedFrame(f"{name} is no FITS file and has no units to choose from.")
    if is_tiff(data):
        return read_tiff(data, name)
    if is_picture(data):
        return read_picture(data, name)
    if is_xisf(data):
        return read_xisf(data, name)
    for magic, what in _KNOWN_OTHERS:
        if data.startswith(magic):
            raise UnsupportedFrame(
                f"{name} is {what}; only FITS, TIFF, XISF, PNG and JPEG images can be read."
            )
    raise UnreadableImage(f"{name} is no FITS, TIFF, XISF, PNG or JPEG image.")


def is_fits(data: bytes) -> bool:
    """Return whether the bytes begin as a FITS file does."""
    return data.startswith(FITS_MAGIC)


def is_tiff(data: bytes) -> bool:
    """Return whether the bytes begin as a TIFF file does."""
    return data.startswith(TIFF_MAGICS)


def is_xisf(data: bytes) -> bool:
    """Return whether the bytes begin as an XISF file does."""
    return data.startswith(XISF_MAGIC)


def begins_as_image(path: Path) -> bool:
    """Return whether there is a file that begins as FITS, TIFF or XISF; False if not readable."""
    start = _start(path)
    return is_fits(start) or is_tiff(start) or is_xisf(start)


def begins_as_fits(path: Path) -> bool:
    """Return whether there is a file that begins as FITS; False if not readable."""
    return is_fits(_start(path))


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    FileTrouble
        For a path that is missing, a folder, no regular file, or not readable.
    """
    with opened(path) as file:
        return file.readall()


def _room_with(path: Path) -> memoryview:
    """Return a file's bytes in memory that may be written to; errors as `read_bytes`."""
    with opened(path) as file:
        room = np.empty(os.fstat(file.fileno()).st_size, np.uint8).data
        filled = 0
        while count := file.readinto(room[filled:]):
            filled += count
        return room[:filled]


@contextmanager
def opened(path: Path) -> Iterator[FileIO]:
    """Open a file for reading; errors as `read_bytes`, also for what is read in the block."""
    if path.is_dir():
        raise FileTrouble(f"{path} is a folder, not an image.")
    if not path.exists():
        raise FileTrouble(f"{path} does not exist.")
    if not path.is_file():
        raise FileTrouble(f"{path} is not a file.")
    try:
        with path.open("rb", buffering=0) as file:
            yield file
    except OSError as trouble:
        raise FileTrouble(f"{path} cannot be read: {trouble.strerror or trouble}.") from trouble


def _start(path: Path) -> bytes:
    """Return a file's first bytes; none if it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            return file.read(16)
    except OSError:
        return b""
