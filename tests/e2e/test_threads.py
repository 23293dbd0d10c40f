"""The same input gives the same bytes, however many threads work on it: every file of a command."""

import os
import subprocess
import sys

import numpy as np
import pytest

from bridge.io import fits_bytes
from tests.e2e.cli_support import tree
from tests.http.support import ROOT
from tests.ser import ser_bytes
from tests.synthetic import donut_flat

ON_THREADS = """
import os, sys, threading
os.cpu_count = lambda: int(sys.argv[1])
from concurrent.futures import ThreadPoolExecutor
from bridge import parallel, videos
from bridge.cli import main
videos.PIECE = 200_000  # several pieces of a small video
pools = []
class Counted(ThreadPoolExecutor):
    def __init__(self, workers):
        pools.append(workers)
        super().__init__(workers)
parallel.ThreadPoolExecutor = Counted
code = main(sys.argv[2:])
print("threads:", max(pools, default=1))
sys.exit(code)
"""
BLAS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
SHAPE = (300, 320)  # several stripes


def run(home, threads, *arguments):
    """Run a command on so many threads; return what it says."""
    environ = {**os.environ, "FLATBRIDGE_HOME": str(home), **dict.fromkeys(BLAS, str(threads))}
    done = subprocess.run(
        [sys.executable, "-c", ON_THREADS, str(threads), *map(str, arguments)],
        cwd=ROOT, env=environ, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *lines, counted = done.stdout.splitlines()
    assert counted == f"threads: {threads}"
    return lines


def gray(folder):
    (folder / "flat.fits").write_bytes(fits_bytes(donut_flat(3, shape=SHAPE, count=6).flat))
    return folder / "flat.fits"


def mosaic(folder):
    sites = np.tile(np.float32([[0.5, 1.0], [1.0, 0.7]]), (SHAPE[0] // 2, SHAPE[1] // 2))
    flat = donut_flat(4, shape=SHAPE, count=6).flat * sites
    (folder / "flat.fits").write_bytes(fits_bytes(flat))
    return folder / "flat.fits"


def video(folder):
    flat = donut_flat(5, shape=SHAPE, count=6).flat
    rng = np.random.default_rng(5)
    frames = [np.rint(255 * flat * rng.normal(1, 0.01, SHAPE)).clip(0, 255) for _ in range(7)]
    (folder / "flat.ser").write_bytes(ser_bytes(np.uint8(frames), depth=8))
    return folder / "flat.ser"


@pytest.mark.parametrize("kind", [gray, mosaic, video], ids=lambda kind: kind.__name__)
def test_one_thread_and_two_write_the_same_bytes(tmp_path, kind):
    source = kind(tmp_path)
    for threads in (1, 2):
        home, out = tmp_path / f"home{threads}", tmp_path / f"out{threads}"
        run(home, threads, "correct", source, "-o", out)
    one, two = tree(tmp_path / "out1"), tree(tmp_path / "out2")
    assert {"correction.fits", "mask.fits", "correction.tiff", "report.html"} <= one.keys()
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_a_divided_video_too(tmp_path):
    source = video(tmp_path)
    run(tmp_path / "home", 2, "correct", source, "-o", tmp_path / "out")
    factor = tmp_path / "out" / "correction.fits"
    for threads in (1, 2):
        out = tmp_path / f"apply{threads}"
        run(tmp_path / "home", threads, "apply", factor, source, "-o", out, "--force")
    assert tree(tmp_path / "apply1") == tree(tmp_path / "apply2")
