"""The dust fit: whether a correction's dust is in a target, how strongly, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation
from threadpoolctl import threadpool_limits

from bridge.frame import Planes
from bridge.numerics import mosaic, places
from bridge.numerics.boxes import EIGHT, Box, pieces
from bridge.numerics.regions import Layer
from bridge.numerics.slopes import Slope, slope
from bridge.numerics.verdict import SURE, Verdict, pooled, verdict

Array = NDArray[np.float64]

FAINTEST: Final = 0.002
"""Where the correction departs from 1 by less, there is no shadow to look for."""

MOST: Final = 40
"""So many of the strongest shadows are measured."""

ABSENT: Final = 0.6
"""Dust surely weaker than this is looked for in turned frames."""

TURNS: Final[dict[str, Callable[[Array], Array]]] = {
    "rotated by 180 degrees": lambda plane: plane[::-1, ::-1],
    "with its rows flipped": lambda plane: plane[::-1],
    "with its columns flipped": lambda plane: plane[:, ::-1],
    "rotated by 90 degrees": lambda plane: np.rot90(plane),
    "rotated by 270 degrees": lambda plane: np.rot90(plane, 3),
    "transposed": lambda plane: plane.T,
    "transposed and rotated by 180 degrees": lambda plane: plane[::-1, ::-1].T,
}
"""How a frame may be turned against the flat, in words; the last four only for squares."""


@dataclass(frozen=True, slots=True)
class DustFit:
    """A correction's dust in a target.

    Parameters
    ----------
    k, error
        Slope of log(target) on log(correction) where the correction lies, and its standard error:
        1 = this dust is in the target, 0 = it is not, -1 = it was divided out once too often.
        0 and infinity if nothing could be measured.
    offset
        (dx, dy) in px by which the correction would have to move to fit the target best; (0, 0)
        where it fits as it is, or nowhere.
    turn
        How the correction would have to be turned to fit; "" for not at all.
    verdict
        What it means; "matches" is said of the correction as it lies alone.
    shadows
        Every shadow measured, as the correction lies.
    """

    k: float
    error: float
    offset: tuple[int, int]
    turn: str
    verdict: Verdict
    shadows: tuple[Slope, ...]


def fit(
    values: NDArray[Any], factor: Planes, *, ceiling: float | None = None, search: bool = True
) -> DustFit:
    """Return how strongly, and where, the dust of ``factor`` shows in ``values``.

    Parameters
    ----------
    values
        (channels, height, width) in any unit, without pedestal; NaN is left out.
    factor
        Shape of ``values``; finite, above 0.
    ceiling
        From this value on pixels are saturated and left out.
    search
        Whether offsets, rotations and flips are tried as well.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if values.shape != factor.shape:
        raise ValueError(f"target {values.shape} and factor {factor.shape} differ in shape")
    with threadpool_limits(1, "blas"):  # faster on systems as small as these
        return _fit(values, factor, ceiling, search)


def _fit(values: NDArray[Any], factor: Planes, ceiling: float | None, search: bool) -> DustFit:
    light = values.astype(np.float64)
    if ceiling is not None:
        light[values >= ceiling] = np.nan
    sites = len(light) == 1 and mosaic.is_bayer(values[0].astype(np.float32))
    dust = np.log(factor.astype(np.float64))
    step = 2 if sites else 1
    layers = _layers(light, dust, sites)
    slopes = _slopes(layers)
    k, error = _pool(slopes)
    shadows = tuple(replace(one, box=_scaled(one.box, step)) for one in slopes)
    found = DustFit(k, error, (0, 0), "", verdict(k, error), shadows)
    if not (search and slopes):
        return found
    place = places.best(layers, slopes, places.REACH // step)
    if place.sure:
        # Dust that has moved is not where the correction lies, whatever it still covers by half.
        dx, dy = place.offset
        found = replace(found, offset=(step * dx, step * dy), verdict="not-in-target")
    elif found.verdict in ("matches", "pedestal-or-gamma") and place.better > places.DOUBTFUL:
        return replace(found, verdict="too-faint")
    if abs(k) + SURE * error < ABSENT and not (place.sure and place.k > ABSENT):
        return _turned(light, dust, sites, found, place.k / place.error if place.sure else 0.0)
    return found


def shadow_boxes(factor: Planes) -> list[Box]:
    """Return the box of each shadow of a factor, (channels, height, width), the strongest first."""
    dust = np.log(factor.astype(np.float64))
    return _boxes([Layer(plane, plane) for plane in dust])


def _turned(light: Array, dust: Array, sites: bool, found: DustFit, certain: float) -> DustFit:
    """Return the fit with the turn, and the offset after it, under which the dust is there.

    ``certain`` tells how many standard errors speak for the fit as it is.
    """
    step = 2 if sites else 1
    certain, best = max(certain, places.FAR), found
    for words, turn in TURNS.items():
        turned = np.stack([turn(plane) for plane in dust])
        if turned.shape != light.shape:
            continue
        layers = _layers(light, turned, sites)
        place = places.best(layers, _slopes(layers, quick=True), places.REACH // step)
        if place.k > max(certain * place.error, 1 - ABSENT):
            dx, dy = place.offset
            certain = place.k / place.error
            offset = step * dx, step * dy
            best = replace(found, offset=offset, turn=words, verdict="not-in-target")
    return best


def _slopes(layers: list[Layer], *, quick: bool = False) -> list[Slope]:
    found = (slope(layers, box, quick=quick) for box in _boxes(layers))
    return [one for one in found if one is not None]


def _pool(slopes: list[Slope]) -> tuple[float, float]:
    return pooled([(one.k, one.error) for one in slopes])


def _scaled(box: Box, step: int) -> Box:
    rows, columns = (slice(step * side.start, step * side.stop) for side in box)
    return rows, columns


def _layers(light: Array, dust: Array, sites: bool) -> list[Layer]:
    if not sites:
        return [Layer(*pair) for pair in zip(light, dust, strict=True)]
    height, width = (length // 2 * 2 for length in light.shape[1:])
    return [
        Layer(light[0, row:height:2, column:width:2], dust[0, row:height:2, column:width:2])
        for row, column in mosaic.SITES
    ]


def _boxes(layers: list[Layer]) -> list[Box]:
    """Return the box of each shadow, the strongest first."""
    strength = np.mean([abs(layer.dust) for layer in layers], axis=0)
    found = []
    for box, flags in pieces(binary_dilation(strength > FAINTEST, EIGHT)):
        weight = float(np.sum(strength[box][flags] ** 2))
        found.append((weight, box))
    found.sort(key=lambda entry: -entry[0])
    return [box for _, box in found[:MOST]]
