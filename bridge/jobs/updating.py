"""A stale flat brought up to date by frames that it was divided into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.errors import BadOption, TargetRefused
from bridge.frame import Frame, Planes
from bridge.guard import OVERRIDE
from bridge.io.samples import as_frame
from bridge.numerics.comparing import compare, new_boxes, sentence
from bridge.numerics.fit import fit
from bridge.store import StoredResult

FEWEST: Final = 5
"""Frames; in fewer the stars stay."""

TRUSTED: Final = 0.2
"""Share of its depth to which a shadow must be known to be trusted."""

FINE, COARSE = 6.0, 24.0
"""Sigmas, px: between them lies what has the size of shadows."""

HIDDEN, WORTH_TELLING = 3.0, 0.005
"""A shadow is hidden by what departs from its surroundings as much, in standard deviations; told of
from this depth."""


@dataclass(frozen=True, slots=True, eq=False)
class Updated:
    """What there is to know of a stale flat.

    Parameters
    ----------
    change
        What the stale flat is to be multiplied by: current over old dust, (channels, height,
        width) float32.
    freed
        The median of the frames as it would be without the flat's own dust in them.
    found
        The correction of ``freed``: the current dust.
    fates
        What became of the old dust, in one sentence.
    trust
        How much of the answer can be trusted, in one sentence or two.
    """

    change: Planes
    freed: Frame
    found: StoredResult
    fates: str
    trust: str


def check_count(count: int) -> None:
    """Raise `BadOption` if so few frames cannot tell dust from stars."""
    if count < FEWEST:
        raise BadOption(f"At least {FEWEST} frames are needed, so that no star stays.")


def updated(
    flat: Frame, median: Frame, correct: Callable[[Frame], StoredResult], *, force: bool
) -> Updated:
    """Return how a stale flat is to change.

    What the frames show is current dust over old dust. Freed of the old dust, which the stale flat
    itself shows best, they show current dust alone, dark on light, and that is what is looked for.

    Parameters
    ----------
    flat, median
        The stale flat, and the median of frames calibrated with it, of one geometry.
    correct
        Makes a correction.
    force
        Whether frames will do that hold the flat's dust itself.

    Raises
    ------
    TargetRefused
        If they do.
    BridgeError
        What ``correct`` raises.
    """
    old = correct(flat).planes["correction"].read()
    found = fit(median.pixels, old, search=False)
    if found.verdict == "matches" and not force:
        raise TargetRefused(
            f"The frames hold this flat's dust itself (k = {found.k:z.2f} +- {found.error:.2f}): "
            f"divide them by the flat first; {OVERRIDE}.",
            rule="not-flattened",
        )
    values = median.pixels * np.float32(median.full_scale) * old
    freed = as_frame(values, "float32", None, "The median")
    made = correct(freed)
    current = made.planes["correction"].read()
    fates = compare([fit(freed.pixels, old, search=False)], old, new_boxes(current, old))
    said = _trust(made, hidden_depth(freed.pixels, current))
    return Updated(current / old, freed, made, sentence(fates), said)


def hidden_depth(light: Planes, factor: Planes) -> float:
    """Return below which depth a shadow can hide in what the scene shows, 0 to 1.

    Parameters
    ----------
    light, factor
        (channels, height, width); measured where the factor is 1 and the light known.
    """
    clean = (factor == 1).all(axis=0) & np.isfinite(light).all(axis=0)
    if not clean.any():
        return 1.0
    weight = clean.astype(np.float32)
    plane = np.where(clean, light.mean(axis=0), np.float32(0))
    fine, coarse = (
        gaussian_filter(plane, size) / np.maximum(gaussian_filter(weight, size), np.float32(1e-6))
        for size in (FINE, COARSE)
    )
    away = fine[clean] / np.maximum(coarse[clean], np.float32(1e-9)) - 1
    middle = np.median(away)
    return min(HIDDEN * 1.4826 * float(np.median(abs(away - middle))), 1.0)


def _trust(found: StoredResult, hidden: float) -> str:
    shadows: list[dict[str, float]] = found.record.figures["shadows"]  # type: ignore[assignment]
    corrected = [one for one in shadows if one["corrected"]]
    known = sum(one["uncertainty"] < TRUSTED * abs(one["depth"]) for one in corrected)
    left, doubtful = len(shadows) - len(corrected), len(corrected) - known
    words = (
        f"{known} of {len(shadows)} shadows are known to a fifth of their depth; "
        f"{doubtful} uncertain, {left} left alone."
        if doubtful or left
        else "Every shadow found is known well."
    )
    if hidden >= WORTH_TELLING:
        words += (
            f" Nebulosity can hide dust shallower than about {100 * hidden:.1f} %: "
            "dither more, or give more frames."
        )
    return words
