import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from bridge.numerics.mosaic import even_out, is_bayer, is_xtrans, join, split
from tests.synthetic import donut_flat
from tests.unit.planes import sealed

OFFSETS = [(0, 0), (0, 1), (1, 0), (1, 1)]
SHAPES = [(240, 320), (241, 319), (75, 73)]
RGGB = np.array([[0.6, 1.0], [1.0, 0.45]])
FAINT = np.array([[0.97, 1.0], [1.0, 0.98]])
UNEVEN_GREENS = np.array([[0.8, 1.0], [0.93, 0.5]])
RED, GREEN, BLUE = 0.55, 1.0, 0.7
XTRANS = np.array(
    [
        [GREEN, BLUE, GREEN, GREEN, RED, GREEN],
        [RED, GREEN, RED, BLUE, GREEN, BLUE],
        [GREEN, BLUE, GREEN, GREEN, RED, GREEN],
        [GREEN, RED, GREEN, GREEN, BLUE, GREEN],
        [BLUE, GREEN, BLUE, RED, GREEN, RED],
        [GREEN, RED, GREEN, GREEN, BLUE, GREEN],
    ]
)


def mono(seed, shape, **scene):
    return donut_flat(seed, shape=shape, count=3, radii=(6, 25), least_rms=0, **scene).flat


def through(pattern, plane, offset=(0, 0)):
    """Return ``plane`` as recorded through color filters that begin at ``offset``."""
    period = len(pattern)
    rows, columns = (np.arange(n) + o for n, o in zip(plane.shape, offset, strict=True))
    return sealed(plane * pattern[np.ix_(rows % period, columns % period)])


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("gains", [RGGB, FAINT, UNEVEN_GREENS], ids=["RGGB", "faint", "greens"])
def test_a_bayer_mosaic_is_recognised(gains, shape, offset):
    plane = through(gains, mono(1, shape), offset)
    assert is_bayer(plane)
    assert not is_xtrans(plane)


def test_a_bayer_mosaic_is_recognised_beside_holes():
    plane = through(RGGB, mono(2, (240, 320))).copy()
    plane[:, 30:60] = np.nan
    plane[::50, ::50] = np.nan
    assert is_bayer(sealed(plane))


@pytest.mark.parametrize("shape", [*SHAPES, (36, 36), (35, 400), (6, 6), (1, 1), (1, 300)])
@pytest.mark.parametrize("noise", [0.0, 0.002, 0.012, 0.05])
@pytest.mark.parametrize("seed", range(4))
def test_a_mono_flat_is_no_mosaic(seed, noise, shape):
    whole = mono(seed, (max(shape[0], 75), max(shape[1], 73)), noise=noise)
    plane = sealed(whole[: shape[0], : shape[1]])
    assert not is_bayer(plane)
    assert not is_xtrans(plane)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0, np.nan])
def test_a_plane_of_one_value_is_no_mosaic(value):
    plane = sealed(np.full((80, 80), value))
    assert not is_bayer(plane)
    assert not is_xtrans(plane)


@pytest.mark.parametrize("offset", [(0, 0), (0, 1), (1, 0), (2, 3), (5, 4)])
@pytest.mark.parametrize("shape", SHAPES[:2])
def test_an_xtrans_mosaic_is_recognised(shape, offset):
    assert is_xtrans(through(XTRANS, mono(3, shape), offset))


@pytest.mark.parametrize("shape", [(8, 6), (7, 6), (8, 5), (7, 5), (2, 2), (1, 5), (5, 1), (1, 1)])
def test_join_undoes_split(shape):
    plane = np.random.default_rng(4).random(shape, np.float32)
    plane.flat[0] = np.nan
    sites = split(sealed(plane))
    assert sum(site.size for site in sites) == plane.size
    np.testing.assert_array_equal(join(sites, shape), plane)


def test_sites_come_row_by_row():
    plane = sealed([[0, 1, 0, 1], [2, 3, 2, 3], [0, 1, 0, 1]])
    for number, site in enumerate(split(plane)):
        assert (site == number).all()


def color_flat(shape=(240, 320)):
    """A dust-free mosaic whose colors are vignetted differently, and dust that dims all alike."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    away = np.hypot((x - 150) / shape[1], (y - 130) / shape[0]) ** 2
    plane = np.empty(shape)
    for (row, column), fall in zip(OFFSETS, (0.3, 0.36, 0.36, 0.42), strict=True):
        site = np.s_[row::2, column::2]
        plane[site] = 0.8 * RGGB[row, column] * (1 - fall * away[site])
    dust = 1 - 0.08 * gaussian_filter((np.hypot(x - 90, y - 100) < 20).astype(float), 2)
    return plane, dust


def unevenness(plane):
    """Return how far the sites differ from each other, in squares of 40 px, largest anywhere."""
    levels = [site[: 20 * 6, : 20 * 8].reshape(6, 20, 8, 20).mean(axis=(1, 3)) for site in plane]
    return float(np.max(np.std(levels, axis=0) / np.mean(levels, axis=0)))


def test_sites_are_evened_out_even_when_colors_are_vignetted_differently():
    plane, _ = color_flat()
    assert unevenness(split(sealed(plane))) > 0.2
    assert unevenness(split(even_out(sealed(plane)))) < 0.01


def test_evening_out_leaves_what_all_sites_share():
    plane, dust = color_flat()
    with_dust = even_out(sealed(plane * dust)) / even_out(sealed(plane))
    assert abs(with_dust / dust - 1).max() < 0.005


def test_evening_out_a_mono_flat_changes_next_to_nothing():
    plane = sealed(mono(5, (240, 320), noise=0.0005, prnu=0.001))
    assert abs(even_out(plane) / plane - 1).max() < 0.002


def test_not_a_number_stays_and_spreads_nowhere():
    plane, dust = color_flat((121, 159))
    plane = plane * dust
    plane[40:80, 50:90] = np.nan
    plane[7, 7] = np.nan
    evened = even_out(sealed(plane))
    assert evened.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(evened), np.isnan(plane))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (3, 5)])
@pytest.mark.parametrize("value", [0.0, 0.5, np.nan])
def test_tiny_planes_are_evened_out_too(shape, value):
    plane = sealed(np.full(shape, value))
    np.testing.assert_array_equal(even_out(plane), plane)
