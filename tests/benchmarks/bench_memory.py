"""What a job's peak of memory is, beside the estimate by which too big a one is refused.

    python -m tests.benchmarks.bench_memory --megapixels 3 12 24

Each case runs in a process of its own, which takes the flat into a store, corrects it, and stores
the result. The peak is what the system says of it, less that of a process that only began.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bridge.io import fits_bytes
from bridge.machine import peak_bytes
from tests.synthetic import donut_flat

CASE = """
import re, resource, sys
from pathlib import Path
from bridge.engines.base import Quiet
from bridge.engines.local import LocalDetector, LocalInpainter
from bridge.io import read_image
from bridge.jobs import correct
from bridge.options import Options
from bridge.store import Store

folder = Path(sys.argv[1])
if sys.argv[2:]:
    store = Store(folder / "store", 10**12)
    frame = store.add_frame(folder / "flat.fits", sys.argv[2])
    correct(read_image(store.frame(frame.id)[1]), Options(), Quiet(), store)
if sys.platform == "linux":  # whose ru_maxrss begins with what the parent had
    status = open("/proc/self/status").read()
    print(1024 * int(re.search(r"VmHWM:\\s+([0-9]+)", status)[1]))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def idle() -> int:
    """Return the peak of a process that could begin, in bytes."""
    return _peak_of()


def peak(height: int, width: int, channels: int, mosaic: bool = False) -> int:
    """Return the peak of a process that corrects such a frame, in bytes."""
    made = donut_flat(1, shape=(height, width), count=6, radii=(3, 40))
    flat = np.stack([made.flat * gain for gain in (1, 0.8, 0.6)[:channels]]).astype(np.float32)
    if mosaic:
        flat[:, ::2, 1::2] *= 0.6
    with tempfile.TemporaryDirectory() as folder:
        data = fits_bytes(flat)
        (Path(folder) / "flat.fits").write_bytes(data)
        return _peak_of(folder, hashlib.sha256(data).hexdigest())


def _peak_of(*arguments: str) -> int:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CASE, *(arguments or (".",))],
        check=True, capture_output=True, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    return int(done.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megapixels", type=float, nargs="*", default=[3, 12])
    given = parser.parse_args()
    base = idle()
    print(
        f"{'Mpx':>6} {'kind':8} {'measured MB':>12} {'estimated MB':>13} {'planes':>7} {'ratio':>6}"
    )
    for megapixels in given.megapixels:
        height = round((megapixels * 1e6 / 1.5) ** 0.5)
        width = round(1.5 * height)
        for kind, channels, mosaic in (("gray", 1, False), ("mosaic", 1, True), ("RGB", 3, False)):
            measured = peak(height, width, channels, mosaic) - base
            estimated = peak_bytes(height, width, channels)
            planes = measured / (4 * height * width)
            print(f"{megapixels:6.1f} {kind:8} {measured / 1e6:12.0f} {estimated / 1e6:13.0f} "
                  f"{planes:7.1f} {estimated / measured:6.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
