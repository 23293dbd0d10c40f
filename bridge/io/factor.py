"""The correction factor as a FITS file holds it: within [0, 1], divided by a power of two."""

from __future__ import annotations

from dataclasses import dataclass
from math import frexp
from pathlib import Path

import numpy as np

from bridge.errors import UnsupportedFrame
from bridge.frame import Frame, Planes
from bridge.io.cards import Value
from bridge.io.fits_in import image_unit, read_fits
from bridge.io.source import is_fits, read_bytes


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A correction read back.

    Parameters
    ----------
    planes
        (channels, height, width) float32, finite, above 0: the true factor.
    cards
        The file's keywords.
    """

    planes: Planes
    cards: dict[str, Value]

    @property
    def digest(self) -> str:
        """SHA-256 of the factor's shape and pixels, as `Frame.digest` counts it."""
        return Frame(self.planes).digest


def encode_correction(correction: Planes) -> tuple[Planes, float]:
    """Return the correction divided by the smallest power of two, at least 1, that holds it.

    Parameters
    ----------
    correction
        Any shape, float32, finite, not negative.

    Returns
    -------
    pixels, scale
        Pixels in [0, 1]; ``pixels * float32(scale)`` is the correction, bit for bit (but for values
        under 1e-30).
    """
    fraction, exponent = frexp(float(correction.max()))
    exponent = max(0, exponent - 1 if fraction == 0.5 else exponent)
    return np.ldexp(correction, -exponent) if exponent else correction, 2.0**exponent


def read_correction(path: Path) -> Factor:
    """Return the factor of a correction.fits.

    Raises
    ------
    FileTrouble, UnreadableImage
        If the file is missing or broken.
    UnsupportedFrame
        If it is no correction: not FITS, no FBSCALE, or values that are no factor.
    """
    name = path.name
    data = read_bytes(path)
    if not is_fits(data):
        raise UnsupportedFrame(f"{name} is not a correction: it is not a FITS image.")
    cards = image_unit(data, name).values
    scale = cards.get("FBSCALE")
    if isinstance(scale, bool) or not isinstance(scale, int | float):
        raise UnsupportedFrame(f"{name} is not a correction: it has no FBSCALE keyword.")
    samples = read_fits(data, name).values
    planes: Planes = samples.astype(np.float32) * np.float32(scale)
    if not (np.isfinite(planes).all() and planes.min() > 0):
        raise UnsupportedFrame(f"{name} is not a correction: a factor must be above 0 everywhere.")
    return Factor(planes, cards)
