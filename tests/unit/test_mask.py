import numpy as np
import pytest
from scipy.ndimage import binary_dilation, gaussian_filter

from bridge.numerics.mask import expand, given
from tests.unit.planes import sealed

SHAPE = (90, 130)
GROWTHS = [(0, 0), (1, 1), (10, 3), (2.5, 0), (0, 2), (3, 0.4), (30, 6)]


def specks(seed, count=12, shape=SHAPE):
    """Seeds in crowds, some of them on the borders, others too weak to count."""
    rng = np.random.default_rng(seed)
    values = rng.random(shape) * 0.5
    centre = rng.uniform(0, shape, (3, 2))
    for _ in range(count):
        row, column = rng.choice(centre) + 8 * rng.standard_normal(2)
        row, column = (int(np.clip(v, 0, n - 1)) for v, n in zip((row, column), shape, strict=True))
        values[row : row + rng.integers(1, 5), column : column + rng.integers(1, 5)] = 0.9
    values[0, 3] = values[-1, -1] = 0.51
    return sealed(values)


def whole_plane(seed, dilate, feather):
    """Step 3 in the words of its definition."""
    binary = seed > 0.5
    reach = int(dilate)
    down, across = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.hypot(down, across) <= dilate
    blurred = binary_dilation(binary, disc).astype(np.float32)
    if feather:
        blurred = gaussian_filter(blurred, feather, mode="nearest", truncate=4.0)
    soft = np.maximum(np.minimum(blurred, 1), binary.astype(np.float32))
    return np.where(soft < 1 / 512, np.float32(0), soft)


@pytest.mark.parametrize(("dilate", "feather"), GROWTHS)
@pytest.mark.parametrize("seed", range(3))
def test_piece_by_piece_equals_the_whole_plane(seed, dilate, feather):
    seen = specks(seed)
    soft = expand(seen, dilate=dilate, feather=feather)
    np.testing.assert_array_equal(soft, whole_plane(seen, dilate, feather))


@pytest.mark.parametrize(("dilate", "feather"), GROWTHS)
def test_the_mask_is_one_on_the_seed_and_zero_below_the_floor(dilate, feather):
    seen = specks(7)
    soft = expand(seen, dilate=dilate, feather=feather)
    assert soft.dtype == np.float32
    assert (soft[seen > 0.5] == 1).all()
    assert (soft[soft != 0] >= 1 / 512).all()
    assert soft.max() <= 1


@pytest.mark.parametrize(("dilate", "feather"), GROWTHS)
def test_seeds_up_to_a_half_have_no_effect(dilate, feather):
    seen = specks(11)
    binary = sealed(seen > 0.5)
    soft = expand(seen, dilate=dilate, feather=feather)
    np.testing.assert_array_equal(soft, expand(binary, dilate=dilate, feather=feather))
    assert not expand(sealed(np.full(SHAPE, 0.5)), dilate=dilate, feather=feather).any()


def test_not_a_number_is_no_seed():
    seen = specks(12).copy()
    seen[40:50, 60:70] = np.nan
    known = sealed(np.nan_to_num(seen, nan=0.0))
    np.testing.assert_array_equal(
        expand(sealed(seen), dilate=3, feather=2), expand(known, dilate=3, feather=2)
    )


@pytest.mark.parametrize("axes", [0, 1, (0, 1)])
def test_flips_commute(axes):
    seen = specks(13)
    turned = expand(sealed(np.flip(seen, axes)), dilate=6, feather=2.5)
    np.testing.assert_array_equal(np.flip(turned, axes), expand(seen, dilate=6, feather=2.5))


def test_more_dust_never_means_less_mask():
    one, both = specks(14), np.maximum(specks(14), specks(15))
    for dilate, feather in GROWTHS:
        less, more = (expand(sealed(s), dilate=dilate, feather=feather) for s in (one, both))
        assert (more >= less).all()


def test_a_disc_reaches_as_far_in_every_direction():
    seen = np.zeros((41, 41), np.float32)
    seen[20, 20] = 1
    down, across = np.mgrid[-20:21, -20:21]
    soft = expand(sealed(seen), dilate=10, feather=0)
    np.testing.assert_array_equal(soft == 1, np.hypot(down, across) <= 10)


def test_everything_or_nothing_stays_so():
    for value in (0, 1):
        seen = sealed(np.full((5, 9), value))
        np.testing.assert_array_equal(expand(seen, dilate=10, feather=3), seen)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1)])
def test_planes_of_one_pixel_width(shape):
    seen = np.zeros(shape, np.float32)
    seen.flat[seen.size // 2] = 1
    soft = expand(sealed(seen), dilate=3, feather=1)
    np.testing.assert_array_equal(soft, whole_plane(seen, 3, 1))


def test_a_given_mask_is_used_as_it_is():
    soft = sealed(np.random.default_rng(1).random(SHAPE) ** 4)
    assert soft[soft > 0].min() < 1 / 512
    np.testing.assert_array_equal(given(soft), soft)


def test_a_given_mask_is_clamped():
    wild = sealed([[-1, -0.0, 0.25, 1, 1.5, np.inf, -np.inf, np.nan]])
    clamped = given(wild)
    assert clamped.dtype == np.float32
    np.testing.assert_array_equal(clamped, [[0, 0, 0.25, 1, 1, 1, 0, 0]])
