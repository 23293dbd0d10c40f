from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bridge.frame import Frame
from bridge.report import figures, preview, raster
from bridge.report.drawing import BAR_HEIGHT
from bridge.report.pictures import close_ups, comparison, pictures
from tests.browser.scenes import disc, donuts, nothing, result


def opened(picture):
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image


def pixels(picture):
    return np.asarray(opened(picture)).astype(int)


@pytest.mark.parametrize(("width", "expected"), [(100, (100, 50)), (5000, (400, 200)), (1, (1, 1))])
def test_a_preview_is_as_wide_as_asked_and_never_enlarged(width, expected):
    planes = np.full((1, 200, 400), 0.25, np.float32)
    image = opened(preview(planes, width))
    assert (image.format, image.size) == ("PNG", expected)


def test_a_preview_of_three_planes_is_in_color_and_of_one_gray():
    rng = np.random.default_rng(0)
    planes = rng.random((3, 30, 40), dtype=np.float32)
    assert opened(preview(planes, 40)).mode == "RGB"
    assert opened(preview(planes[0], 40)).mode == "L"


def test_a_preview_of_a_mask_is_the_mask():
    mask = np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(4, axis=0)
    assert (pixels(preview(mask, 256, name="mask"))[0] == np.arange(256)).all()


def test_a_preview_of_the_factor_is_neutral_at_one_blue_below_and_orange_above():
    factor = np.ones((3, 9), np.float32)
    factor[:, :3], factor[:, 6:] = 0.95, 1.05
    seen = pixels(preview(factor, 9, name="correction"))
    below, one, above = seen[1, 1], seen[1, 4], seen[1, 7]
    assert below[2] > below[0] + 50
    assert above[0] > above[2] + 50
    assert one.max() < 30


def test_shrinking_takes_the_mean_so_that_faint_dust_survives_noise():
    rng = np.random.default_rng(0)
    where = disc((800, 800), 400, 400, 120)
    plane = (0.5 * (1 - 0.003 * where) * (1 + 0.02 * rng.standard_normal((800, 800)))).astype(
        np.float32
    )
    small = raster.shrink(plane[None], (80, 80))[0]
    inside = disc((80, 80), 39.5, 39.5, 10)
    assert 1 - small[inside].mean() / small[~disc((80, 80), 39.5, 39.5, 14)].mean() == (
        pytest.approx(0.003, abs=0.0005)
    )
    assert small.std() < 0.5 * 0.02 / 8


def test_what_is_not_finite_is_shown_as_black():
    plane = np.full((1, 20, 20), 0.5, np.float32)
    plane[0, :, :10] = np.nan
    seen = pixels(preview(plane, 20))
    assert (seen[:, :10] == 0).all()
    assert (seen[:, 10:] > 100).all()


@pytest.mark.parametrize("level", [0.0, 1.0, np.nan])
@pytest.mark.parametrize("shape", [(1, 1), (2, 30), (30, 2), (3, 3)])
def test_any_frame_has_pictures(level, shape):
    flat = np.full((1, *shape), level, np.float32)
    known, mask = np.nan_to_num(flat), np.ones(shape, np.float32)
    right = result(mask, known, np.ones_like(flat), known)
    frame = Frame(flat)
    found = figures(frame, right)
    assert opened(comparison(frame, right, found).flat).size == shape[::-1]
    assert opened(pictures(frame, right, found).mask).size == shape[::-1]
    assert len(close_ups(frame, right, found)) == 1


def test_a_color_mosaic_is_shown_without_its_checkerboard():
    sites = np.tile(np.array([[0.5, 1.0], [1.0, 0.7]], np.float32), (60, 60))
    seen = pixels(preview(0.5 * sites, 120))
    assert np.ptp(seen) <= 1
    plain = np.full((120, 120), 0.3, np.float32)
    assert (raster.site_gains(plain) == 1).all()


def test_the_large_scale_level_follows_a_slope_into_the_corners():
    y, x = np.mgrid[:300, :400]
    plane = (0.3 + 0.0005 * x + 0.0003 * y).astype(np.float32)
    assert np.abs(raster.smooth_level(plane[None])[0] / plane - 1).max() < 0.005


