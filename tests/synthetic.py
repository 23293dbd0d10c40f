"""Scenes with known truth: dust-free signal, the dust's transmission, what a sensor records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, distance_transform_edt, gaussian_filter

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Donut:
    """One defocused shadow: the pupil's image, dark outside its central obstruction."""

    x: float
    y: float
    radius: float
    depth: float


@dataclass(frozen=True)
class Scene:
    """A flat and its truth; every plane is (height, width)."""

    flat: NDArray[np.float32]
    signal: Array
    transmission: Array
    prnu: Array
    donuts: tuple[Donut, ...]

    @property
    def footprint(self) -> Flags:
        """Where dust matters: see `footprint`."""
        return footprint(self.transmission)

    @property
    def clean(self) -> Flags:
        """Where there is no dust far and wide: see `clean`."""
        return clean(self.transmission)


def footprint(transmission: Array) -> Flags:
    """Return where dust matters: beyond 0.2 %, grown by 2 px."""
    return np.asarray(binary_dilation(abs(transmission - 1) > 0.002, iterations=2))


def clean(transmission: Array) -> Flags:
    """Return what is farther than 15 px from any dust beyond 0.05 %."""
    dusty = abs(transmission - 1) > 0.0005
    if not dusty.any():
        return np.ones(dusty.shape, bool)
    return np.asarray(distance_transform_edt(~dusty) > 15)


def vignette(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Illumination of a vignetted field: off-centre, 15 to 45 % darker in the corners, tilted."""
    height, width = shape
    y, x = np.mgrid[:height, :width]
    centre_x = width * rng.uniform(0.4, 0.6)
    centre_y = height * rng.uniform(0.4, 0.6)
    radius = np.hypot(x - centre_x, y - centre_y) / np.hypot(width / 2, height / 2)
    fall = rng.uniform(0.15, 0.45)
    tilt = 1 + rng.uniform(-0.03, 0.03) * x / width + rng.uniform(-0.03, 0.03) * y / height
    return np.asarray((1 - fall * radius**2 + 0.3 * fall * radius**4) * tilt)


def donut_transmission(shape: tuple[int, int], donut: Donut, blur: float, hole: float) -> Array:
    """Transmission of one donut; ``hole`` is the obstruction's share of the radius."""
    height, width = shape
    y, x = np.mgrid[:height, :width]
    distance = np.hypot(x - donut.x, y - donut.y)
    ring = np.clip(donut.radius - distance + 0.5, 0, 1)
    ring -= np.clip(hole * donut.radius - distance + 0.5, 0, 1)
    return 1 - donut.depth * gaussian_filter(ring, blur)


def donut_flat(
    seed: int,
    *,
    shape: tuple[int, int] = (900, 1300),
    count: int = 16,
    depths: tuple[float, float] = (0.003, 0.15),
    radii: tuple[float, float] = (8, 90),
    prnu: float = 0.004,
    noise: float = 0.0015,
    level: float = 0.5,
    least_rms: float = 0.03,
) -> Scene:
    """Return a vignetted 16-bit flat with ``count`` donuts.

    Dust is drawn again until its rms over the footprint, smoothed by 2 px, reaches ``least_rms``.
    """
    rng = np.random.default_rng(seed)
    signal = level * vignette(shape, rng)
    response = 1 + prnu * rng.standard_normal(shape)
    while True:
        donuts = []
        transmission = np.ones(shape)
        for _ in range(count):
            donut = Donut(
                x=rng.uniform(0, shape[1]),
                y=rng.uniform(0, shape[0]),
                radius=rng.uniform(*radii),
                depth=float(np.exp(rng.uniform(*np.log(depths)))),
            )
            blur = rng.uniform(0.7, 1 + 0.05 * donut.radius)
            transmission *= donut_transmission(shape, donut, blur, rng.uniform(0.2, 0.45))
            donuts.append(donut)
        scene = Scene(
            flat=record(signal * transmission * response, noise, rng),
            signal=signal,
            transmission=transmission,
            prnu=response,
            donuts=tuple(donuts),
        )
        if count == 0 or dust_rms(scene, np.ones(shape)) >= least_rms:
            return scene


def record(light: Array, noise: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return what a 16-bit sensor writes: light with relative noise, in whole ADU, / 65535."""
    noisy = light * (1 + noise * rng.standard_normal(light.shape))
    adu = np.clip(np.rint(noisy * 65535), 0, 65535)
    return (adu / 65535).astype(np.float32)


def dust_rms(scene: Scene, correction: Array | NDArray[np.float32]) -> float:
    """Return the rms of the dust left by ``correction`` over the footprint, smoothed by 2 px."""
    return rms_left(scene.transmission / correction, scene.footprint)


def rms_left(left: Array, where: Flags) -> float:
    """Return the rms of ``left`` - 1, smoothed by 2 px, over ``where``; 0 if that is nowhere."""
    if not where.any():
        return 0.0
    return float(np.sqrt(np.mean((gaussian_filter(left, 2) - 1)[where] ** 2)))
