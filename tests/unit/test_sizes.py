"""Why a frame's size differs from the correction's."""

from __future__ import annotations

import pytest

from bridge.errors import UnsupportedFrame
from bridge.numerics.sizes import check_shapes

FIT = (1, 600, 900)


def test_equal_shapes_are_taken():
    check_shapes("a.fits", FIT, FIT)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ((3, 600, 900), "debayered already"),
        ((1, 900, 600), "rotated by 90 degrees"),
        ((1, 300, 450), "binned 2 x 2."),
        ((3, 300, 450), "binned 2 x 2 or debayered by superpixels"),
        ((1, 200, 300), "binned 3 x 3"),
        ((1, 1200, 1800), "drizzled or enlarged 2 times"),
        ((1, 590, 880), "cropped, or holds the sensor's overscan"),
        ((1, 100, 70), "number of colors."),
    ],
)
def test_a_difference_is_explained(frame, words):
    with pytest.raises(UnsupportedFrame, match=r"a\.fits is") as caught:
        check_shapes("a.fits", frame, FIT)
    assert words in caught.value.detail
    assert "the correction 900 x 600 gray" in caught.value.detail


def test_a_color_factor_is_never_for_gray():
    with pytest.raises(UnsupportedFrame) as caught:
        check_shapes("a.fits", FIT, (3, 600, 900))
    assert caught.value.detail.endswith("number of colors.")
