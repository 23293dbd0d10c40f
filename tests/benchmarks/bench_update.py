"""How far ``flatbridge update-flat`` brings a stale flat up to date.

    python -m tests.benchmarks.bench_update --first 60 --count 3

Twenty dithered subs of a night, divided by a flat whose dust has moved, gone or come since. Per
night: the dust error of the stale flat and of the updated one (rms where dust changed, smoothed by
2 px), without nebulosity and with some.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bridge.cli import main as flatbridge
from bridge.io import fits_bytes, read_image
from tests.benchmarks.nights import Night, night


def updated(made: Night, seed: int) -> tuple[float, str]:
    """Return the dust error of the updated flat, and what was said about trust."""
    rng = np.random.default_rng(seed)
    noisy = made.stale * (1 + 0.0015 * rng.standard_normal(made.stale.shape))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        flat = folder / "flat.fits"
        flat.write_bytes(fits_bytes(noisy.astype(np.float32)))
        lights = [folder / f"{number}.fits" for number in range(len(made.subs))]
        for path, sub in zip(lights, made.subs, strict=True):
            path.write_bytes(fits_bytes(np.clip(sub / 2**17, 0, 1)))
        said = StringIO()
        with patch.dict(os.environ, FLATBRIDGE_HOME=str(folder / "home")), redirect_stdout(said):
            call = ["update-flat", flat, *lights, "-o", folder / "out"]
            if flatbridge([str(part) for part in call]):
                return float("nan"), "failed"
        now = made.error(read_image(folder / "out" / "flat_updated.fits").pixels[0])
    return now, said.getvalue().splitlines()[-2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=60)
    parser.add_argument("--count", type=int, default=3)
    given = parser.parse_args()
    print("seed  nebula  stale %  updated %")
    for seed in range(given.first, given.first + given.count):
        for nebula in (0.0, 0.05, 0.15):
            made = night(seed, nebula=nebula)
            now, trust = updated(made, seed)
            was = 100 * made.error(made.stale)
            print(f"{seed:>4} {nebula:>7.2f} {was:>8.2f} {100 * now:>10.2f}  {trust}", flush=True)


if __name__ == "__main__":
    main()
