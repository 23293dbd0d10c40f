"""The median of a video against numpy's over bands of rows, and how time and memory grow.

    python -m tests.benchmarks.bench_median                     # 1920x1200x500, 16 bits
    python -m tests.benchmarks.bench_median --gigabytes 0.5 1 2 4 8 --alone

With ``NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"`` numpy does without AVX-512.
Videos are made in the temporary folder and removed. Memory is anonymous: what the kernel could not
take back, above the interpreter with everything imported.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from numpy._core._multiarray_umath import __cpu_features__

from bridge.engines.base import Quiet
from bridge.io.ser import open_ser
from bridge.io.ser_header import HEADER_BYTES
from bridge.median import median_of
from tests.ser import ser_bytes

WIDTH, HEIGHT = 1920, 1200
FRAME = WIDTH * HEIGHT * 2


def make(path: Path, count: int) -> None:
    """Write a video of ``count`` frames of a noisy slope."""
    rng = np.random.default_rng(0)
    light = np.linspace(8000, 30000, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    empty = np.zeros((1, HEIGHT, WIDTH), np.uint16)
    header = ser_bytes(empty, depth=16, counted=count)[:HEADER_BYTES]
    with path.open("wb") as file:
        file.write(header)
        noise = (200 * rng.standard_normal((16, HEIGHT, WIDTH))).astype(np.int16)
        for number in range(count):
            shifted = np.roll(noise[number % 16], number * 7919)
            file.write((light + shifted).astype("<u2").tobytes())


def anonymous() -> int:
    """Return the anonymous memory of this process in bytes; 0 where Linux does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("RssAnon")).split()[1])
    except (OSError, StopIteration):
        return 0


def ours(path: Path, memory: int, tell: multiprocessing.Queue) -> None:
    """Compute the median in this process; tell seconds, also of all cores, and bytes at peak."""
    median_of(open_ser(path), frames=slice(0, 2), run=Quiet())  # everything is imported now
    base, peak, done = anonymous(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, anonymous())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, busy = time.perf_counter(), time.process_time()
    found = median_of(open_ser(path), memory=memory, run=Quiet())
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    done.set()
    watcher.join()
    tell.put((seconds, busy, peak - base, float(found.pixels.sum(dtype=np.float64))))


def numpys(path: Path, count: int, rows: int = 24) -> tuple[float, float, float]:
    """Return the seconds that `numpy.median` takes over bands of rows, by the clock and of its
    core, and a sum of the result.
    """
    start, busy = time.perf_counter(), time.process_time()
    stack = np.memmap(path, "<u2", "r", HEADER_BYTES, (count, HEIGHT, WIDTH))
    total = 0.0
    for top in range(0, HEIGHT, rows):
        band = np.median(stack[:, top : top + rows], axis=0).astype(np.float32) / np.float32(65535)
        total += float(band.sum(dtype=np.float64))
    return time.perf_counter() - start, time.process_time() - busy, total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", nargs="*", type=float, default=[500 * FRAME / 1e9])
    parser.add_argument("--memory", nargs="*", type=int, default=[1000, 128], help="MB")
    parser.add_argument("--alone", action="store_true", help="without numpy's")
    given = parser.parse_args()
    known = [name for name in ("X86_V3", "X86_V4", "AVX512_ICL") if __cpu_features__.get(name)]
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores,")
    print(f"of what makes numpy fast: {', '.join(known) or 'nothing'} (V3 is AVX2, V4 AVX-512)")
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for size in given.gigabytes:
            path, count = Path(folder) / "video.ser", round(size * 1e9 / FRAME)
            make(path, count)
            path.read_bytes() if size < 3 else None  # warm the page cache
            theirs = (float("nan"),) * 3 if given.alone else numpys(path, count)
            for memory in given.memory:
                tell = spawn.Queue()
                process = spawn.Process(target=ours, args=(path, memory * 10**6, tell))
                process.start()
                seconds, busy, peak, total = tell.get()
                process.join()
                same = given.alone or abs(total - theirs[2]) < 1e-6 * total
                print(
                    f"{count:6d} frames {size:5.2f} GB  --memory {memory} MB: {seconds:6.2f} s,"
                    f" {seconds / size:.2f} s/GB, {busy / size:.2f} of all cores,"
                    f" +{peak / 1e6:.0f} MB; numpy.median over 24 rows {theirs[0]:.1f} s ="
                    f" {theirs[0] / seconds:.1f} times as long, core for core"
                    f" {theirs[1] / busy:.1f}{'' if same else '; THE RESULTS DIFFER'}",
                    flush=True,
                )
            path.unlink()


if __name__ == "__main__":
    main()
