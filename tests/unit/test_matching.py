import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import NoCleanPixels
from bridge.numerics.matching import match
from tests.unit.planes import sealed

SHAPE = (120, 160)


@pytest.fixture(scope="module")
def scene():
    """A dust-free field, what a dusty sensor records of it, and where that is clean."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    field = 0.7 - 0.4 * (np.hypot(x - 70, y - 60) / 120) ** 2
    field *= 1 + 0.004 * rng.standard_normal(SHAPE)
    dust = np.hypot(x - 90, y - 50) < 22
    return sealed(field), sealed(field * np.where(dust, 0.8, 1)), sealed(~dust, bool)


TONES = {
    "brighter": lambda v: 1.3 * v,
    "darker": lambda v: 0.6 * v,
    "offset": lambda v: v + 0.08,
    "gamma": lambda v: v**2.2,
    "gain and gamma": lambda v: 1.3 * v**0.7,
    "inverse S": lambda v: v + 0.05 * np.sin(6 * v),
}


@pytest.mark.parametrize("tones", TONES.values(), ids=TONES)
def test_an_answer_in_other_tones_comes_back(scene, tones):
    field, flat, clean = scene
    matched = match(sealed(tones(field)), flat, clean)
    assert matched.dtype == np.float32
    assert abs(matched / field - 1).max() < 1e-3


def test_an_answer_that_leaves_clean_pixels_alone_is_left_alone(scene):
    field, flat, clean = scene
    answer = np.where(clean, flat, field * np.float32(1.7))
    answer[50, 90] = np.nan
    np.testing.assert_array_equal(match(sealed(answer), flat, clean), answer)


def test_brighter_and_darker_stay_so(scene):
    _, flat, clean = scene
    answer = sealed(np.random.default_rng(4).gamma(2.0, 0.2, SHAPE))
    matched = match(answer, flat, clean)
    order = np.argsort(answer, axis=None)
    assert (np.diff(matched.ravel()[order]) >= 0).all()


def test_only_clean_pixels_teach(scene):
    field, flat, clean = scene
    answer = sealed(1.2 * field)
    unknown = sealed(np.where(clean, flat, np.nan))
    np.testing.assert_array_equal(match(answer, unknown, clean), match(answer, flat, clean))


def test_each_value_is_mapped_on_its_own(scene):
    field, flat, clean = scene
    answer = 1.2 * field.astype(float)
    matched = match(sealed(answer), flat, clean)
    answer[40:60, 80:100] = 0.33
    again = match(sealed(answer), flat, clean)
    elsewhere = np.ones(SHAPE, bool)
    elsewhere[40:60, 80:100] = False
    np.testing.assert_array_equal(again[elsewhere], matched[elsewhere])
    assert len(np.unique(again[~elsewhere])) == 1


def test_clean_pixels_without_an_answer_teach_nothing(scene):
    field, flat, clean = scene
    answer = 1.2 * field
    answer[:40] = np.nan
    finite = sealed(clean & np.isfinite(answer), bool)
    matched = match(sealed(answer), flat, clean)
    np.testing.assert_array_equal(matched, match(sealed(answer), flat, finite))
    np.testing.assert_array_equal(np.isnan(matched), np.isnan(answer))


def test_an_answer_in_few_tones_is_not_shifted(scene):
    field, flat, clean = scene
    coarse = sealed(np.rint(field * 100) / 100)
    matched = match(coarse, flat, clean)
    assert abs(np.mean(matched - field, dtype=float)) < 0.0005


def test_a_constant_answer_gets_the_middle_level(scene):
    _, flat, clean = scene
    matched = match(sealed(np.full(SHAPE, 0.2)), flat, clean)
    assert matched.dtype == np.float32
    np.testing.assert_allclose(matched, np.median(flat[clean]), rtol=1e-3)


def test_values_beyond_all_clean_ones_go_on_steadily():
    flat = sealed(np.linspace(0.4, 0.6, 400).reshape(20, 20))
    clean = sealed(np.ones((20, 20)), bool).copy()
    clean[0, :3] = False
    answer = 2 * flat
    answer[0, :3] = 0.7, 1.3, 0.1
    matched = match(sealed(answer), flat, sealed(clean, bool))
    np.testing.assert_allclose(matched[0, :3], [0.35, 0.65, 0.05], atol=0.002)


def test_nothing_to_learn_from(scene):
    field, flat, clean = scene
    with pytest.raises(NoCleanPixels, match="no clean pixel"):
        match(field, flat, sealed(np.zeros(SHAPE), bool))
    with pytest.raises(NoCleanPixels, match="finite"):
        match(sealed(np.where(clean, np.nan, field)), flat, clean)


@settings(deadline=None, database=None, derandomize=True, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-1, 2, width=32), st.floats(0, 1, width=32)), min_size=1),
    st.floats(-3, 3, width=32),
)
def test_few_clean_pixels_still_give_numbers(pairs, asked):
    answer = sealed([[first for first, _ in pairs] + [asked]])
    flat = sealed([[second for _, second in pairs] + [0.5]])
    clean = np.ones(answer.shape, bool)
    clean[0, -1] = False
    matched = match(answer, flat, clean)
    assert matched.shape == answer.shape
    assert matched.dtype == np.float32
    assert np.isfinite(matched).all()
    order = np.argsort(answer[0], kind="stable")
    assert (np.diff(matched[0][order]) >= -1e-6).all()