def test_before_and_after_have_the_same_stretch():
    frame, right = donuts()
    found = figures(frame, right)
    far = right.mask == 0
    for before, after in (
        (comparison(frame, right, found).flat, comparison(frame, right, found).clean_flat),
        (pictures(frame, right, found).flat, pictures(frame, right, found).clean_flat),
    ):
        change = np.abs(pixels(before) - pixels(after))
        assert np.median(change[far]) == 0
        assert change[~far].max() > 40


def test_the_evened_out_views_show_the_deepest_dust_dark_and_the_clean_flat_even():
    frame, right = donuts()
    found = figures(frame, right)
    seen = comparison(frame, right, found)
    before, after = pixels(seen.flat), pixels(seen.clean_flat)
    dust = right.correction[0] < 0.9
    assert before[dust].mean() < after[dust].mean() - 60
    assert abs(after[dust].mean() - after[right.mask == 0].mean()) < 6


def test_wide_frames_are_shown_small_and_the_factor_has_its_bar_below():
    flat = np.full((1, 300, 3000), 0.5, np.float32)
    right = result(np.zeros((300, 3000), np.float32), flat, np.ones_like(flat), flat)
    frame = Frame(flat.copy())
    found = figures(frame, right)
    seen, stations = comparison(frame, right, found), pictures(frame, right, found)
    assert opened(seen.flat).size == opened(seen.outlines).size == (seen.width, seen.height)
    assert max(seen.width, stations.width) <= 1120
    assert opened(stations.factor).size == (stations.width, stations.height + BAR_HEIGHT)


def test_outlines_are_drawn_where_shadows_are_and_nowhere_else():
    frame, right = donuts()
    found = figures(frame, right)
    drawn = pixels(comparison(frame, right, found).outlines)[..., 3] > 0
    near = np.zeros(drawn.shape, bool)
    for shadow in found.shadows:
        near |= disc(drawn.shape, shadow.x, shadow.y, shadow.diameter + 40)
    assert drawn.any()
    assert not drawn[~near].any()
    frame, clean = nothing()
    assert not pixels(comparison(frame, clean, figures(frame, clean)).outlines)[..., 3].any()


def test_a_close_up_holds_recorded_pixels_around_its_shadow():
    frame, right = donuts()
    found = figures(frame, right)
    views = close_ups(frame, right, found, count=3)
    assert [view.shadow.id for view in views] == [1, 2, 3]
    for view in views:
        assert opened(view.flat).size == opened(view.factor).size == (view.width, view.height)
        assert view.zoom in (1, 2, 3)
        assert view.width * view.zoom == pytest.approx(168, abs=3)
        assert view.factor_scale >= view.shadow.depth


def test_a_wide_shadow_is_shown_smaller_and_says_so():
    flat = np.full((1, 600, 600), 0.5, np.float32)
    where = disc((600, 600), 300, 300, 150)
    factor = np.where(where, 0.9, 1)[None]
    frame = Frame((flat * factor).astype(np.float32))
    right = result(where.astype(np.float32), flat, factor, flat)
    (view,) = close_ups(frame, right, figures(frame, right))
    assert view.zoom == pytest.approx(168 / 466, abs=0.01)


@pytest.mark.parametrize(("depth", "scale"), [(0.004, 0.01), (0.02, 0.03), (0.08, 0.1), (0.5, 0.3)])
def test_the_factor_scale_fits_the_dust(depth, scale):
    factor = np.ones((1, 40, 40), np.float32)
    factor[0, 5:20, 5:20] = 1 - depth
    assert raster.factor_scale(factor) == scale


@pytest.mark.parametrize("channels", [1, 3])
def test_the_same_input_gives_the_same_bytes(channels):
    frame, right = donuts(channels=channels)
    found = figures(frame, right)
    assert pictures(frame, right, found) == pictures(frame, right, found)
    assert comparison(frame, right, found) == comparison(frame, right, found)
    assert close_ups(frame, right, found) == close_ups(frame, right, found)
