"""Diffraction of light by focused specks of dust."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import shift

from tests.synthetic import Array

H_ALPHA = 0.6563
"""Wavelength in um."""

FINE = 4
"""Samples of the diffraction pattern per pixel and axis."""

SIDE = 160
"""Side of a speck's patch, in px; a pattern has faded before its end."""


def speck(rng: np.random.Generator, *, pitch: float = 3.45) -> Array:
    """Return the transmission of one speck in focus, (SIDE, SIDE), about 1 at its border.

    An opaque particle of irregular outline, 4 to 14 um in radius, 0.5 to 1.5 mm before a sensor
    with pixels of ``pitch`` um, lit by a beam of f/25 to f/40 with a central obstruction. The
    field behind it is propagated by Fresnel's transfer function (Goodman, Introduction to Fourier
    Optics, section 4.2); every point of the pupil lights the sensor from its own direction, which
    convolves the pattern with the pupil's own shape, distance / f-number wide.
    """
    step = pitch / FINE
    count = SIDE * FINE
    axis = (np.arange(count) - count / 2) * step
    x, y = np.meshgrid(axis, axis)
    distance = rng.uniform(500, 1500)
    width = distance / rng.uniform(25, 40)
    angle = np.arctan2(y, x)
    outline = np.ones_like(x)
    for order in range(2, 6):
        outline += rng.normal(0, 0.25 / order) * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    radius = np.exp(rng.uniform(np.log(4), np.log(14)))
    edge = (radius * np.maximum(outline, 0.2) - np.hypot(x, y)) / step
    field = 1 - np.clip(edge + 0.5, 0, 1)
    frequency = np.fft.fftfreq(count, step)
    squared = frequency[:, None] ** 2 + frequency**2
    field = np.fft.ifft2(np.fft.fft2(field) * np.exp(-1j * np.pi * H_ALPHA * distance * squared))
    pupil = np.clip((width / 2 - np.hypot(x, y)) / step + 0.5, 0, 1)
    pupil -= np.clip((rng.uniform(0, 0.35) * width / 2 - np.hypot(x, y)) / step + 0.5, 0, 1)
    pupil = np.fft.fft2(np.fft.ifftshift(pupil / pupil.sum()))
    light = np.fft.ifft2(np.fft.fft2(np.abs(field) ** 2) * pupil).real
    pixels = light.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))
    fade = np.minimum(1, (SIDE / 2 - np.hypot(*np.mgrid[:SIDE, :SIDE] - SIDE / 2)) / 12)
    return 1 + (pixels - 1) * np.clip(fade, 0, 1)


def place(transmission: Array, patch: Array, x: float, y: float) -> None:
    """Multiply ``patch``, centred on (x, y), into ``transmission``."""
    left, top = int(np.floor(x)), int(np.floor(y))
    moved = shift(patch - 1, (y - top, x - left), order=3) + 1
    half = patch.shape[0] // 2
    rows, columns = (
        np.arange(max(0, at - half), min(length, at + half))
        for at, length in zip((top, left), transmission.shape, strict=True)
    )
    if rows.size and columns.size:
        part = moved[np.ix_(rows - top + half, columns - left + half)]
        transmission[np.ix_(rows, columns)] *= part
