"""What a file records, before and after division by its full scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import frexp, log2
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import UnsupportedFrame
from bridge.frame import Flags, Frame, Notice, Plane, Planes

MAX_SAMPLES: Final = 2**29
"""More than this is refused before anything is allocated (the largest sensors have a third)."""

MOST_OTHERS: Final = 3
"""Channels beyond the colors, transparency and the like, that a file may have; left out."""

FULL_SCALES: Final = {
    "uint8": 255.0,
    "uint16": 65535.0,
    "int16": 32767.0,
    "uint32": 2.0**32 - 1,
    "int32": 2.0**31 - 1,
}
"""The ADU value that means 1.0, for whole numbers recorded as such."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """The values a file records, in ADU.

    Parameters
    ----------
    values
        (channels, height, width), row 0 at the top, native byte order. Of the dtype recorded;
        float64 where the file scales its numbers or holds 64-bit ones. NaN where a float is
        unknown.
    sample_format
        As recorded.
    blank
        True where a whole number stands for "unknown"; shape of ``values``. None where none does.
    full_scale
        The ADU value that means 1.0 where the file says so (FBFULL), for floats in [0, 1].
    notices
        What reading noticed.
    """

    values: NDArray[Any]
    sample_format: str
    blank: NDArray[np.bool_] | None = None
    full_scale: float | None = None
    notices: tuple[Notice, ...] = ()


def planes_shape(shape: tuple[int, ...], name: str) -> tuple[int, int, int]:
    """Return (channels, height, width) of an array of ``shape``.

    Raises
    ------
    UnsupportedFrame
        For anything but (H, W), (1, H, W) and (3, H, W), an empty axis, or too many samples.
    """
    size = " x ".join(str(axis) for axis in reversed(shape))
    if 0 in shape:
        raise UnsupportedFrame(f"{name} holds no pixels: it declares an image of {size}.")
    if len(shape) == 2:
        shape = (1, *shape)
    if len(shape) != 3 or shape[0] not in (1, 3):
        kind = f"{len(shape)}-dimensional" if len(shape) != 3 else f"of {shape[0]} planes"
        raise UnsupportedFrame(
            f"{name} is {kind} ({size}); only gray (one plane) and RGB (three) can be used."
        )
    if shape[0] * shape[1] * shape[2] > MAX_SAMPLES:
        raise UnsupportedFrame(f"{name} declares an image of {size}, too large to be read.")
    return shape[0], shape[1], shape[2]


def frame_of(samples: Samples, name: str) -> Frame:
    """Return the samples divided by their full scale; they are used up.

    Raises
    ------
    UnsupportedFrame
        If no pixel is finite, or values are too large for any brightness.
    """
    unknown = unknown_of(samples)
    divisor = divisor_for(samples, peak_of(samples, unknown), name)
    pixels, missing, negative = divided(samples, unknown, divisor)
    warnings = (*samples.notices, *notices_of(missing, negative, pixels.size, name))
    return Frame(pixels, samples.sample_format, told_scale(samples, divisor), warnings)


def unknown_of(samples: Samples) -> Flags | None:
    """Return where no value is known, shaped as the values; None where every one is."""
    values = samples.values
    if values.dtype.kind in "iu":
        return samples.blank
    with np.errstate(invalid="ignore"):
        ends = values.min(), values.max()
    return None if np.isfinite(ends).all() else ~np.isfinite(values)


def peak_of(samples: Samples, unknown: Flags | None) -> float:
    """Return the highest known value, at least 0."""
    known = True if unknown is None else ~unknown
    return float(np.max(samples.values, initial=0, where=known))


def divisor_for(samples: Samples, peak: float, name: str) -> float:
    """Return what to divide by: for floats the smallest power of two, at least 1, that holds all.

    Raises
    ------
    UnsupportedFrame
        If ``peak`` is too large for any brightness.
    """
    if samples.values.dtype.kind in "iu":
        return FULL_SCALES[samples.sample_format]
    fraction, exponent = frexp(peak)
    if exponent > 100:
        raise UnsupportedFrame(f"{name} holds values up to {peak:.3g}, which are no brightness.")
    return 2.0 ** max(0, exponent - 1 if fraction == 0.5 else exponent)


def divided(samples: Samples, unknown: Flags | None, divisor: float) -> tuple[Planes, int, int]:
    """Return the samples as pixels, which use them up; how many are unknown, how many below zero.

    Pixels are NaN where nothing is known, and 0 where they were below.
    """
    values = samples.values
    owned = values.dtype == np.float32 and values.flags.writeable
    if values.dtype.kind in "iu":
        pixels = _divide(values, divisor)
    else:
        with np.errstate(invalid="ignore", over="ignore"):  # signalling NaN, huge negatives
            if divisor != 1:
                exponent = int(log2(divisor))
                values = np.ldexp(values, -exponent, out=values if owned else None)
            pixels = values.astype(np.float32, copy=False)
    is_low = unknown is not None or bool(pixels.min() < 0)
    if pixels is samples.values:  # a file's bytes as they lie are copied only if need be
        pixels = pixels.view() if owned or not is_low else pixels.copy()
    missing = 0 if unknown is None else int(np.count_nonzero(unknown))
    if unknown is not None:
        pixels[unknown] = np.nan
    negative = 0
    if is_low:
        below = pixels < 0
        negative = int(np.count_nonzero(below))
        if negative:
            pixels[below] = 0
    return pixels, missing, negative


def told_scale(samples: Samples, divisor: float) -> float:
    """Return what 1.0 means: the divisor, but what a file of floats in [0, 1] says itself."""
    told = samples.full_scale
    return told if divisor == 1 and told is not None else divisor


def notices_of(missing: int, negative: int, size: int, name: str) -> list[Notice]:
    """Return what is to be said of ``size`` pixels; `UnsupportedFrame` if none is known."""
    if missing == size:
        raise UnsupportedFrame(f"{name} holds no finite pixel.")
    notices = []
    if missing:
        text = f"{_pixels(missing)} without a value took part in nothing."
        notices.append(Notice("not-finite", text, missing))
    if negative:
        text = f"{_pixels(negative)} below zero taken as zero."
        notices.append(Notice("negative", text, negative))
    return notices


def as_frame(
    values: NDArray[np.float32], sample_format: str, full_scale: float | None, name: str
) -> Frame:
    """Return ``values`` in ADU, made of frames of this format, as a frame.

    Parameters
    ----------
    values
        (channels, height, width) float32, used up; what is made of whole numbers need not be whole.
    sample_format
        Of the frames.
    full_scale
        What their file said means 1.0, if it did.
    name
        What to call the result.

    Raises
    ------
    UnsupportedFrame
        As `frame_of`.
    """
    if sample_format not in FULL_SCALES:
        return frame_of(Samples(values, sample_format, full_scale=full_scale), name)
    scale = FULL_SCALES[sample_format]
    shares = Samples(_divide(np.asarray(values), scale), "float32")
    return replace(frame_of(shares, name), sample_format=sample_format, full_scale=scale)


def mask_plane(frame: Frame, name: str) -> Plane:
    """Return a frame read from a file as a mask: as recorded, clamped to [0, 1].

    A float that overshoots 1 a little is not taken for another scale.

    Raises
    ------
    UnsupportedFrame
        For RGB, or floats far above 1.
    """
    check_mask(name, frame.channels, frame.sample_format, frame.full_scale)
    if frame.sample_format in FULL_SCALES:
        recorded: Plane = frame.pixels[0]
        return recorded
    mask: Plane = np.minimum(frame.pixels[0] * np.float32(frame.full_scale), np.float32(1))
    return mask


def check_mask(name: str, channels: int, sample_format: str, full_scale: float) -> None:
    """Raise `UnsupportedFrame` where these facts of a frame say that it is no mask."""
    if channels != 1:
        raise UnsupportedFrame(f"{name} is not a mask: it has {channels} planes, not one.")
    if sample_format not in FULL_SCALES and full_scale > 2:
        raise UnsupportedFrame(f"{name} is not a mask: its values must lie between 0 and 1.")


def _divide(values: NDArray[Any], full_scale: float) -> Planes:
    """Divide whole numbers: exactly rounded up to 16 bits, where float32 holds both sides."""
    pixels: Planes
    if values.dtype.itemsize <= 2 or values.dtype == np.float32:
        pixels = values.astype(np.float32)
        pixels /= np.float32(full_scale)
    else:
        pixels = (values / np.float64(full_scale)).astype(np.float32)
    return pixels


def _pixels(count: int) -> str:
    return f"{count} pixel{'s' if count != 1 else ''}"
