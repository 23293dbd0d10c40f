"""Masks given by the user, pixels that nothing is known of, and what is warned of."""

import numpy as np
import pytest

from bridge.engines.base import Quiet
from bridge.errors import MaskGeometry, NoCleanPixels
from bridge.frame import Frame, Notice
from bridge.numerics.mask import expand
from bridge.options import Options
from bridge.pipeline import correct
from tests.unit.flats import KINDS, recorded, small
from tests.unit.planes import codes, corrected, detected, framed, sealed

SCENE = small(1)
GRAY = SCENE.flat


def soft(shape=GRAY.shape):
    """A mask with every value between 0 and 1, on and off the dust."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.clip(1.5 - np.hypot(x - 130, y - 90) / 30, 0, 1).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_mask_is_used_as_given(kind):
    pixels, mask = recorded(SCENE, kind), soft()
    found = corrected(pixels, mask, smooth="off")
    assert found.seed_mask is None
    np.testing.assert_array_equal(found.mask, mask)
    assert (found.correction[:, mask == 0] == 1).all()
    share, known = mask.astype(float), framed(pixels).pixels
    np.testing.assert_allclose(
        found.correction, (1 - share) + share * (known / found.inpainted), rtol=4e-7
    )


def test_a_given_mask_is_clamped_and_not_a_number_is_clean():
    mask = 3 * soft() - 1
    mask[10, 10:20] = np.nan
    found = corrected(GRAY, mask)
    expected = np.clip(np.nan_to_num(mask), 0, 1)
    np.testing.assert_array_equal(found.mask, expected)


def test_a_given_mask_is_expanded_only_when_asked():
    mask = soft()
    for options in ({"dilate": 4}, {"feather": 2}, {"dilate": 4, "feather": 2}):
        found = corrected(GRAY, mask, **options)
        reach = {"dilate": 0.0, "feather": 0.0} | options
        np.testing.assert_array_equal(found.mask, expand(mask, **reach))


def test_an_empty_mask_changes_nothing():
    found = corrected(GRAY, np.zeros(GRAY.shape))
    assert (found.correction == 1).all()
    np.testing.assert_array_equal(found.clean_flat[0], GRAY)
    np.testing.assert_array_equal(found.inpainted[0], GRAY)


@pytest.mark.parametrize("shape", [(200, 261), (260, 200), (100, 130), (1, 1)])
def test_a_mask_of_another_geometry_is_refused(shape):
    with pytest.raises(MaskGeometry, match="260 x 200"):
        corrected(GRAY, np.zeros(shape))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [1.0, 0.01])
def test_a_mask_of_the_whole_image_is_refused(kind, value):
    with pytest.raises(NoCleanPixels):
        corrected(recorded(SCENE, kind), np.full(GRAY.shape, value))


def test_a_mask_of_all_that_is_known_is_refused():
    pixels = GRAY.copy()
    pixels[:, :100] = np.nan
    mask = np.zeros(GRAY.shape)
    mask[:, 100:] = 1
    with pytest.raises(NoCleanPixels):
        corrected(pixels, mask)


def test_a_mask_of_all_pixels_of_one_color_is_refused():
    mask = np.zeros(GRAY.shape)
    mask[1::2, 0::2] = 1
    with pytest.raises(NoCleanPixels):
        corrected(recorded(SCENE, "Bayer"), mask)


def holed(kind):
    """A flat with unknown pixels on dust and off it; in color, each unknown in one channel."""
    pixels = recorded(SCENE, kind).copy()
    donut = SCENE.donuts[0]
    row, column = (int(np.clip(v, 12, n - 13)) for v, n in zip(
        (donut.y, donut.x), GRAY.shape, strict=True
    ))  # fmt: skip
    unknown = np.zeros(GRAY.shape, bool)
    unknown[row - 10 : row + 5, column - 10 : column + 10] = True
    unknown[150:160, 20:30] = unknown[:, 77] = unknown[3, 3] = True
    (pixels if pixels.ndim == 2 else pixels[1])[unknown] = np.nan
    return pixels, unknown


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_pixels_take_part_in_nothing(kind):
    pixels, unknown = holed(kind)
    found = corrected(pixels)
    for plane in (found.seed_mask, found.mask):
        assert (plane[unknown] == 0).all()
    assert (found.correction[:, unknown] == 1).all()
    dark = unknown if kind != "RGB" else np.stack([unknown] * 3) & np.isnan(pixels)
    for planes in (found.inpainted, found.clean_flat):
        assert (planes[np.broadcast_to(dark, planes.shape)] == 0).all()
        assert np.isfinite(planes).all()
    assert np.isfinite(found.correction).all()
    assert found.correction.min() < 0.98


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_pixels_stay_clean_under_a_given_mask(kind):
    pixels, unknown = holed(kind)
    mask = np.maximum(soft(), 0.5 * unknown)
    found = corrected(pixels, mask)
    np.testing.assert_array_equal(found.mask, np.where(unknown, 0, mask).astype(np.float32))
    assert (found.correction[:, unknown] == 1).all()


def test_what_the_reading_noticed_is_passed_on():
    told = Notice("eight-bit", "Only 256 levels.")
    frame = Frame(sealed(GRAY[None]), warnings=(told,))
    for mask in (None, sealed(soft())):
        assert told in correct(frame, Options(), Quiet(), mask).warnings


@pytest.mark.parametrize(("scale", "code"), [(1.95, "too-bright"), (0.08, "too-dim")])
def test_levels_that_spoil_a_flat_are_warned_of(scale, code):
    assert code not in codes(detected(GRAY))
    assert code in codes(detected(np.minimum(GRAY * scale, 1)))


def test_clipping_is_warned_of_where_it_matters():
    pixels = GRAY.copy()
    pixels[60:120, 100:160] = 1
    mask = soft()
    clipped = np.count_nonzero((pixels == 1) & (mask > 0))
    assert codes(corrected(pixels, mask))["clipped"] == clipped > 0
    pixels = GRAY.copy()
    pixels[:5, :5] = 1
    assert "clipped" not in codes(corrected(pixels, mask))


def test_dark_pixels_in_the_mask_keep_the_factor_one_and_are_counted():
    pixels = GRAY.copy()
    pixels[90, 125:135] = 0
    found = corrected(pixels, soft())
    assert codes(found)["no-ratio"] == 10
    assert (found.correction[0, 90, 125:135] == 1).all()
