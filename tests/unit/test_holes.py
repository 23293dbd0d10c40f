"""Filling of one hole in structured light, from one ring or from two."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from threadpoolctl import threadpool_limits

from bridge.engines.base import Quiet
from bridge.engines.local.background import illumination
from bridge.engines.local.holes import fill, fill_steadily
from bridge.frame import Frame
from bridge.numerics.boxes import pieces
from bridge.options import Options
from bridge.pipeline import detect
from tests.benchmarks.scenes import scene

SIDE = 160
AWAY = np.hypot(*(np.indices((SIDE, SIDE)) - SIDE // 2))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    with threadpool_limits(1, "blas"):
        yield


def sun(rng, blur=8.0):
    mottle = gaussian_filter(rng.standard_normal((SIDE, SIDE)), blur)
    return 1 + 0.04 * mottle / mottle.std()


def cut(hole):
    rows, columns = np.nonzero(hole)
    return slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)


def test_the_mean_of_two_rings_errs_less_on_the_sun():
    made = scene("specks, Sun", 603, (300, 450))
    holes = detect(Frame(made.flat), Options(), Quiet()).mask > 0
    light = illumination(made.flat[0], ~holes, None)
    ratio, truth = made.flat[0] / light, made.signal[0] / light

    def error(method):
        off = [
            (method(ratio, hole, box, ~holes).level / truth[box] - 1)[hole]
            for box, hole in pieces(holes)
        ]
        return np.sqrt(np.mean(np.concatenate(off) ** 2))

    assert error(fill_steadily) < 0.95 * error(fill)


def test_a_wide_hole_is_foretold_once():
    rng = np.random.default_rng(3)
    light = sun(rng).astype(np.float32)
    hole = AWAY <= 30
    once, twice = (method(light, hole[cut(hole)], cut(hole), ~hole)
                   for method in (fill, fill_steadily))  # fmt: skip
    np.testing.assert_array_equal(once.level, twice.level)


def test_one_ring_is_enough_where_nothing_is_known_farther_off():
    rng = np.random.default_rng(4)
    light = sun(rng).astype(np.float32)
    hole = AWAY <= 6
    known = ~hole & (AWAY <= 8)
    once, twice = (method(light, hole[cut(hole)], cut(hole), known)
                   for method in (fill, fill_steadily))  # fmt: skip
    np.testing.assert_array_equal(once.level, twice.level)
