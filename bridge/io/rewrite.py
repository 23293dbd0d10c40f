"""A frame taken from its file and given back in the same form: format, samples, rows, keywords."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.io.cards import Value
from bridge.io.fits_rewrite import fits_history, fits_stamps, rewrite_fits
from bridge.io.pictures import is_picture
from bridge.io.samples import FULL_SCALES, Samples
from bridge.io.source import is_fits, is_xisf, read_bytes, read_samples
from bridge.io.tiff_rewrite import rewrite_tiff, tiff_history, tiff_stamps
from bridge.io.xisf_rewrite import rewrite_xisf, xisf_history, xisf_stamps


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a file records, and the way back into a file.

    Parameters
    ----------
    samples
        What it records; the values are read-only.
    ceiling
        The largest value the file's samples can record; None if there is no knowing.
    stamps
        The digests of the corrections applied already.
    plane
        Which of FlatBridge's own planes the file says it is, such as ``mask``; "" for others.
    keywords
        The FITS keywords with their values; none for TIFF.
    history
        What programs wrote of what they did, line by line.
    """

    samples: Samples
    ceiling: float | None
    stamps: tuple[str, ...]
    plane: str
    keywords: Mapping[str, Value]
    history: str
    _encode: Callable[[NDArray[Any], str, str], bytes]

    @property
    def values(self) -> NDArray[Any]:
        """(channels, height, width) in ADU, row 0 at the top; read-only."""
        return self.samples.values

    def encode(self, values: NDArray[Any], *, digest: str, history: str) -> bytes:
        """Return the file with ``values`` in place of its own, stamped with the digest.

        Values of whole numbers that stand for "unknown" stay as they were.
        """
        return self._encode(values, digest, history)


@dataclass(frozen=True, slots=True)
class _Form:
    """How a format tells of its past, and how it takes other pixels."""

    rewrite: Callable[[bytes, str, NDArray[Any], str, str], bytes]
    stamps: Callable[[bytes, str], tuple[str, ...]]
    history: Callable[[bytes, str], tuple[Mapping[str, Value], str]]


def _fits(hdu: int | None) -> _Form:
    return _Form(
        partial(rewrite_fits, hdu=hdu),
        partial(fits_stamps, hdu=hdu),
        partial(fits_history, hdu=hdu),
    )


_TIFF: Final = _Form(rewrite_tiff, tiff_stamps, tiff_history)
_XISF: Final = _Form(rewrite_xisf, xisf_stamps, xisf_history)


def read_recording(path: Path, hdu: int | None = None) -> Recording:
    """Return the frame in a FITS, TIFF or XISF file; ``hdu`` as for `read_image`.

    Raises
    ------
    FileTrouble, UnreadableImage, UnsupportedFrame
        As `read_image`; also for 64-bit whole numbers.
    """
    data = read_bytes(path)
    if is_picture(data):
        raise UnsupportedFrame(
            f"{path.name} is a picture; only FITS, TIFF, XISF and SER are corrected."
        )
    samples = read_samples(data, path.name, hdu)
    if samples.sample_format == "int64":
        raise UnsupportedFrame(f"{path.name} holds 64-bit whole numbers; save it as 32-bit floats.")
    form = _fits(hdu) if is_fits(data) else _XISF if is_xisf(data) else _TIFF

    def encode(values: NDArray[Any], digest: str, history: str) -> bytes:
        kept = values if samples.blank is None else np.where(samples.blank, samples.values, values)
        return form.rewrite(data, path.name, kept, digest, history)

    samples.values.setflags(write=False)
    ceiling = _ceiling(samples, path.name)
    keywords, history = form.history(data, path.name)
    plane = str(keywords.get("FBPLANE", ""))
    stamps = form.stamps(data, path.name)
    return Recording(samples, ceiling, stamps, plane, keywords, history, encode)


def _ceiling(samples: Samples, name: str) -> float | None:
    values = samples.values
    if values.dtype.kind in "iu":
        return FULL_SCALES[samples.sample_format]
    finite = np.isfinite(values)
    if not finite.any():
        raise UnreadableImage(f"{name} holds no finite pixel.")
    return 1.0 if np.max(values, where=finite, initial=0) <= 1 else None
