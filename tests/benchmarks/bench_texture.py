"""What `smooth auto` makes of the flat's own noise, against `smooth off` in the same run.

    python -m tests.benchmarks.bench_texture --first 1000 --count 3

Donuts on a vignetted field, a pixel response of 0.4 % rms, the flat's noise and the blur of the
edges given. Per seed: the unsmoothed rms of T / C - 1 over the footprint with `off` and `auto`, and
their ratio; then the fine noise inside shadows over that outside, of a light divided by the factor
and by the dust-free flat, for both. The lights share the flat's pixel response and have a noise of
0.1 %, as the median of many has.
"""

from __future__ import annotations

import argparse
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from tests.benchmarks import lights
from tests.benchmarks.scenes import PRNU, SHAPE, Scene, donuts
from tests.benchmarks.scores import score
from tests.synthetic import Array

CASES: Final = ((0.006, 2.0, "at most 0.333"), (0.001, 0.7, "at most 1.05"))
"""Noise of the flat, blur of the edges in px, and what is asked of auto / off."""

OWN_NOISE: Final = 0.001
"""Of a light, relative."""

HEART: Final = 0.004
"""Depth from which noise is measured inside shadows."""


def made(noise: float, blur: float, seed: int) -> tuple[Scene, Array]:
    """Return a scene and its pixel response."""
    rng = np.random.default_rng([seed, round(1e6 * noise), round(10 * blur)])
    light = lights.smooth(SHAPE, rng)
    dust = donuts(SHAPE, rng, blur=blur)
    response = 1 + PRNU * rng.standard_normal(SHAPE)
    recorded = light * dust * response * (1 + noise * rng.standard_normal(SHAPE))
    flat = (np.rint(recorded * 65535) / 65535).astype(np.float32)[None]
    return Scene(flat, flat, light[None], dust), response


def unevenness(image: Array, scene: Scene) -> float:
    """Return the fine noise of ``image`` inside shadows over that outside."""
    fine = image - gaussian_filter(image, 2)
    return float(fine[abs(scene.transmission - 1) > HEART].std() / fine[scene.clean].std())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--count", type=int, default=3)
    given = parser.parse_args()
    print(f"{'noise %':>7} {'blur':>4} {'seed':>5} {'off %':>6} {'auto %':>6} {'auto/off':>8}  "
          f"{'':14} light/factor off, auto  light/clean flat off, auto")  # fmt: skip
    for noise, blur, asked in CASES:
        for seed in range(given.first, given.first + given.count):
            scene, response = made(noise, blur, seed)
            own = 1 + OWN_NOISE * np.random.default_rng(seed).standard_normal(SHAPE)
            light = scene.transmission * response * own
            raw, noisy = [], []
            for options in (Options(smooth="off"), Options(smooth="auto")):
                found = pipeline.correct(Frame(scene.flat), options, Quiet())
                raw.append(score(scene, found.correction).raw)
                level = found.clean_flat[0] / scene.signal[0]
                noisy.append((unevenness(light / found.correction[0], scene),
                              unevenness(light / scene.transmission / level, scene)))  # fmt: skip
            (a, b), (c, d) = noisy
            print(f"{100 * noise:7.1f} {blur:4.1f} {seed:5} {100 * raw[0]:6.3f} "
                  f"{100 * raw[1]:6.3f} {raw[1] / raw[0]:8.3f}  {asked:14} "
                  f"{a:9.2f} {c:12.2f} {b:13.2f} {d:10.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
