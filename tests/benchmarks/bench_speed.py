"""Time and memory of one correction, stage by stage, in passes of a Gaussian filter.

    python -m tests.benchmarks.bench_speed                      # 4144x2822
    python -m tests.benchmarks.bench_speed --sizes 9576x6388 1632x1224 --growth

The yardstick is one scipy.ndimage.gaussian_filter(sigma=3) over the same float32 frame, best of
three. Memory is the process's peak above what it holds once the frame is loaded, in planes of the
frame's own size; each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import time

import numpy as np
import scipy
from scipy.ndimage import gaussian_filter

from bridge import pipeline
from bridge.frame import Frame
from bridge.options import Options
from tests.synthetic import Donut, donut_transmission

SIZES = ["4144x2822"]
GROWING = ["1632x1224", "4144x2822", "6248x4176", "9576x6388", "14204x10652"]


class Stopwatch:
    """A run that notes when each stage ends."""

    seed = 0

    def __init__(self) -> None:
        self.last = time.perf_counter()
        self.spent: dict[str, float] = {}

    def progress(self, stage: str, fraction: float) -> None:
        """Add the time since the last word to the stage that was at work."""
        now = time.perf_counter()
        self.spent[stage] = self.spent.get(stage, 0.0) + now - self.last
        self.last = now

    def check_cancelled(self) -> None:
        """Go on."""


def flat_of(width: int, height: int) -> np.ndarray:
    """Return a vignetted flat with 60 spots and 20 donuts per 12 megapixels, noise 0.3 %."""
    rng = np.random.default_rng(width)
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    flat = (0.5 - 0.1 * (x * x + y * y)).astype(np.float32)
    megapixels = width * height / 1.17e7
    for count, radii, depths in ((60, (4, 10), (0.012, 0.15)), (20, (15, 60), (0.01, 0.05))):
        for _ in range(max(1, round(count * megapixels))):
            radius = rng.uniform(*radii)
            side = int(2.5 * radius) + 8
            row, column = rng.integers(0, height - side), rng.integers(0, width - side)
            donut = Donut(side / 2, side / 2, radius, rng.uniform(*depths))
            hole = 0.0 if radius < 12 else 0.3
            shadow = donut_transmission((side, side), donut, rng.uniform(1, 3), hole)
            flat[row : row + side, column : column + side] *= shadow.astype(np.float32)
    for rows in np.array_split(np.arange(height), max(1, height // 256)):
        noise = rng.standard_normal((len(rows), width), np.float32)
        flat[rows] *= 1 + np.float32(0.003) * noise
    return np.rint(flat * 65535).astype(np.float32) / np.float32(65535)


def memory(name: str) -> float:
    """Return VmRSS or VmHWM of this process in bytes; not a number where Linux does not tell."""
    try:
        with open("/proc/self/status") as status:
            lines = dict(line.split(":", 1) for line in status)
        return 1024.0 * int(lines[name].split()[0])
    except (OSError, KeyError):
        return float("nan")


def measure(size: str) -> None:
    """Correct one frame and print its line."""
    width, height = (int(part) for part in size.split("x"))
    flat = flat_of(width, height)
    plane = flat.nbytes
    times = []
    for _ in range(3):
        start = time.perf_counter()
        gaussian_filter(flat, 3)
        times.append(time.perf_counter() - start)
    one = min(times)
    held, peak_before = memory("VmRSS"), memory("VmHWM")
    run = Stopwatch()
    start, processor = time.perf_counter(), time.process_time()
    pipeline.correct(Frame(flat[None]), Options(), run)
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    run.spent["rest"] = time.perf_counter() - run.last
    peak = memory("VmHWM")
    planes = (peak - held) / plane if peak > peak_before else float("nan")
    stages = ", ".join(f"{stage} {spent / one:.1f}" for stage, spent in run.spent.items())
    print(
        f"{size:>12s} {width * height / 1e6:6.1f} Mpx  {wall:6.1f} s = {wall / one:5.1f} passes"
        f" of {one:.2f} s  cores {processor / wall:.1f}  memory +{planes:.1f} planes,"
        f" {peak / 2**30:.2f} GiB in all  ({stages})",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="*", default=SIZES, help="WIDTHxHEIGHT")
    parser.add_argument("--growth", action="store_true", help="from 2 to 150 megapixels")
    given = parser.parse_args()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__},"
        f" {os.cpu_count()} cores"
    )
    spawn = multiprocessing.get_context("spawn")
    for size in GROWING if given.growth else given.sizes:
        process = spawn.Process(target=measure, args=(size,))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
