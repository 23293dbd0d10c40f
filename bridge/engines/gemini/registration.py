"""Laying a picture that came back over the one that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates, sobel

from bridge.engines.gemini.errors import Misaligned
from bridge.engines.local.squares import means
from bridge.frame import Flags, Plane

Array = NDArray[np.float64]

FINE, BROAD = 1.0, 8.0
"""Structure between these sizes, px of the level that is looked at, tells where things are."""

LEVELS: Final = (8, 4, 2, 1)
"""Pixels per pixel, coarse to fine."""

POINTS = 300_000
"""Pixels that take part, at most, at each level."""

TURNS = 20
"""Steps of the solution at each level; it has settled before."""

WARPED, SHIFTED = 0.04, 0.04
"""Change of scale or shear, and shift in units of the longer side, that can be believed."""

USUAL: Final = np.array([[0.006, 0.002, 0.02], [0.002, 0.006, 0.02]])
"""Stretch, shear and shift to be expected, in units of half the longer side."""

PATCH = 200
"""Pixels that tell the same: the broadest structure that counts."""

SEEN = 8.0
"""A correlation of this many standard errors is none by chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Where the pixels of one picture lie in another: ``matrix`` (2, 3) acts on (row, column, 1).

    ``agreement`` is the correlation of both once aligned, 0 to 1.
    """

    matrix: Array
    agreement: float

    def bring(self, picture: Plane, order: int = 1) -> Plane:
        """Return ``picture`` as it looks from the other; edges are drawn out."""
        rows, columns = np.indices(picture.shape, np.float32)
        places = np.stack([m[0] * rows + m[1] * columns + m[2] for m in self.matrix])
        return np.asarray(
            map_coordinates(picture, places, order=order, mode="nearest"),  # type: ignore[call-overload]
            np.float32,
        )

    def to_json(self) -> dict[str, object]:
        """Return shift in px, change of scale, and agreement, as reports show them."""
        return {
            "shift": [round(float(self.matrix[1, 2]), 2), round(float(self.matrix[0, 2]), 2)],
            "scale": [round(float(self.matrix[1, 1]), 5), round(float(self.matrix[0, 0]), 5)],
            "agreement": round(self.agreement, 3),
        }


UNMOVED: Final = np.array([[1.0, 0, 0], [0, 1, 0]])


def register(sent: Plane, back: Plane, known: Flags) -> Alignment | None:
    """Return where the pixels of ``sent`` lie in ``back``, or None if nothing can be told.

    Coarse to fine, the affine map, gain and offset that bring ``back`` closest to ``sent`` (least
    squares; Lucas & Kanade 1981, with gain and offset as Evangelidis & Psarakis 2008 have them).

    Parameters
    ----------
    sent, back
        (height, width) float32 of one shape; structure alike in both is what counts.
    known
        Pixels of ``sent`` that count.

    Raises
    ------
    Misaligned
        If they agree only where no model moves things by itself: scale or shear off by more than
        4 %, or a shift of more than 4 % of the longer side.
    """
    coarse = next((level for level in LEVELS if min(sent.shape) / level >= 48), 1)
    matrix = UNMOVED.copy()
    matrix[:, 2] = _shift(*(_banded(_coarser(plane, coarse)) for plane in (sent, back))) * coarse
    told = False
    for level in (level for level in LEVELS if level <= coarse):
        ours, theirs = (_banded(_coarser(plane, level)) for plane in (sent, back))
        weight = _coarser(known, level) > 0.99
        matrix, agreement, points = _refined(ours, theirs, weight, matrix, level)
        told = agreement * np.sqrt(points) > SEEN
    if not told or agreement < LEAST:
        return None
    _check(matrix, sent.shape)
    return Alignment(matrix, agreement)


LEAST = 0.05
"""Correlation below which nothing is told, however many pixels show it."""


def _at(plane: Plane, places: Array) -> Array:
    found: Array = map_coordinates(plane, places, order=1, mode="nearest")
    return found


def _coarser(plane: Plane | Flags, level: int) -> Plane:
    height, width = (side - side % level for side in plane.shape)
    return means(plane[:height, :width], level)


def _banded(plane: Plane) -> Plane:
    return gaussian_filter(plane, FINE) - gaussian_filter(plane, BROAD)


def _shift(sent: Plane, back: Plane) -> Array:
    """Return the whole-pixel shift, (rows, columns), of the highest cross-correlation."""
    product = np.conj(np.fft.rfft2(sent - sent.mean())) * np.fft.rfft2(back - back.mean())
    field = np.fft.irfft2(product, s=sent.shape)
    place = np.array(np.unravel_index(int(np.argmax(field)), field.shape), float)
    size = np.array(sent.shape, float)
    return np.where(place > size / 2, place - size, place)


def _refined(
    sent: Plane, back: Plane, known: Flags, matrix: Array, level: int
) -> tuple[Array, float, int]:
    """Return the map in px of the frame, the correlation with it, and the pixels it rests on."""
    rows, columns = np.nonzero(known)
    if len(rows) < 100 or not sent[known].any() or not back.any():
        return matrix, 0.0, 0
    step = -(-len(rows) // POINTS)
    rows, columns = rows[::step], columns[::step]
    target = sent[rows, columns].astype(float)
    middle, reach = np.array(sent.shape) / 2, max(sent.shape) / 2
    down, across = (rows - middle[0]) / reach, (columns - middle[1]) / reach
    slopes = [np.asarray(sobel(back, axis) / 8, np.float32) for axis in (0, 1)]
    here = _at_level(matrix, level)
    spread = float(target.std()) + 1e-9
    agreement, trust, residual = 0.0, np.ones(len(rows)), np.full(len(rows), spread)
    for _ in range(TURNS):
        places = np.stack([m[0] * rows + m[1] * columns + m[2] for m in here])
        seen = _at(back, places)
        slope = [_at(plane, places) for plane in slopes]
        (own, common), (_, other) = np.cov(seen, target)
        agreement = float(common / np.sqrt(own * other)) if own > 0 < other else 0.0
        terms = [s * term for s in slope for term in (down, across, np.ones_like(down))]
        design = np.stack([seen, np.ones_like(seen), *terms], axis=1)
        weighted = design * trust[:, None]
        normal, wanted = weighted.T @ design, weighted.T @ target
        normal[np.diag_indices(8)] *= 1 + 1e-9
        # Few blobs tell little of a stretch: what they leave open stays as it was sent.
        gain = max(float(common / own), 1e-3) if own > 0 else 1e-3
        strict = (trust @ np.square(residual) / trust.sum()) * PATCH / step
        strict = strict / np.square(gain * USUAL * reach)
        normal[range(2, 8), range(2, 8)] += strict.ravel()
        moved = np.column_stack([(here - UNMOVED)[:, :2] * reach, (here - UNMOVED) @ [*middle, 1]])
        wanted[2:] -= gain * (strict * moved).ravel()
        try:
            solution = np.linalg.solve(normal, wanted)
        except np.linalg.LinAlgError:
            break
        if solution[0] <= 0:
            break
        # What the model changed, or drew at the edges, has no say (Geman & McClure 1987).
        residual = np.abs(design[:, :2] @ solution[:2] - target)
        trust = (1 + np.square(residual / (4 * np.median(residual) + spread))) ** -2.0
        change = solution[2:].reshape(2, 3) / solution[0]
        change = np.clip(change, -3, 3)
        here[:, :2] += change[:, :2] / reach
        here[:, 2] += change[:, 2] - change[:, :2] @ middle / reach
        if np.abs(change).max() < 0.003:
            break
    return _at_level(here, 1 / level), max(agreement, 0.0), len(rows)


def _at_level(matrix: Array, level: float) -> Array:
    """Return a map of pixel centers for planes whose pixels are ``level`` times as large."""
    corner = (level - 1) / 2
    shifted = matrix.copy()
    shifted[:, 2] = (matrix[:, :2].sum(axis=1) * corner + matrix[:, 2] - corner) / level
    return shifted


def _check(matrix: Array, shape: tuple[int, ...]) -> None:
    warp = np.abs(matrix[:, :2] - UNMOVED[:, :2]).max()
    middle = np.array(shape) / 2
    shift = np.abs(matrix[:, :2] @ middle + matrix[:, 2] - middle).max()
    if warp > WARPED or shift > SHIFTED * max(shape):
        raise Misaligned(
            f"The model's picture is shifted by {shift:.0f} px and stretched by {warp:.1%} against "
            "the one that was sent: too much to be trusted. Ask again with another seed."
        )
