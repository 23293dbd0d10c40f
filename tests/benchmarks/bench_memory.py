"""What a correction's peak of memory is, beside the estimate by which too big a job is refused.

    python -m tests.benchmarks.bench_memory --megapixels 3 12 24

Each case runs in a process of its own; the peak is what the system says of it, less that of a
process that did the same for a tiny frame.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from bridge.machine import peak_bytes
from tests.synthetic import donut_flat

CASE = """
import re, resource, sys
import numpy as np
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from bridge.pipeline import correct

correct(Frame(np.load(sys.argv[1])), Options(), Quiet())
if sys.platform == "linux":  # whose ru_maxrss begins with what the parent had
    status = open("/proc/self/status").read()
    print(1024 * int(re.search(r"VmHWM:\\s+([0-9]+)", status)[1]))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(height: int, width: int, channels: int, mosaic: bool = False) -> int:
    """Return the peak of a process that corrects such a frame, in bytes."""
    made = donut_flat(1, shape=(height, width), count=6, radii=(3, 40))
    flat = np.stack([made.flat * gain for gain in (1, 0.8, 0.6)[:channels]]).astype(np.float32)
    if mosaic:
        flat[:, ::2, 1::2] *= 0.6
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flat.npy"
        np.save(path, flat)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CASE, str(path)],
            check=True, capture_output=True, text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    return int(done.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megapixels", type=float, nargs="*", default=[3, 12])
    given = parser.parse_args()
    base = peak(120, 160, 1)
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
