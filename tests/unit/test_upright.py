import numpy as np
import pytest

from bridge.numerics.upright import upright
from tests.unit.planes import sealed

AXES = [(), (-2,), (-1,), (-2, -1)]
SHAPES = [(1, 30, 40), (3, 31, 40), (1, 30, 41), (3, 31, 41), (1, 1, 9), (1, 9, 1)]


def picture(shape):
    """Random pixels, some of them unknown, brighter to one side."""
    pixels = np.random.default_rng(1).random(shape) * np.linspace(0.5, 1, shape[2])
    pixels[0, 0, 0] = np.nan
    return sealed(pixels)


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_picture_and_its_mirror_images_end_up_alike(shape, axes):
    pixels = picture(shape)
    flipped = sealed(np.flip(pixels, axes))
    np.testing.assert_array_equal(upright(flipped)(flipped), upright(pixels)(pixels))


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("shape", SHAPES)
def test_turning_twice_is_not_turning(shape, axes):
    flipped = sealed(np.flip(picture(shape), axes))
    turn_up = upright(flipped)
    np.testing.assert_array_equal(turn_up(turn_up(flipped)), flipped)
    plane = sealed(np.arange(shape[1] * shape[2]).reshape(shape[1:]))
    np.testing.assert_array_equal(turn_up(turn_up(plane)), plane)


@pytest.mark.parametrize("value", [0, 0.5, np.nan])
def test_what_has_no_brighter_side_stays(value):
    pixels = sealed(np.full((1, 5, 6), value))
    plane = sealed(np.arange(30).reshape(5, 6))
    np.testing.assert_array_equal(upright(pixels)(plane), plane)
