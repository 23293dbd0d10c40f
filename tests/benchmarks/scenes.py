"""Scenes with known truth for the benchmark: dust on light, recorded by a sensor.

Every scene is drawn from its kind and seed alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from tests.benchmarks import lights, optics
from tests.synthetic import (
    Array,
    Donut,
    Flags,
    clean,
    donut_transmission,
    footprint,
    rms_left,
)

Dust = Callable[[tuple[int, int], np.random.Generator], Array]

SHAPE = (900, 1300)
PRNU = 0.004
EIGHT = np.ones((3, 3), bool)


@dataclass(frozen=True, eq=False)
class Scene:
    """A flat and its truth.

    ``flat``, ``sound`` (the flat without the sensor's defects) and ``signal`` are
    (channels, height, width), ``transmission`` is (height, width).
    """

    flat: NDArray[np.float32]
    sound: NDArray[np.float32]
    signal: Array
    transmission: Array

    @property
    def footprint(self) -> Flags:
        """Where dust matters."""
        return footprint(self.transmission)

    @property
    def clean(self) -> Flags:
        """Where there is no dust far and wide."""
        return clean(self.transmission)


@dataclass(frozen=True)
class Kind:
    """How a scene is made; ``least`` is the rms of its dust, smoothed by 2 px, at least."""

    light: Callable[[tuple[int, int], np.random.Generator], Array]
    dust: Dust | None
    least: float = 0.02
    noise: float = 0.0015
    colours: str = "gray"
    defects: bool = False


def donuts(shape: tuple[int, int], rng: np.random.Generator, blur: float | None = None) -> Array:
    """Return donuts of 8 to 90 px in radius, 0.3 to 15 % deep, overlapping, some cut off.

    Their edges are blurred by ``blur`` px; by default each as its distance would have it.
    """
    return _donuts(shape, rng, (0.003, 0.15), blur)


def faint(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return donuts 0.2 to 1 % deep."""
    return _donuts(shape, rng, (0.002, 0.01))


def specks(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return 25 to 60 specks in focus."""
    out = np.ones(shape)
    for _ in range(rng.integers(25, 60)):
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        optics.place(out, optics.speck(rng), x, y)
    return out


def _donuts(
    shape: tuple[int, int],
    rng: np.random.Generator,
    depths: tuple[float, float],
    blur: float | None = None,
) -> Array:
    out = np.ones(shape)
    for _ in range(rng.integers(10, 24)):
        radius = float(np.exp(rng.uniform(*np.log((8, 90)))))
        x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
        donut = Donut(x, y, radius, float(np.exp(rng.uniform(*np.log(depths)))))
        spread = rng.uniform(0.7, 1 + 0.06 * radius)
        hole = rng.uniform(0.2, 0.45)
        out *= donut_transmission(shape, donut, spread if blur is None else blur, hole)
    return out


KINDS = {
    "specks, Sun": Kind(lights.sun, specks),
    "specks, limb": Kind(lights.limb, specks),
    "donuts": Kind(lights.smooth, donuts),
    "donuts, faint": Kind(lights.smooth, faint, least=0.003),
    "donuts, noise 1.2 %": Kind(lights.smooth, donuts, noise=0.012),
    "donuts, Bayer": Kind(lights.smooth, donuts, colours="bayer"),
    "donuts, RGB": Kind(lights.smooth, donuts, colours="rgb"),
    "donuts, defects": Kind(lights.smooth, donuts, defects=True),
    "specks, smooth": Kind(lights.smooth, specks),
    "no dust, smooth": Kind(lights.smooth, None),
    "no dust, Sun": Kind(lights.sun, None),
    "no dust, limb": Kind(lights.limb, None),
    "no dust, noise 1.2 %": Kind(lights.smooth, None, noise=0.012),
    "no dust, Bayer": Kind(lights.smooth, None, colours="bayer"),
    "no dust, defects": Kind(lights.smooth, None, defects=True),
}


def scene(kind: str, seed: int, shape: tuple[int, int] = SHAPE) -> Scene:
    """Return the scene of this kind and seed."""
    made = KINDS[kind]
    rng = np.random.default_rng([seed, *kind.encode()])
    light = made.light(shape, rng)
    dust = np.ones(shape)
    while made.dust and rms_left(dust, footprint(dust)) < made.least:
        dust = made.dust(shape, rng)
    gains = _gains(made.colours, shape, rng)
    signal = np.stack([light * gain for gain in gains])
    response = 1 + PRNU * rng.standard_normal(signal.shape)
    recorded = signal * dust * response * (1 + made.noise * rng.standard_normal(signal.shape))
    sound = _in_16_bits(recorded)
    if made.defects:
        _break(recorded, rng)
    return Scene(_in_16_bits(recorded), sound, signal, dust)


def _in_16_bits(light: Array) -> NDArray[np.float32]:
    return (np.rint(np.clip(light, 0, 1) * 65535) / 65535).astype(np.float32)


def shadows(made: Scene) -> list[Flags]:
    """Return each connected piece of dust darker than 0.2 %, as flags of the frame."""
    labels, count = label(made.transmission < 0.998, EIGHT)
    return [labels == number for number in range(1, count + 1)]


def _gains(colours: str, shape: tuple[int, int], rng: np.random.Generator) -> list[Array]:
    if colours == "gray":
        return [np.ones(shape)]
    red, blue = rng.uniform(0.35, 0.9, 2)
    if colours == "rgb":
        return [np.full(shape, gain) for gain in (red, 1.0, blue)]
    mosaic = np.ones(shape)
    row, column = rng.integers(0, 2, 2)  # any of the four orders
    mosaic[row::2, column::2] = red
    mosaic[1 - row :: 2, 1 - column :: 2] = blue
    return [mosaic]


def _break(recorded: Array, rng: np.random.Generator) -> None:
    """Put in hot and dead pixels and columns."""
    _, height, width = recorded.shape
    for low, high, count in ((0.7, 1.0, 400), (0.0, 0.0, 400), (0.2, 0.3, 200)):
        rows, columns = rng.integers(0, height, count), rng.integers(0, width, count)
        recorded[:, rows, columns] = rng.uniform(low, high, count)
    for column, gain in zip(rng.integers(0, width, 6), (0, 0, 0.97, 0.9, 1.05, 1.5), strict=True):
        top = rng.integers(0, height // 2) if gain else 0
        recorded[:, top:, column] *= gain
