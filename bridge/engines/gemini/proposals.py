"""Where the model sees dust: from a mask it drew, or from boxes it named."""

from __future__ import annotations

import json
import re
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.engines.gemini.errors import Garbage, Implausible, Misaligned
from bridge.engines.gemini.registration import Alignment, register
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import depth, pieces

WHITE: Final = 127
"""Gray level beyond which a mask says dust."""

GRAYEST: Final = 0.2
"""Share of a mask that may be neither black nor white."""

MOST: Final = 0.5
"""Share of the frame that may be dust."""

BLUR: Final = 2.0
"""Px by which the picture and the mask are blurred before they are compared."""


def from_mask(answer: Planes, seen: Flags, known: Flags) -> tuple[Flags, Alignment | None]:
    """Return where a drawn mask says dust, laid over the frame, and how it was laid.

    Parameters
    ----------
    answer
        (3, height, width) gray levels, 0 to 255, of the picture that came back.
    seen
        (height, width) the dust that the offline engine is sure of: it tells how the mask lies.
    known
        Pixels of it that count.

    Returns
    -------
    tuple
        Flags (height, width), and an `Alignment`, or None where nothing could be compared: there
        is no dust, or none that the offline engine is sure of.

    Raises
    ------
    Implausible
        If it is no mask, or says that most of the frame is dust.
    Misaligned
    """
    gray = answer.mean(axis=0)
    between = float(np.mean((gray > 64) & (gray < 191)))
    if between > GRAYEST:
        raise Implausible(
            f"The model drew no mask: {between:.0%} of its picture is neither black nor white. "
            "Ask again with another seed, or set gemini.route to point."
        )
    covered = float(np.mean(gray > WHITE))
    if covered > MOST:
        raise Implausible(
            f"The model calls {covered:.0%} of the frame dust. Ask again with another seed."
        )
    if not covered:
        return np.zeros(seen.shape, bool), None
    found = _laid(seen, gray, known)
    return (found.bring(gray) if found else gray) > WHITE, found


def from_boxes(words: str, shape: tuple[int, int]) -> Flags:
    """Return the ellipses in the boxes that a model named, as flags of a picture of ``shape``.

    Raises
    ------
    Garbage
        If it is no list of boxes.
    Implausible
        If they cover most of the frame.
    """
    where = np.zeros(shape, bool)
    for box in _boxes(words):
        top, left, bottom, right = np.clip(box, 0, 1000) / 1000 * np.array([*shape, *shape])
        rows = np.arange(int(top), min(shape[0], int(np.ceil(bottom)) + 1))
        columns = np.arange(int(left), min(shape[1], int(np.ceil(right)) + 1))
        down = (rows + 0.5 - (top + bottom) / 2) / max((bottom - top) / 2, 1)
        across = (columns + 0.5 - (left + right) / 2) / max((right - left) / 2, 1)
        inside = np.add.outer(down**2, across**2) <= 1
        where[np.ix_(rows, columns)] |= inside
    if where.mean() > MOST:
        raise Implausible("The model calls most of the frame dust. Ask again with another seed.")
    return where


def _laid(seen: Flags, gray: Plane, known: Flags) -> Alignment | None:
    """Return how a drawn mask lies, by whole shadows or their hearts: by what was drawn of them."""
    found: list[Alignment] = []
    trouble: Misaligned | None = None
    for dust in (seen, _hearts(seen)):
        sent = gaussian_filter(dust.astype(np.float32), BLUR)
        try:
            one = register(sent, gaussian_filter(gray, BLUR), known)
        except Misaligned as refusal:
            trouble = refusal
        else:
            found += [one] if one else []
    if not found and trouble:
        raise trouble
    return max(found, key=lambda one: one.agreement, default=None)


def _hearts(dust: Flags) -> Flags:
    """Return the inner half of each piece of ``dust``: its dark, without rims."""
    hearts = np.zeros_like(dust)
    for box, piece in pieces(dust):
        inside = depth(piece)
        hearts[box] |= inside > inside.max() / 2
    return hearts


def _boxes(words: str) -> list[list[float]]:
    text = re.sub(r"^```\w*|```$", "", words.strip()).strip()
    try:
        listed = json.loads(text)
    except ValueError:
        listed = None
    if isinstance(listed, dict) and len(listed) == 1:
        listed = next(iter(listed.values()))
    if not isinstance(listed, list):
        raise Garbage("The model's list of boxes cannot be read. Ask again with another seed.")
    found = []
    for entry in listed:
        box = entry.get("box_2d") if isinstance(entry, dict) else entry
        if not isinstance(box, list) or len(box) != 4:
            raise Garbage("The model's list of boxes cannot be read. Ask again with another seed.")
        if not all(isinstance(n, int | float) and np.isfinite(n) for n in box):
            raise Garbage("The model's list of boxes cannot be read. Ask again with another seed.")
        if box[0] < box[2] and box[1] < box[3]:
            found.append([float(n) for n in box])
    return found
