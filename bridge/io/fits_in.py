"""FITS bytes to samples."""

from __future__ import annotations

from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import UnsupportedFrame
from bridge.io.cards import Bytes, Slices, Unit, units
from bridge.io.fits_tiles import tiles_pixels
from bridge.io.samples import Samples, planes_shape

_UNSIGNED: Final = {8: 0.0, 16: 2.0**15, 32: 2.0**31}
"""BZERO by which each width of whole number is recorded without a sign."""


def image_unit(data: Slices, name: str, hdu: int | None = None) -> Unit:
    """Return the one unit of a FITS file that holds an image, or number ``hdu``, 0 the first.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
        In one sentence, for a broken file and for anything but exactly one image.
    """
    found = units(data, name)
    images = [unit for unit in found if unit.is_image]
    filled = [unit for unit in images if prod(unit.image_shape) > 0]
    places = ", ".join(str(found.index(unit)) for unit in filled)
    if hdu is not None:
        if hdu >= len(found) or found[hdu] not in filled:
            raise UnsupportedFrame(
                f"Unit {hdu} of {name} holds no image; these do: {places or 'none'}."
            )
        return found[hdu]
    if len(filled) > 1:
        raise UnsupportedFrame(
            f"{name} holds {len(filled)} images, in the units {places}; save the one you mean on "
            "its own, or name its unit with --hdu."
        )
    if filled:
        return filled[0]
    if images:
        planes_shape(images[0].image_shape, name)
    if any(unit.is_groups for unit in found):
        raise UnsupportedFrame(f"{name} holds random groups, no image.")
    if len(found) > 1:
        raise UnsupportedFrame(f"{name} holds tables only, no image.")
    raise UnsupportedFrame(f"{name} holds a header only, no image.")


def read_fits(data: Bytes, name: str, hdu: int | None = None) -> Samples:
    """Return the one image of a FITS file, or the one in unit ``hdu``, 0 the first.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    unit = image_unit(data, name, hdu)
    shape = planes_shape(unit.image_shape, name)
    raw = tiles_pixels(data, unit, name) if unit.is_compressed else stored(data, unit)
    return recorded(raw.reshape(shape), unit)


def recorded(raw: NDArray[Any], unit: Unit) -> Samples:
    """Return numbers as stored, (channels, rows, width), as what they mean; they are used up."""
    values, sample_format, blank = _scaled(raw, unit)
    full_scale = unit.values.get("FBFULL")
    if is_bottom_up(unit):
        values = values[:, ::-1]
        blank = None if blank is None else blank[:, ::-1]
    return Samples(
        np.ascontiguousarray(values),
        sample_format,
        blank,
        float(full_scale) if isinstance(full_scale, float | int) and full_scale > 0 else None,
    )


def is_bottom_up(unit: Unit) -> bool:
    """Return whether the unit's first row is the picture's lowest."""
    return str(unit.values.get("ROWORDER", "")).strip().upper() == "BOTTOM-UP"


def stored(data: Bytes, unit: Unit) -> NDArray[Any]:
    """Return a plain image's numbers as stored, without BZERO and BSCALE; native byte order.

    They lie in ``data`` itself if that may be written to.
    """
    dtype = stored_type(unit)
    raw = np.frombuffer(data, dtype, count=prod(unit.shape), offset=unit.data_start)
    if not raw.flags.writeable:
        return raw.astype(dtype.newbyteorder("="))
    if not dtype.isnative:
        raw.byteswap(inplace=True)
    return raw.view(dtype.newbyteorder("="))


def stored_type(unit: Unit) -> np.dtype[Any]:
    """Return of what type a plain image's numbers are stored."""
    kind = "f" if unit.bits < 0 else "u" if unit.bits == 8 else "i"
    return np.dtype(f">{kind}{abs(unit.bits) // 8}")


def scaling(unit: Unit) -> tuple[float, float]:
    """Return BZERO and BSCALE."""
    zero, scale = unit.values.get("BZERO", 0.0), unit.values.get("BSCALE", 1.0)
    return (
        float(zero) if isinstance(zero, int | float) else 0.0,
        float(scale) if isinstance(scale, int | float) else 1.0,
    )


def _scaled(raw: NDArray[Any], unit: Unit) -> tuple[NDArray[Any], str, NDArray[np.bool_] | None]:
    """Return the values meant, how they are recorded, and where nothing is known."""
    zero, scale = scaling(unit)
    sample_format = raw.dtype.name
    if raw.dtype.kind == "f":
        with np.errstate(all="ignore"):  # what overflows becomes infinite: not a value
            plain = (zero, scale) == (0.0, 1.0)
            return raw if plain else raw.astype(np.float64) * scale + zero, sample_format, None
    bits = raw.dtype.itemsize * 8
    mark = unit.values.get("ZBLANK" if unit.is_compressed else "BLANK", unit.values.get("BLANK"))
    blank = raw == mark if isinstance(mark, int) else None
    if scale == 1.0 and bits < 64:
        if zero == _UNSIGNED[bits] and bits > 8:
            unsigned = np.dtype(f"u{bits // 8}")
            values = raw.view(unsigned)
            values ^= unsigned.type(1 << (bits - 1))
            return values, unsigned.name, blank
        if zero == 0.0:
            return raw, sample_format, blank
    with np.errstate(all="ignore"):
        values = raw * np.float64(scale) + zero
    if blank is not None:
        values[blank] = np.nan
    return values, sample_format, None
