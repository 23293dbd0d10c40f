"""How much dust the local engine removes, what it costs, and how that compares.

    python -m tests.benchmarks.bench_accuracy --first 1000 --count 8
    python -m tests.benchmarks.bench_accuracy --kinds "donuts" "specks, Sun" --anchors --each

Per kind of scene, over its seeds: rms of the dust before and after, the same at the limit (true
footprint, true light: noise and pixel response alone), what two anchors leave (the true mask, or a
difference-of-Gaussians threshold, filled by scikit-image's biharmonic), the share of clean pixels
left alone, the harm done to them, the unsmoothed rms, shadows found and false ones; then what was
found by depth and size, and how often the true error lies within the uncertainty that is told.
The anchors need scikit-image: pip install -e ".[benchmarks]".
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import scipy
from scipy.ndimage import gaussian_filter

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from bridge.report.figures import figures
from tests.benchmarks.scenes import KINDS, Scene, scene
from tests.benchmarks.scores import (
    Score,
    Sighting,
    false_alarms,
    limit,
    score,
    sightings,
)

GOALS = {
    "specks, Sun": (0.60, 0.995, 0.05),
    "specks, limb": (1.5, 0.995, 0.05),
    "donuts": (0.12, 0.99, 0.03),
    "donuts, faint": (0.15, 0.99, 0.03),
    "donuts, noise 1.2 %": (0.40, 0.99, 0.06),
    "donuts, Bayer": (0.15, 0.99, 0.03),
    "no dust, smooth": (0.0, 1.0, 0.0),
    "no dust, Sun": (0.0, 0.999, 0.02),
}
"""After (%), untouched, harm (%): what is aimed at."""

DEPTHS = (0.002, 0.005, 0.01, 0.03, 1.0)
SIZES = (0, 16, 50, 200, 1000)


@dataclass(frozen=True)
class Outcome:
    """Everything measured on one scene."""

    kind: str
    seed: int
    before: float
    limit: float
    ours: Score
    mask_anchor: float
    dog_anchor: Score | None
    sightings: list[Sighting]
    false: int
    misses: list[float]


def measure(task: tuple[str, int, bool]) -> Outcome:
    """Correct one scene and score it."""
    kind, seed, with_anchors = task
    made = scene(kind, seed)
    frame = Frame(made.flat)
    found = pipeline.correct(frame, Options(), Quiet())
    mask_anchor, dog_anchor = np.nan, None
    if with_anchors:
        from tests.benchmarks import anchors  # needs a package that nothing else here does

        dog_anchor = score(made, anchors.difference_of_gaussians(made))
        if KINDS[kind].dust:
            mask_anchor = score(made, anchors.true_mask(made)).after
    return Outcome(
        kind=kind,
        seed=seed,
        before=score(made, np.ones_like(made.flat)).after,
        limit=score(made, limit(made)).after,
        ours=score(made, found.correction),
        mask_anchor=mask_anchor,
        dog_anchor=dog_anchor,
        sightings=sightings(made, found.mask),
        false=false_alarms(made, found.mask),
        misses=misses(made, frame, found),
    )


def misses(made: Scene, frame: Frame, found: pipeline.Correction) -> list[float]:
    """Return, for each shadow found, its true error over the uncertainty that is told of it."""
    left = gaussian_filter(made.transmission / found.correction[0], 2) - 1
    rows, columns = np.mgrid[: frame.height, : frame.width]
    told = []
    for shadow in figures(frame, found).shadows:
        if shadow.corrected and shadow.uncertainty > 0:
            inside = np.hypot(columns - shadow.x, rows - shadow.y) <= max(2, shadow.diameter / 4)
            inside &= found.mask > 0.5
            if inside.any():
                told.append(abs(float(left[inside].mean())) / shadow.uncertainty)
    return told


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--count", type=int, default=4, help="seeds per kind")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), help="kinds of scene")
    parser.add_argument("--anchors", action="store_true", help="measure the anchors too")
    parser.add_argument("--each", action="store_true", help="print every seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    given = parser.parse_args(argv)
    print(f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}")
    seeds = range(given.first, given.first + given.count)
    tasks = [(kind, seed, given.anchors) for kind, seed in product(given.kinds, seeds)]
    with ProcessPoolExecutor(given.jobs) as pool:
        outcomes = list(pool.map(measure, tasks))
    print(HEADER)
    for kind in given.kinds:
        mine = [outcome for outcome in outcomes if outcome.kind == kind]
        if given.each:
            for outcome in mine:
                print(_row(f"  {outcome.seed}", [outcome]))
        print(_row(kind, mine), _verdict(kind, mine))
    _print_sightings([entry for outcome in outcomes for entry in outcome.sightings])
    _print_calibration([miss for outcome in outcomes for miss in outcome.misses])


HEADER = (
    f"{'scene':22s} {'before':>7s} {'after':>7s} {'worst':>7s} {'limit':>6s} {'mask+bi':>8s}"
    f" {'DoG+bi':>8s} {'untouched':>9s} {'harm':>7s} {'raw':>6s} {'found':>9s} {'false':>5s}"
)


def _row(name: str, outcomes: list[Outcome]) -> str:
    def mean(values: list[float]) -> float:
        return 100 * float(np.sqrt(np.mean(np.square(values))))

    after = [outcome.ours.after for outcome in outcomes]
    seen = [entry.found for outcome in outcomes for entry in outcome.sightings]
    dog = [outcome.dog_anchor.after for outcome in outcomes if outcome.dog_anchor]
    return (
        f"{name:22s} {mean([o.before for o in outcomes]):7.3f} {mean(after):7.3f}"
        f" {100 * max(after):7.3f} {mean([o.limit for o in outcomes]):6.3f}"
        f" {mean([o.mask_anchor for o in outcomes]):8.3f} {mean(dog) if dog else np.nan:8.3f}"
        f" {min(o.ours.untouched for o in outcomes):9.5f}"
        f" {100 * max(o.ours.harm for o in outcomes):7.4f}"
        f" {mean([o.ours.raw for o in outcomes]):6.2f}"
        f" {sum(seen):4d}/{len(seen):4d} {sum(o.false for o in outcomes):5d}"
    )


def _verdict(kind: str, outcomes: list[Outcome]) -> str:
    """Return how many seeds meet the goal, if there is one."""
    if kind not in GOALS:
        return ""
    after, untouched, harm = GOALS[kind]
    met = [
        100 * o.ours.after <= (after or np.inf)
        and o.ours.untouched >= untouched
        and round(100 * o.ours.harm, 9) <= harm  # a mean of ones is 1 but for rounding
        for o in outcomes
    ]
    return f"goal {after or '-'} / {untouched} / {harm}: {sum(met)} of {len(met)}"


def _print_sightings(entries: list[Sighting]) -> None:
    print("\nfound, by depth (down) and diameter in px (across)")
    print(" " * 16 + "".join(f"{f'{low}-{high}':>14s}" for low, high in pairwise(SIZES)))
    for shallow, deep in pairwise(DEPTHS):
        cells = []
        for low, high in pairwise(SIZES):
            seen = [
                entry.found
                for entry in entries
                if shallow <= entry.depth < deep and low <= entry.diameter < high
            ]
            cells.append(f"{f'{sum(seen)}/{len(seen)}' if seen else '-':>14s}")
        print(f"{f'{100 * shallow:g}-{100 * deep:g} %':16s}" + "".join(cells))


def _print_calibration(told: list[float]) -> None:
    if told:
        shares = (float(np.mean(np.array(told) <= times)) for times in (1, 2, 3))
        print("\ntrue error within 1, 2, 3 times the uncertainty (a normal law: 68, 95, 99.7 %):")
        print(" / ".join(f"{100 * share:.0f} %" for share in shares), f"of {len(told)} shadows")


if __name__ == "__main__":
    main()
