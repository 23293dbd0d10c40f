"""A drawn mask is laid over the frame, whatever of the shadows the model draws."""

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from bridge.engines.gemini.proposals import from_mask

SHAPE = (500, 700)
STRETCH, SHIFT = 1.0046, 2.5


def discs(seed):
    """Return overlapping shadows and their dark hearts."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    whole, hearts = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    for _ in range(45):
        radius = rng.uniform(6, 22)
        away = np.hypot(rows - rng.uniform(0, SHAPE[0]), columns - rng.uniform(0, SHAPE[1]))
        whole |= away < radius
        hearts |= away < 0.4 * radius
    return whole, hearts


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("drawn", ["whole", "hearts"])
def test_a_stretched_mask_is_brought_back_to_the_pixel(seed, drawn):
    whole, hearts = discs(seed)
    seen = whole if drawn == "whole" else hearts
    rows, columns = np.indices(SHAPE, float)
    places = np.stack([(rows - SHIFT) / STRETCH, columns])
    gray = 255 * map_coordinates(seen.astype(np.float32), places, order=1)
    found, laid = from_mask(np.stack([gray] * 3), whole, np.ones(SHAPE, bool))
    for row in (0, SHAPE[0]):
        brought = laid.matrix @ (row, SHAPE[1] / 2, 1)
        assert brought == pytest.approx((row * STRETCH + SHIFT, SHAPE[1] / 2), abs=1)
    assert np.mean(found == seen) > 0.99
