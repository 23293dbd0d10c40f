import numpy as np
import pytest

from bridge.numerics import correction
from bridge.numerics.correction import clean, count_clipped
from tests.unit.planes import sealed

SHAPE = (23, 31)


def synthesise(flat, matched, mask):
    ratios, refused = correction.ratio(flat, matched, mask)
    return correction.synthesise(ratios, mask), refused


def planes(seed, channels=1):
    rng = np.random.default_rng(seed)
    flat, matched = rng.uniform(0.05, 1, (2, channels, *SHAPE))
    mask = np.clip(rng.uniform(-1, 2, SHAPE), 0, 1)
    return sealed(flat), sealed(matched), sealed(mask)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_factor_is_the_formula_to_the_letter(channels):
    flat, matched, mask = planes(1, channels)
    factor, refused = synthesise(flat, matched, mask)
    assert factor.shape == flat.shape
    assert factor.dtype == np.float32
    assert refused == 0
    over, under, share = (plane.astype(float) for plane in (flat, matched, mask))
    expected = (1 - share) * 1.0 + share * (over / under)
    np.testing.assert_allclose(factor, expected, rtol=3e-7)


def test_rims_stay_above_one():
    flat, matched, mask = planes(2)
    factor, _ = synthesise(flat, matched, mask)
    bright = (mask == 1) & (flat[0] > matched[0])
    assert bright.any()
    np.testing.assert_array_equal(factor[0][bright], (flat / matched)[0][bright])
    assert (factor[0][bright] > 1).all()


def test_clean_pixels_are_exactly_one_whatever_the_engine_said():
    flat, matched, mask = planes(3)
    wild = matched.copy()
    wild[:, mask == 0] = np.resize([0, np.nan, np.inf, -1, 7], np.count_nonzero(mask == 0))
    factor, refused = synthesise(flat, sealed(wild), mask)
    assert (factor[:, mask == 0] == 1).all()
    assert refused == 0


def test_correction_times_matched_is_the_flat_where_the_mask_is_one():
    flat, matched, mask = planes(4, 3)
    factor, _ = synthesise(flat, matched, mask)
    full = mask == 1
    assert full.any()
    np.testing.assert_allclose((factor * matched)[:, full], flat[:, full], rtol=2.5e-7)


@pytest.mark.parametrize("value", [0, -0.1, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", ["flat", "matched"])
def test_no_ratio_no_correction_and_each_is_counted(which, value):
    both = dict(zip(("flat", "matched"), planes(5, 3)[:2], strict=True))
    mask = planes(5, 3)[2]
    dusty = np.argwhere(mask > 0)[:4]
    broken = both[which].copy()
    for channel, (row, column) in zip((0, 1, 2, 0), dusty, strict=True):
        broken[channel, row, column] = value
    both[which] = sealed(broken)
    factor, refused = synthesise(both["flat"], both["matched"], mask)
    assert refused == 4
    assert np.isfinite(factor).all()
    for channel, (row, column) in zip((0, 1, 2, 0), dusty, strict=True):
        assert factor[channel, row, column] == 1
    assert np.count_nonzero(factor == 1) == 3 * np.count_nonzero(mask == 0) + 4


def test_the_clean_flat_is_the_quotient():
    flat, matched, mask = planes(6, 3)
    factor, _ = synthesise(flat, matched, mask)
    free, clipped = clean(flat, sealed(factor)), count_clipped(flat, sealed(factor))
    quotient = flat / factor
    assert free.dtype == np.float32
    np.testing.assert_array_equal(free, np.minimum(quotient, 1))
    assert clipped == np.count_nonzero(quotient > 1)


def test_the_clean_flat_is_the_flat_on_clean_pixels_and_clipped_pixels_are_counted():
    flat = sealed([[[0.5, 0.9, 0.3, 1.0]]])
    factor = sealed([[[1.0, 0.5, 2.0, 1.0]]])
    free, clipped = clean(flat, factor), count_clipped(flat, factor)
    np.testing.assert_array_equal(free, sealed([[[0.5, 1.0, 0.15, 1.0]]]))
    assert clipped == 1


def test_the_clean_flat_is_zero_where_the_flat_is_unknown():
    flat = sealed([[[0.5, np.nan, np.inf, -np.inf]]])
    factor = sealed(np.ones((1, 1, 4)))
    free, clipped = clean(flat, factor), count_clipped(flat, factor)
    np.testing.assert_array_equal(free, [[[0.5, 0, 0, 0]]])
    assert clipped == 0
