"""What the Gemini engines make of scenes with known truth, the model replaced by a stand-in.

    python -m tests.benchmarks.bench_gemini --first 1000 --count 3

The stand-in knows where the dust is and what is beneath it, and draws it with the sins that the
service was measured to have: another size, a stretch, other tones, unevenness, noise, JPEG. Per
kind and seed: the dust before and after, how many times less, clean pixels left alone, harm, whose
reconstruction the holes were filled with, and what became of the proposals.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from unittest.mock import patch

from scipy.ndimage import gaussian_filter

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from tests.benchmarks.scenes import Scene, scene
from tests.benchmarks.scores import score
from tests.gemini.mind import Mind, Sins
from tests.gemini.service import Service

KINDS = ("donuts", "specks, Sun")
EMPTY = ("no dust, smooth", "no dust, Sun")
WAYS = (("local", "local", True), ("gemini", "local", True), ("gemini", "gemini", True),
        ("gemini", "gemini", False))  # fmt: skip


def correct(
    made: Scene,
    detector: str,
    inpainter: str,
    *,
    sins: Sins | None = None,
    seed: int = 0,
    **settings: object,
) -> tuple[pipeline.Correction, Quiet]:
    """Return the correction of a scene by these engines, and the run with its notes."""
    mind = Mind(made.transmission, made.signal[0], sins or Sins(), seed)
    run = Quiet()
    with tempfile.TemporaryDirectory() as home, Service(mind=mind) as service:
        variables = {**service.environment(**settings), "FLATBRIDGE_HOME": home}
        with patch.dict(os.environ, variables):
            options = Options(detector=detector, inpainter=inpainter)
            return pipeline.correct(Frame(made.flat), options, run), run


def before(made: Scene) -> float:
    """Return the rms of the dust, smoothed by 2 px, over its footprint."""
    left = gaussian_filter(made.transmission, 2) - 1
    return float((left[made.footprint] ** 2).mean() ** 0.5) if made.footprint.any() else 0.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--count", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=[*KINDS, *EMPTY])
    given = parser.parse_args()
    print(f"{'kind':16} {'seed':>5} {'engines':22} {'before %':>8} {'after %':>8} {'times':>6} "
          f"{'untouched':>9} {'harm %':>7}  notes")  # fmt: skip
    for kind in given.kinds:
        for seed in range(given.first, given.first + given.count):
            made = scene(kind, seed)
            sins = Sins(hallucinated=20) if kind in EMPTY else None
            for detector, inpainter, fallback in WAYS:
                found, run = correct(
                    made, detector, inpainter, sins=sins, seed=seed, fallback=fallback
                )
                marks = score(made, found.correction)
                had = before(made)
                times = had / marks.after if marks.after else 0.0
                name = f"{detector}+{inpainter}{'' if fallback else ', alone'}"
                notes = {
                    **run.notes.get("detector", {}).get("proposals", {}),
                    **run.notes.get("inpainter", {}).get("holes", {}),
                }
                print(f"{kind:16} {seed:5} {name:22} {100 * had:8.3f} {100 * marks.after:8.3f} "
                      f"{times:6.1f} {marks.untouched:9.4f} {100 * marks.harm:7.4f}  {notes}",
                      flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
