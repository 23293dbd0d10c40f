"""Frames of any format, put one behind the other in a temporary file for reading across them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.errors import FileTrouble, UnsupportedFrame
from bridge.io.files import telling, temporary_folder
from bridge.io.samples import Samples
from bridge.io.source import read_recorded


@dataclass(frozen=True, slots=True)
class Spool:
    """Frames of one shape and kind, ready to be read in pieces.

    Parameters
    ----------
    path
        The temporary file.
    frames
        How many there are.
    shape
        (channels, height, width) of each.
    dtype
        Of its values, in ADU; NaN where a float is unknown.
    sample_format
        As recorded.
    full_scale
        What the first file says means 1.0, if it does.
    """

    path: Path
    frames: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    sample_format: str
    full_scale: float | None

    @property
    def samples(self) -> int:
        """Values of a frame."""
        return int(np.prod(self.shape))

    def read(self, part: slice, numbers: range) -> NDArray[Any]:
        """Return values ``part`` (start, stop) of the frames ``numbers``, (frames, values)."""
        out = np.empty((len(numbers), part.stop - part.start), self.dtype)
        with self.path.open("rb", buffering=0) as file:
            for row, number in zip(out, numbers, strict=True):
                file.seek((number * self.samples + part.start) * self.dtype.itemsize)
                if file.readinto(row.view(np.uint8)) != row.nbytes:
                    raise FileTrouble(f"{self.path} became shorter while it was read.")
        return out


@contextmanager
def spooled(
    paths: Sequence[Path],
    *,
    normalize: bool,
    tell: Callable[[float], None],
    read: Callable[[Path], Samples] = read_recorded,
) -> Iterator[Spool]:
    """Give the frames in the files ``paths``, each read once; the temporary file goes away after.

    Parameters
    ----------
    paths
        FITS, TIFF, XISF, PNG or JPEG files of one size and sample format.
    normalize
        Whether each frame is multiplied so that its median is the first one's: for skies that
        brighten.
    tell
        Called with the share that is done; may raise to stop.
    read
        Reads one file; may look at it and raise.

    Raises
    ------
    FileTrouble, UnreadableImage, UnsupportedFrame
        As `read_image`; also where a frame differs from the first in size or format, or the disk
        has no room.
    """
    with temporary_folder() as folder:
        path = folder / "frames"
        first: Spool | None = None
        level = 0.0
        with telling(path), path.open("xb") as file:
            for number, source in enumerate(paths):
                tell(number / len(paths))
                recorded = read(source)
                values = _values(recorded)
                if normalize:
                    middle = float(np.nanmedian(values))
                    level = level or middle
                    if not middle > 0:
                        raise UnsupportedFrame(f"{source.name} is dark; its level tells nothing.")
                    values = values.astype(np.float32) * np.float32(level / middle)
                if first is None:
                    first = Spool(
                        path, len(paths), values.shape, values.dtype, recorded.sample_format,
                        recorded.full_scale,
                    )  # fmt: skip
                    _check_room(folder, values.nbytes * len(paths))
                _check(source.name, values, recorded, first, paths[0].name)
                file.write(np.ascontiguousarray(values).data)
        assert first is not None
        yield first


def _values(recorded: Samples) -> NDArray[Any]:
    if recorded.blank is None:
        return recorded.values
    return np.where(recorded.blank, np.nan, recorded.values.astype(np.float64))


def _check(name: str, values: NDArray[Any], recorded: Samples, first: Spool, other: str) -> None:
    if values.shape != first.shape:
        sizes = [
            f"{s[2]} x {s[1]} {'RGB' if s[0] == 3 else 'gray'}" for s in (values.shape, first.shape)
        ]
        raise UnsupportedFrame(f"{name} is {sizes[0]}, {other} {sizes[1]}; frames must be alike.")
    if recorded.sample_format != first.sample_format or values.dtype != first.dtype:
        raise UnsupportedFrame(
            f"{name} holds {recorded.sample_format}, {other} {first.sample_format}; frames must be"
            " alike."
        )


def _check_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size:
        raise FileTrouble(
            f"{folder} needs {size / 1e9:.1f} GB for the frames;"
            f" the disk has {free / 1e9:.1f} GB left."
        )
