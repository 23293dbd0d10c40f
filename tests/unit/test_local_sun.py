"""The Sun: its limb is part of the illumination, its filaments and plages are no dust."""

from functools import cache

import numpy as np
import pytest

from bridge.engines.local.background import illumination
from bridge.engines.local.limb import find_limb
from tests.benchmarks.lights import limb, smooth, sun
from tests.benchmarks.optics import place, speck
from tests.synthetic import clean, donut_flat, footprint, record, rms_left
from tests.unit.planes import codes, corrected, sealed

SHAPE = (320, 420)
SPOTS = ((60, 70), (200, 60), (340, 90), (120, 190), (280, 210), (70, 270), (360, 260))


@cache
def sunlit(seed, kind=sun):
    """Return a recorded scene with specks, its signal, and their transmission."""
    rng = np.random.default_rng(seed)
    signal = kind(SHAPE, rng)
    transmission = np.ones(SHAPE)
    for x, y in SPOTS:
        place(transmission, speck(rng), x, y)
    response = 1 + 0.004 * rng.standard_normal(SHAPE)
    return record(signal * transmission * response, 0.0015, rng), signal, transmission


def disc(x, y, radius, shape=(400, 500)):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    edge = (radius - np.hypot(columns - x, rows - y)) / 3
    return 0.01 + 0.5 / (1 + np.exp(-edge))


@pytest.mark.parametrize(
    ("x", "y", "radius"), [(250.3, 700.8, 520.4), (-300, 200, 600.7), (240, 210, 160.2)]
)
def test_the_limb_is_found_to_a_third_of_a_pixel(x, y, radius):
    flat = record(disc(x, y, radius), 0.0015, np.random.default_rng(1))
    found = find_limb(flat, flat > 0)
    assert found is not None
    angle = np.linspace(0, 2 * np.pi, 400)
    at_x, at_y = x + radius * np.cos(angle), y + radius * np.sin(angle)
    seen = (at_x > 0) & (at_x < 500) & (at_y > 0) & (at_y < 400)
    miss = np.hypot(at_x - found.x, at_y - found.y)[seen] - found.radius
    assert abs(miss).max() < 1 / 3


@pytest.mark.parametrize("kind", [smooth, sun])
def test_where_there_is_no_limb_none_is_found(kind):
    flat = record(kind(SHAPE, np.random.default_rng(3)), 0.0015, np.random.default_rng(3))
    assert find_limb(flat, flat > 0) is None
    dusty = donut_flat(3, shape=SHAPE, count=4, radii=(20, 60), depths=(0.1, 0.15)).flat
    assert find_limb(dusty, dusty > 0) is None


def test_the_outline_of_overlapping_discs_is_no_limb():
    light = np.maximum(disc(150, 150, 120), disc(330, 250, 130))
    flat = record(light, 0.0015, np.random.default_rng(2))
    assert find_limb(flat, flat > 0) is None


def test_masked_pixels_do_not_move_the_limb():
    flat = record(disc(250, 700, 520), 0.0015, np.random.default_rng(1))
    holes = np.zeros(flat.shape, bool)
    holes[170:200, 240:270] = holes[20:50, 100:130] = True
    whole, pierced = find_limb(flat, flat > 0), find_limb(flat, ~holes)
    assert whole is not None
    assert pierced is not None
    assert whole.radius == pytest.approx(pierced.radius, abs=1)


def test_the_fall_of_light_across_the_limb_is_illumination():
    light = disc(250, 700, 520)
    flat = sealed(record(light, 0.0015, np.random.default_rng(1)))
    ratio = light / illumination(flat, flat > 0, find_limb(flat, flat > 0))
    assert ratio.std() < 0.01
    assert light.max() > 20 * light.min()


@pytest.mark.parametrize("kind", [sun, limb])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_specks_go_and_the_scene_stays(seed, kind):
    flat, _, transmission = sunlit(seed, kind)
    before = rms_left(transmission, footprint(transmission))
    found = corrected(flat)
    assert before > 0.02
    assert rms_left(transmission / found.correction[0], footprint(transmission)) < before / 2
    assert np.mean(found.correction[0][clean(transmission)] == 1) >= 0.995


@pytest.mark.parametrize("kind", [sun, limb])
@pytest.mark.parametrize("seed", range(4))
def test_a_sun_without_dust_is_left_alone(seed, kind):
    rng = np.random.default_rng(seed)
    found = corrected(record(kind(SHAPE, rng), 0.0043, rng))
    assert np.mean(found.correction != 1) <= 0.001
    if (found.mask == 0).all():
        assert "no-dust" in codes(found)


def test_an_edge_that_is_nearly_straight_is_no_limb_and_takes_no_memory():
    light = np.where(np.arange(500) < 250, 0.01, 0.5) * np.ones((400, 1))
    flat = record(light, 0.0015, np.random.default_rng(4))
    assert find_limb(flat, flat > 0) is None
