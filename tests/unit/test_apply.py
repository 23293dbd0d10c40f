"""Dividing a frame by the factor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.numerics.apply import divide


def planes(values: object, dtype: str) -> np.ndarray:
    array = np.array([values], dtype)
    array.setflags(write=False)
    return array


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
def test_where_the_factor_is_1_nothing_changes(dtype):
    rng = np.random.default_rng(6)
    top = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    values = (rng.random((3, 8, 9)) * top).astype(dtype)
    values.setflags(write=False)
    done = divide(values, np.ones((3, 8, 9), np.float32))
    assert done.values.dtype == values.dtype
    np.testing.assert_array_equal(done.values, values)
    assert done.clipped == 0


@given(
    value=st.floats(0, 1, width=32),
    factor=st.floats(np.float32(0.2), 1.5, width=32),
)
def test_floats_are_divided_as_floats_are(value, factor):
    expected = np.float32(value) / np.float32(factor)
    done = divide(planes([[value]], "f4"), planes([[factor]], "f4"))
    assert done.values[0, 0, 0] == expected


def test_whole_numbers_are_rounded_half_to_even():
    done = divide(planes([[1, 3, 5, 7]], "u2"), planes([[2, 2, 2, 2]], "f4"))
    assert done.values[0, 0].tolist() == [0, 2, 2, 4]


def test_saturated_pixels_stay_and_others_are_clipped_and_counted():
    done = divide(
        planes([[65535, 65535, 60000, 60000, 100]], "u2"),
        planes([[0.5, 1.25, 0.5, 1.25, 0.5]], "f4"),
        ceiling=65535,
    )
    assert done.values[0, 0].tolist() == [65535, 65535, 65535, 48000, 200]
    assert (done.saturated, done.clipped) == (2, 1)


def test_floats_have_a_ceiling_only_where_there_is_one():
    values, factor = planes([[1.0, 0.75, np.nan, -0.5]], "f4"), planes([[0.5] * 4], "f4")
    free = divide(values, factor)
    np.testing.assert_array_equal(free.values[0, 0], np.float32([2, 1.5, np.nan, -1]))
    assert (free.saturated, free.clipped) == (0, 0)
    bound = divide(values, factor, ceiling=1.0)
    np.testing.assert_array_equal(bound.values[0, 0], np.float32([1, 1, np.nan, -1]))
    assert (bound.saturated, bound.clipped) == (1, 1)


def test_signed_whole_numbers_end_where_their_type_does():
    done = divide(planes([[-32768, -20000, -100]], "i2"), planes([[0.5] * 3], "f4"))
    assert done.values[0, 0].tolist() == [-32768, -32768, -200]
    assert done.clipped == 2


def test_dividing_undoes_the_dust():
    rng = np.random.default_rng(7)
    sky = rng.uniform(1000, 40000, (3, 30, 40))
    factor = rng.uniform(0.5, 1.2, (3, 30, 40)).astype(np.float32)
    recorded = np.rint(sky * factor).astype(np.uint16)
    assert abs(divide(recorded, factor).values - sky).max() < 0.5 / factor.min() + 0.51


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="differ in shape"):
        divide(planes([[1, 2]], "f4"), planes([[1]], "f4"))
