"""The factor without the flat's own noise."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from bridge.numerics import smoothing
from bridge.numerics.smoothing import HIGHEST, LOWEST, smooth_channel, smooth_ratio
from tests.synthetic import Donut, donut_transmission
from tests.unit.planes import corrected, sealed

SHAPE = (200, 240)
DONUTS = ((60, 60, 12, 0.12), (150, 80, 30, 0.05), (90, 150, 20, 0.01), (190, 160, 25, 0.08))


def scene(noise, blur, seed=0):
    """Return what a flat over its exact dust-free light is, its transmission, and the mask."""
    rng = np.random.default_rng(seed)
    transmission = np.ones(SHAPE)
    for x, y, radius, depth in DONUTS:
        donut = Donut(x, y, radius, depth)
        transmission *= donut_transmission(SHAPE, donut, blur, 0.3)
    inside = gaussian_filter(abs(transmission - 1), 2) > 1e-4
    flat = 0.5 * transmission * (1 + noise * rng.standard_normal(SHAPE))
    ratio = np.where(inside, flat / 0.5, 1)
    return sealed(ratio), sealed(flat), transmission, inside


def rms(values, where):
    return float(np.sqrt(np.mean(values[where] ** 2)))


@pytest.mark.parametrize("seed", range(3))
def test_noise_goes_to_a_third_at_least_where_edges_allow_it(seed):
    ratio, flat, transmission, inside = scene(0.006, 2.0, seed)
    left = smooth_ratio(ratio, flat, inside).ratio
    dust = abs(transmission - 1) > 0.002
    assert rms(transmission / left - 1, dust) <= rms(transmission / ratio - 1, dust) / 3


@pytest.mark.parametrize("seed", range(3))
def test_sharp_edges_and_little_noise_are_never_made_worse(seed):
    ratio, flat, transmission, inside = scene(0.001, 0.7, seed)
    left = smooth_ratio(ratio, flat, inside).ratio
    dust = abs(transmission - 1) > 0.002
    assert rms(transmission / left - 1, dust) <= 1.05 * rms(transmission / ratio - 1, dust)


def test_light_is_as_noisy_inside_shadows_as_outside():
    ratio, flat, transmission, inside = scene(0.006, 2.0, 5)
    factor = smooth_ratio(ratio, flat, inside).ratio
    own = 1 + 0.006 * np.random.default_rng(9).standard_normal(SHAPE)
    heart = abs(transmission - 1) > 0.004
    # A light with this dust in it, and one without, divided by the dust-free flat.
    for image in (transmission * own / factor, own / (flat / factor)):
        fine = image - gaussian_filter(image, 2)
        assert 0.9 < fine[heart].std() / fine[~inside].std() < 1.1


def test_outside_nothing_changes_and_without_noise_nothing_at_all():
    ratio, flat, transmission, inside = scene(0.006, 2.0)
    assert (smooth_ratio(ratio, flat, inside).ratio[~inside] == 1).all()
    exact = sealed(np.where(inside, transmission, 1))
    calm = smooth_ratio(exact, sealed(transmission), inside)
    np.testing.assert_array_equal(calm.ratio, exact)
    assert (calm.outliers, calm.bounded) == (0, 0)


def test_a_hot_and_a_dead_pixel_take_the_factor_of_their_neighbours():
    ratio, flat, _, inside = scene(0.004, 2.0)
    broken = ratio.copy()
    for (y, x), value in {(80, 140): 1.4, (160, 185): 0.01}.items():
        assert inside[y, x]
        broken[y, x] = value
    mended, sound = smooth_ratio(broken, flat, inside), smooth_ratio(ratio, flat, inside)
    assert mended.outliers == 2
    assert abs(mended.ratio - sound.ratio).max() < 0.01


def test_a_factor_beyond_reason_is_bounded_and_counted():
    ratio = np.ones((40, 50), np.float32)
    ratio[10:20, 10:20], ratio[25:35, 30:40] = 0.05, 2.5
    flat = sealed(ratio * 0.4 * (1 + 0.003 * np.random.default_rng(1).standard_normal((40, 50))))
    done = smooth_ratio(ratio, flat, ratio != 1)
    assert done.bounded == 200
    assert (done.ratio.min(), done.ratio.max()) == (np.float32(LOWEST), HIGHEST)


def test_the_sites_of_a_mosaic_are_smoothed_each_for_itself():
    rng = np.random.default_rng(3)
    ratio = np.ones((40, 40), np.float32)
    ratio[10:30, 10:30] = 0.9
    ratio[10:30:2, 10:30:2] = 0.7  # one site alone
    flat = (ratio * (1 + 0.004 * rng.standard_normal(ratio.shape))).astype(np.float32)
    noisy = np.where(ratio == 1, ratio, flat)
    mask = (ratio != 1).astype(np.float32)
    done = smooth_channel(noisy, flat, mask, sites=True)
    assert abs(done.ratio - ratio).max() < 0.01


@pytest.mark.parametrize("width", [None, 3.0])
def test_a_large_piece_is_smoothed_in_parts_without_seams(monkeypatch, width):
    _, flat, _, _ = scene(0.006, 2.0)
    inside = np.zeros(SHAPE, bool)
    inside[20:180, 20:220] = True
    whole = smooth_ratio(flat * 2, flat, inside, width).ratio
    monkeypatch.setattr(smoothing, "TILE", 64)
    np.testing.assert_allclose(smooth_ratio(flat * 2, flat, inside, width).ratio, whole, atol=1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (5, 5)])
@pytest.mark.parametrize("width", [None, 2.0])
def test_small_planes_are_no_trouble(shape, width):
    ratio = np.full(shape, 0.8, np.float32)
    done = smooth_ratio(ratio, ratio, np.ones(shape, bool), width)
    np.testing.assert_allclose(done.ratio, ratio, rtol=1e-6)


def test_off_is_the_formula_auto_is_calmer_and_a_width_is_taken():
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:150, :200]
    light = 0.4 * (1 - 0.1 * np.exp(-(((x - 90) ** 2 + (y - 70) ** 2) / 300)))
    flat = (light * (1 + 0.006 * rng.standard_normal(light.shape))).astype(np.float32)
    off, auto, fixed = (corrected(flat, smooth=value) for value in ("off", "auto", 2.0))
    heart = off.mask == 1
    assert np.count_nonzero(heart) > 300
    rough = [
        one.correction[0] - gaussian_filter(one.correction[0], 1) for one in (off, auto, fixed)
    ]
    assert rough[1][heart].std() < rough[0][heart].std() / 3
    assert rough[2][heart].std() < rough[0][heart].std() / 3
    np.testing.assert_array_equal(off.mask, auto.mask)
