"""The figures of one correction: its shadows, and how much was and is wrong with the flat."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TypedDict

import numpy as np
from scipy import ndimage

from bridge.frame import Flags, Frame, Plane
from bridge.numerics.boxes import Box, grow, pieces
from bridge.pipeline import Correction
from bridge.report import measure


class ShadowJson(TypedDict):
    """One entry of `FiguresJson`."""

    id: int
    x: float
    y: float
    diameter: float
    depth: float
    uncertainty: float
    corrected: bool


class FiguresJson(TypedDict):
    """The member ``figures`` of report.json and of a job."""

    shadows: list[ShadowJson]
    touched: float
    factor_min: float
    factor_max: float
    residual: float
    noise: float


@dataclass(frozen=True, slots=True)
class Shadow:
    """One connected piece of dust: where mask > 0.5, corners touching count as connected.

    Or what the detector took for possible dust and left alone: where the seed mask is above 0 but
    not above 0.5.

    Parameters
    ----------
    id
        1 for the deepest that was corrected, counting up; then those left alone.
    x, y
        Center, weighted by the mask; 0-based pixel centers, px.
    diameter
        Of the disc with the piece's area, px.
    depth
        1 - lowest correction inside, in the deepest channel; see `measure.depth`. Of what was left
        alone, how much darker it is than its surroundings; see `measure.darkness`.
    uncertainty
        Standard error of the reconstructed level there, relative; see `measure.uncertainty`.
    corrected
        Whether the factor is not 1 there; False for what was left alone.
    """

    id: int
    x: float
    y: float
    diameter: float
    depth: float
    uncertainty: float
    corrected: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What one correction found and did; every number is finite.

    Parameters
    ----------
    shadows
        Corrected ones, deepest first, then those left alone.
    touched
        Share of pixels whose correction is not exactly 1 in some channel.
    factor_min, factor_max
        Extremes of the correction over the picture; 1 where nothing was changed.
    residual
        Rms of what is left of the dust: the clean flat against its reconstructed level inside the
        shadows, both smoothed by 2 px; relative; 0 without shadows.
    noise
        Relative noise of single clean pixels; see `measure.noise`.
    """

    shadows: tuple[Shadow, ...]
    touched: float
    factor_min: float
    factor_max: float
    residual: float
    noise: float

    def to_json(self) -> FiguresJson:
        """Return the figures as report.json shows them, rounded to six digits."""
        return {
            "shadows": [_shadow_json(shadow) for shadow in self.shadows],
            "touched": _digits(self.touched),
            "factor_min": _digits(self.factor_min),
            "factor_max": _digits(self.factor_max),
            "residual": _digits(self.residual),
            "noise": _digits(self.noise),
        }

    @classmethod
    def from_json(cls, figures: FiguresJson) -> Figures:
        """Return the figures that `to_json` wrote."""
        shadows = tuple(Shadow(**shadow) for shadow in figures["shadows"])
        rest = {name: value for name, value in figures.items() if name != "shadows"}
        return cls(shadows=shadows, **rest)  # type: ignore[arg-type]


def figures(frame: Frame, result: Correction) -> Figures:
    """Return the figures of ``result``, the correction of ``frame``.

    Parameters
    ----------
    frame
        The flat; NaN pixels take part in nothing.
    result
        Its correction; planes of the same geometry, finite.

    Raises
    ------
    ValueError
        If the planes do not have the frame's shape.
    """
    if result.correction.shape != frame.pixels.shape or result.mask.shape != frame.pixels.shape[1:]:
        raise ValueError("the correction belongs to a frame of another shape")
    clean = result.mask <= 0
    shadows: list[Shadow] = []
    squares, pixels = 0.0, 0
    for box, piece in pieces(result.mask > 0.5):
        shadows.append(_shadow(frame, result, clean, piece, box))
        left = _left_over(result, piece, box)
        squares += float(np.sum(left**2, dtype=np.float64))
        pixels += left.size
    if result.seed_mask is not None:
        shadows += _left_alone(frame, result.seed_mask, clean)
    shadows.sort(key=lambda shadow: (not shadow.corrected, -shadow.depth, shadow.y, shadow.x))
    changed = result.correction[0] != 1
    for plane in result.correction[1:]:
        changed |= plane != 1
    touched = np.count_nonzero(changed) / result.mask.size
    return Figures(
        shadows=tuple(replace(shadow, id=rank) for rank, shadow in enumerate(shadows, start=1)),
        touched=float(touched),
        factor_min=float(result.correction.min()),
        factor_max=float(result.correction.max()),
        residual=float(np.sqrt(squares / pixels)) if pixels else 0.0,
        noise=measure.noise(frame.pixels, clean),
    )


def _shadow(frame: Frame, result: Correction, clean: Flags, piece: Flags, box: Box) -> Shadow:
    y, x = np.nonzero(piece)
    weight = result.mask[box][piece].astype(np.float64)
    diameter = 2 * float(np.sqrt(y.size / np.pi))
    depths = [measure.depth(plane[box], piece, diameter) for plane in result.correction]
    deepest = int(np.argmax(depths))
    error = measure.uncertainty(frame.pixels[deepest], clean, piece, box, diameter)
    return Shadow(
        id=0,
        x=box[1].start + float(np.average(x, weights=weight)),
        y=box[0].start + float(np.average(y, weights=weight)),
        diameter=diameter,
        depth=depths[deepest],
        uncertainty=error,
        corrected=bool((result.correction[:, *box] != 1)[:, piece].any()),
    )


def _left_alone(frame: Frame, seed: Plane, clean: Flags) -> list[Shadow]:
    found = []
    for box, piece in pieces((seed > 0) & (seed <= 0.5) & clean):
        y, x = np.nonzero(piece)
        diameter = 2 * float(np.sqrt(y.size / np.pi))
        depths = [measure.darkness(plane, clean, piece, box, diameter) for plane in frame.pixels]
        deepest = int(np.argmax(depths))
        found.append(
            Shadow(
                id=0,
                x=box[1].start + float(x.mean()),
                y=box[0].start + float(y.mean()),
                diameter=diameter,
                depth=depths[deepest],
                uncertainty=measure.uncertainty(frame.pixels[deepest], clean, piece, box, diameter),
                corrected=False,
            )
        )
    return found


def _left_over(result: Correction, piece: Flags, box: Box) -> Plane:
    """Return the clean flat against its reconstructed level, minus 1, at the piece's pixels."""
    around = grow(box, 8, (result.mask.shape[0], result.mask.shape[1]))
    inside = np.s_[
        box[0].start - around[0].start : box[0].stop - around[0].start,
        box[1].start - around[1].start : box[1].stop - around[1].start,
    ]
    left = []
    for cleaned, level in zip(result.cleaned(around), result.inpainted, strict=True):
        smooth = [ndimage.gaussian_filter(plane, 2.0) for plane in (cleaned, level[around])]
        above, below = (plane[inside][piece] for plane in smooth)
        known = below > 0
        left.append(above[known] / below[known] - 1)
    return np.concatenate(left)


def _shadow_json(shadow: Shadow) -> ShadowJson:
    entry: ShadowJson = asdict(shadow)  # type: ignore[assignment]
    entry["x"], entry["y"] = round(shadow.x, 2), round(shadow.y, 2)
    entry["diameter"] = round(shadow.diameter, 2)
    entry["depth"], entry["uncertainty"] = _digits(shadow.depth), _digits(shadow.uncertainty)
    return entry


def _digits(value: float) -> float:
    return float(f"{value:.6g}")
