"""How much dust the local engine removes, and what it costs, on flats with known dust.

    python -m tests.benchmarks.bench_local --first 1000 --count 8

Prints, per seed: rms of the dust before and after (over its footprint, smoothed by 2 px), what
noise alone leaves (the true footprint divided by the true signal), the share of clean pixels left
alone, and the time in passes of a Gaussian filter of 3 px over the same frame.
"""

from __future__ import annotations

import argparse
import platform
import time

import numpy as np
import scipy
from scipy.ndimage import gaussian_filter

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from tests.synthetic import Scene, donut_flat, dust_rms


def limit(scene: Scene) -> float:
    """Return what remains if the footprint and the signal under it are known exactly."""
    return dust_rms(scene, np.where(scene.footprint, scene.flat / scene.signal, 1.0))


def gaussian_pass(flat: np.ndarray) -> float:
    """Return the seconds of the yardstick, best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        gaussian_filter(flat, 3)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--count", type=int, default=8, help="number of seeds")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}")
    print("  seed  before %  after %  limit %  ratio  untouched  passes")
    for seed in range(given.first, given.first + given.count):
        scene = donut_flat(seed)
        start = time.perf_counter()
        made = pipeline.correct(Frame(scene.flat[None]), Options(), Quiet())
        seconds = time.perf_counter() - start
        correction = made.correction[0]
        before, after = dust_rms(scene, np.ones_like(correction)), dust_rms(scene, correction)
        untouched = float(np.mean(correction[scene.clean] == 1))
        passes = seconds / gaussian_pass(scene.flat)
        print(
            f"{seed:6d}  {100 * before:8.3f}  {100 * after:7.3f}  {100 * limit(scene):7.3f}"
            f"  {before / after:5.0f}  {untouched:9.4f}  {passes:6.0f}"
        )
    for seed in range(given.first, given.first + given.count):
        scene = donut_flat(seed, count=0)
        made = pipeline.correct(Frame(scene.flat[None]), Options(), Quiet())
        touched = int(np.count_nonzero(made.correction != 1))
        print(f"{seed:6d}  no dust: {touched} pixels touched")


if __name__ == "__main__":
    main()
