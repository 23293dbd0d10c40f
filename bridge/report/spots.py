"""What can be said of a mask alone, before anything is reconstructed."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from bridge.frame import Plane


def spots(mask: Plane) -> dict[str, object]:
    """Return the pieces of dust in a soft mask, the largest first, as a job's figures.

    Parameters
    ----------
    mask
        (height, width) float32 in [0, 1]. A piece is where it exceeds 0.5, corners touching count
        as connected.

    Returns
    -------
    dict
        ``shadows``: id, x, y (0-based centers, weighted by the mask, px), diameter (of the disc of
        the same area, px); ``touched``: share of pixels above 0.
    """
    labels, count = ndimage.label(mask > 0.5, structure=np.ones((3, 3)))
    numbers = np.arange(1, count + 1)
    areas = ndimage.sum_labels(np.ones_like(mask), labels, numbers)
    centers = ndimage.center_of_mass(mask, labels, numbers.tolist())
    found = sorted(zip(areas, centers, strict=True), key=lambda piece: (-piece[0], piece[1]))
    shadows = [
        {
            "id": number,
            "x": round(float(center[1]), 2),
            "y": round(float(center[0]), 2),
            "diameter": round(2 * float(np.sqrt(area / np.pi)), 2),
        }
        for number, (area, center) in enumerate(found, start=1)
    ]
    touched = float(f"{np.count_nonzero(mask) / mask.size:.6g}")
    return {"shadows": shadows, "touched": touched}
