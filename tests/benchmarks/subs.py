"""Light frames with known dust: sky, stars, nebulosity, gradients, photon and read noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from tests.synthetic import Scene, donut_flat

Array = NDArray[np.float64]

CASES = (
    "same", "corrected", "stale flat", "rotated", "flipped rows", "shifted", "bias left in",
    "small bias",
)  # fmt: skip
"""What may have happened between the flat and a sub."""

TRUTH = {
    "same": "matches",
    "corrected": "not-in-target",
    "stale flat": "stale-flat",
    "rotated": "not-in-target",
    "flipped rows": "not-in-target",
    "shifted": "not-in-target",
    "bias left in": "pedestal-or-gamma",
    "small bias": "pedestal-or-gamma",
}

TURNED = {"rotated": "rotated by 180 degrees", "flipped rows": "with its rows flipped"}
"""How the correction of these would have to be turned."""


@dataclass(frozen=True, eq=False)
class Sub:
    """A calibrated sub in electrons, (h, w) float32.

    Parameters
    ----------
    values
        The sub.
    offset
        Where its dust lies, (dx, dy) px.
    pedestal
        What was added to it, electrons.
    strength
        Share of light in what is recorded where there is dust: 1 without a pedestal.
    """

    values: NDArray[np.float32]
    offset: tuple[int, int]
    pedestal: float
    strength: float


def sky(shape: tuple[int, int], level: float, rng: np.random.Generator) -> Array:
    """Return electrons per pixel: sky with a gradient, nebulosity up to twice its level, stars."""
    height, width = shape
    y, x = np.mgrid[:height, :width]
    light = level * (
        1 + rng.uniform(-0.3, 0.3) * (x / width - 0.5) + rng.uniform(-0.3, 0.3) * (y / height - 0.5)
    )
    for size in (120, 40, 15):
        cloud = gaussian_filter(rng.standard_normal(shape), size, mode="wrap")
        amount = rng.uniform(0, 0.3) * (size / 120) ** 0.7
        light += level * amount * np.clip(cloud / cloud.std() + 0.5, 0, None)
    stars = np.zeros(shape)
    count = int(height * width * rng.uniform(0.0005, 0.002))
    rows, columns = rng.integers(0, height, count), rng.integers(0, width, count)
    np.add.at(stars, (rows, columns), level * 20 * rng.pareto(1.2, count))
    width_px = rng.uniform(1.0, 2.2)
    return np.asarray(light + np.minimum(gaussian_filter(stars, width_px), 60000))


def sub(
    case: str, transmission: Array, level: float, rng: np.random.Generator, read: float = 3.0
) -> Sub:
    """Return a sub whose dust relates to ``transmission`` as ``case`` says."""
    shape = (transmission.shape[0], transmission.shape[1])
    offset, pedestal = (0, 0), 0.0
    dust, divided = transmission, np.ones(shape)
    if case == "corrected":
        divided = transmission
    elif case == "stale flat":
        dust, divided = np.ones(shape), transmission
    elif case == "rotated":
        dust = transmission[::-1, ::-1]
    elif case == "flipped rows":
        dust = transmission[::-1]
    elif case == "shifted":
        while max(abs(offset[0]), abs(offset[1])) < 2:
            offset = int(rng.integers(-16, 17)), int(rng.integers(-16, 17))
        dust = np.roll(transmission, (offset[1], offset[0]), (0, 1))
    elif case == "bias left in":
        pedestal = level * rng.uniform(0.4, 5)
    elif case == "small bias":
        pedestal = level * 0.2
    light = sky(shape, level, rng) * dust
    recorded = rng.poisson(light) + read * rng.standard_normal(shape)
    hits = rng.integers(0, recorded.size, recorded.size // 20000)
    recorded.flat[hits] += rng.uniform(200, 5000, len(hits))
    values = ((recorded / divided) + pedestal).astype(np.float32)
    weight = np.square(np.log(transmission))
    strength = float(np.average(light / (light + pedestal), weights=weight))
    return Sub(values, offset, pedestal, strength)


def dust(
    seed: int, shape: tuple[int, int] = (600, 900), count: int = 14
) -> tuple[Array, NDArray[np.float32]]:
    """Return a transmission and the factor that a flat of 0.15 % noise would give of it."""
    scene = _flat(seed, shape, count)
    rng = np.random.default_rng([seed, 7])
    noisy = scene.transmission * (1 + 0.0015 * rng.standard_normal(shape))
    return scene.transmission, np.where(scene.footprint, noisy, 1).astype(np.float32)


def has_sharp(seed: int, shape: tuple[int, int] = (600, 900), count: int = 14) -> bool:
    """Tell whether some shadow of `dust` is deeper than 5 % and smaller than 20 px."""
    donuts = _flat(seed, shape, count).donuts
    return any(donut.depth > 0.05 and 2 * donut.radius < 20 for donut in donuts)


def _flat(seed: int, shape: tuple[int, int], count: int) -> Scene:
    return donut_flat(seed, shape=shape, count=count, depths=(0.01, 0.15), radii=(7, 60))
