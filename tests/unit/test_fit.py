"""The dust fit on frames whose history is known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from bridge.numerics.fit import fit
from bridge.numerics.verdict import FLOOR, pooled, verdict
from tests.synthetic import Donut, donut_transmission

SHAPE = (240, 320)
DONUTS = (
    Donut(60, 50, 14, 0.12), Donut(210, 90, 9, 0.2), Donut(120, 170, 22, 0.08),
    Donut(270, 200, 12, 0.15),
)  # fmt: skip


@cache
def dust():
    made = np.ones(SHAPE)
    for one in DONUTS:
        made *= donut_transmission(SHAPE, one, 1.2, 0.3)
    return made


@cache
def factor():
    made = np.where(abs(dust() - 1) > 1e-3, dust(), 1).astype(np.float32)[None]
    made.setflags(write=False)
    return made


def light(seed=0, level=3000.0):
    """Sky with a gradient, a cloud and stars."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    cloud = gaussian_filter(rng.standard_normal(SHAPE), 30, mode="wrap")
    sky = level * (1 + 0.2 * x / SHAPE[1] - 0.1 * y / SHAPE[0] + 0.1 * cloud / cloud.std())
    stars = np.zeros(SHAPE)
    stars[rng.integers(0, SHAPE[0], 60), rng.integers(0, SHAPE[1], 60)] = 30 * level
    return sky + gaussian_filter(stars, 1.5)


def recorded(signal, seed=1):
    rng = np.random.default_rng(seed)
    made = (rng.poisson(signal) + 3 * rng.standard_normal(SHAPE)).astype(np.float32)
    hits = rng.integers(0, made.size, 20)
    made.flat[hits] += 5000
    made.setflags(write=False)
    return made[None]


@pytest.mark.parametrize("seed", range(3))
def test_dust_in_the_frame_matches(seed):
    found = fit(recorded(light(seed) * dust(), seed), factor())
    assert found.verdict == "matches"
    assert abs(found.k - 1) < 3 * found.error < 0.2
    assert (found.offset, found.turn, len(found.shadows)) == ((0, 0), "", len(DONUTS))


def test_dust_divided_out_is_not_there():
    found = fit(recorded(light() * dust()) / dust().astype(np.float32), factor())
    assert found.verdict == "not-in-target"
    assert abs(found.k) < 0.15
    assert (found.offset, found.turn) == ((0, 0), "")


def test_dust_divided_out_once_too_often_is_a_stale_flat():
    found = fit(recorded(light()) / dust().astype(np.float32), factor())
    assert found.verdict == "stale-flat"
    assert abs(found.k + 1) < 0.15


@pytest.mark.parametrize("pedestal", [600, 1500, 9000])
def test_light_that_is_no_light_is_told(pedestal):
    found = fit(recorded(light() * dust()) + np.float32(pedestal), factor())
    assert found.verdict == "pedestal-or-gamma"
    level = np.median(light())
    assert abs(found.k - level / (level + pedestal)) < 0.1


def test_a_small_pedestal_never_matches_for_sure():
    for seed in range(4):
        found = fit(recorded(light(seed, 200) * dust(), seed) + np.float32(40), factor())
        assert found.verdict in ("pedestal-or-gamma", "too-faint")


@pytest.mark.parametrize("offset", [(1, 0), (-3, 2), (16, -16), (0, 9)])
def test_moved_dust_is_found_to_the_pixel(offset):
    there = np.roll(dust(), offset[::-1], (0, 1))
    found = fit(recorded(light() * there), factor())
    assert (found.verdict, found.offset, found.turn) == ("not-in-target", offset, "")


@pytest.mark.parametrize(
    ("words", "turned"),
    [
        ("rotated by 180 degrees", np.s_[::-1, ::-1]),
        ("with its rows flipped", np.s_[::-1]),
        ("with its columns flipped", np.s_[:, ::-1]),
    ],
)
def test_turned_dust_is_recognised(words, turned):
    found = fit(recorded(light() * dust()[turned]), factor())
    assert (found.verdict, found.turn, found.offset) == ("not-in-target", words, (0, 0))


def test_a_mosaic_is_worked_on_site_by_site():
    gains = np.ones(SHAPE)
    gains[::2, ::2], gains[1::2, 1::2] = 0.4, 0.6
    found = fit(recorded(light() * gains * dust()), factor())
    assert found.verdict == "matches"
    moved = fit(recorded(light() * gains * np.roll(dust(), (4, -6), (0, 1))), factor())
    assert (moved.verdict, moved.offset) == ("not-in-target", (-6, 4))


def test_colors_are_pooled():
    planes = np.concatenate([recorded(light() * dust() * gain) for gain in (0.5, 1.0, 0.7)])
    found = fit(planes, np.repeat(factor(), 3, 0))
    assert found.verdict == "matches"
    assert len(found.shadows) == len(DONUTS)


def test_too_little_light_is_said():
    found = fit(recorded(light(level=2.0) * dust()), factor())
    assert found.verdict == "too-faint"


def test_without_dust_or_light_there_is_nothing_to_measure():
    for values, planes in (
        (recorded(light()), np.ones_like(factor())),
        (np.zeros_like(factor()), factor()),
        (np.full_like(factor(), np.nan), factor()),
    ):
        found = fit(values, planes)
        assert (found.verdict, found.k, found.error) == ("too-faint", 0.0, float("inf"))
        assert found.shadows == ()


def test_saturated_and_unknown_pixels_take_no_part():
    values = recorded(light() * dust()).copy()
    values[0, 45:55, 55:60] = np.nan
    values[0, 80:100, 200:210] = 65535
    found = fit(values, factor(), ceiling=65535)
    assert found.verdict == "matches"


@pytest.mark.parametrize("unit", [1 / 65536, 7.3])
def test_the_unit_does_not_matter(unit):
    values = recorded(light() * dust())
    one, other = fit(values, factor()), fit(values * np.float64(unit), factor())
    assert other.verdict == one.verdict
    assert abs(other.k - one.k) < 1e-4


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="differ in shape"):
        fit(recorded(light()), np.ones((1, 4, 4), np.float32))


@pytest.mark.parametrize(
    ("k", "error", "expected"),
    [
        (1.0, 0.03, "matches"), (0.97, 0.04, "matches"),
        (0.83, 0.05, "pedestal-or-gamma"), (0.83, 0.001, "pedestal-or-gamma"),
        (0.83, 0.1, "too-faint"), (1.0, 0.1, "too-faint"), (0.9, 0.05, "too-faint"),
        (1.4, 0.1, "pedestal-or-gamma"), (0.3, 0.05, "pedestal-or-gamma"),
        (0.0, 0.05, "not-in-target"), (-0.1, 0.06, "not-in-target"),
        (-1.0, 0.1, "stale-flat"), (-0.6, 0.03, "pedestal-or-gamma"),
        (0.2, 0.4, "too-faint"), (0.0, float("inf"), "too-faint"),
    ],
)  # fmt: skip
def test_no_more_is_said_than_the_error_allows(k, error, expected):
    assert verdict(k, error) == expected


def test_pooling_weighs_by_the_errors_and_minds_outliers():
    k, error = pooled([(1.0, 0.1), (1.0, 0.1), (0.0, 1.0)])
    assert abs(k - 1) < 0.01
    assert abs(error - np.hypot(0.1 / np.sqrt(2), FLOOR)) < 0.01
    k, error = pooled([(1.0, 0.02)] * 9 + [(0.0, 0.02)])
    assert abs(k - 1) < 0.05
    assert pooled([(1.0, 0.02), (0.0, 0.02)])[1] > 0.2
