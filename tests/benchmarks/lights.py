"""Dust-free light: vignetted fields, the structured Sun, its limb."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from tests.synthetic import Array, vignette


def smooth(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return a vignetted field, at most 0.6 of full scale."""
    return 0.55 * vignette(shape, rng)


def sun(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return the Sun's surface in H-alpha as the median of a video in bad seeing.

    Granulation-like mottle of all sizes, bright plages in clumps and dark filaments along curved
    paths, blurred by 4 to 9 px, on a vignetted field.
    """
    mottle = sum(
        weight * _noise(shape, size, rng) for size, weight in ((3, 0.03), (8, 0.03), (25, 0.03))
    )
    places = _noise(shape, 60, rng)
    plage = np.clip(_noise(shape, 9, rng) + 1.2 * places - 1.5, 0, 2.5)
    dark = np.zeros(shape)
    for _ in range(rng.integers(4, 9)):
        dark = np.maximum(dark, _filament(shape, rng))
    surface = (1 + mottle) * (1 + 0.10 * plage) * (1 - dark)
    surface = gaussian_filter(surface, rng.uniform(4, 9))
    return 0.4 * surface * vignette(shape, rng)


def limb(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return a solar limb: the structured disc, limb darkening, an edge of 2 to 4 px, dark sky."""
    height, width = shape
    rows, columns = np.mgrid[:height, :width]
    radius = rng.uniform(900, 1500)
    angle = rng.uniform(0, 2 * np.pi)
    inset = -rng.uniform(0.0, 0.35) * min(shape)  # the limb passes beyond the middle
    centre_x = width / 2 - (radius + inset) * np.cos(angle)
    centre_y = height / 2 - (radius + inset) * np.sin(angle)
    share = np.hypot(columns - centre_x, rows - centre_y) / radius
    darkening = 0.4 + 0.6 * np.sqrt(np.clip(1 - share**2, 0, 1))
    edge = np.clip((1 - share) * radius + 0.5, 0, 1)
    disc = gaussian_filter(edge, rng.uniform(2, 4))
    sky = rng.uniform(0.01, 0.03) * np.exp(-np.clip(share - 1, 0, None) * radius / 300)
    return sun(shape, rng) * darkening * disc + 0.4 * sky


def _noise(shape: tuple[int, int], size: float, rng: np.random.Generator) -> Array:
    field = gaussian_filter(rng.standard_normal(shape), size, mode="wrap")
    return np.asarray(field / field.std())


def _filament(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return the darkness of one filament: a wandering path of 3 to 9 px, 10 to 30 % deep."""
    height, width = shape
    canvas = np.zeros(shape)
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    heading = rng.uniform(0, 2 * np.pi)
    turn = rng.normal(0, 0.004)
    for _ in range(rng.integers(150, 600)):
        heading += turn + rng.normal(0, 0.05)
        x, y = x + np.cos(heading), y + np.sin(heading)
        if 0 <= x < width and 0 <= y < height:
            canvas[int(y), int(x)] = 1
    spread = rng.uniform(2, 4)
    line = gaussian_filter(canvas, spread)
    return np.asarray(rng.uniform(0.1, 0.3) * line / max(line.max(), 1e-9))
