from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from bridge.frame import Frame
from bridge.report import Figures, figures, measure
from tests.browser.scenes import disc, donuts, nothing, result

SHAPE = (160, 200)


def flat_field(shape=SHAPE, level=0.5, noise=0.002, seed=0):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    bowl = 1 - 0.3 * (((x - 90) / shape[1]) ** 2 + ((y - 80) / shape[0]) ** 2)
    return level * bowl * (1 + noise * rng.standard_normal(shape)), bowl * level


def with_disc(depth, *, x=100.0, y=80.0, radius=20.0, noise=0.002, seed=0):
    flat, _ = flat_field(noise=noise, seed=seed)
    where = disc(SHAPE, x, y, radius)
    transmission = np.where(where, 1 - depth, 1)
    mask = where.astype(np.float32)
    seen = flat * transmission
    frame = Frame(seen[None].astype(np.float32))
    rng = np.random.default_rng(seed + 1)
    noisy = transmission * (1 + noise * rng.standard_normal(SHAPE) * where)
    return frame, result(mask, flat[None], noisy[None], flat[None])


@pytest.mark.parametrize("depth", [0.005, 0.05, 0.4])
@pytest.mark.parametrize("radius", [4.0, 20.0, 60.0])
def test_a_disc_is_measured_as_it_was_made(depth, radius):
    shadow = figures(*with_disc(depth, radius=radius)).shadows[0]
    assert shadow.depth == pytest.approx(depth, abs=0.0035)
    assert shadow.diameter == pytest.approx(2 * radius, rel=0.02)
    assert (shadow.x, shadow.y) == pytest.approx((100, 80), abs=0.01)


def test_the_lowest_of_many_noisy_pixels_is_not_taken_for_depth():
    frame, correction = with_disc(0.05, radius=70, noise=0.01)
    assert correction.correction.min() < 0.92
    assert figures(frame, correction).shadows[0].depth == pytest.approx(0.05, abs=0.006)


def test_a_dead_pixel_is_not_depth():
    frame, correction = with_disc(0.05, noise=0)
    holed = correction.correction.copy()
    holed[0, 80, 100] = 0.2
    other = result(correction.mask, correction.inpainted, holed, correction.clean_flat)
    assert figures(frame, other).shadows[0].depth == pytest.approx(0.05, abs=1e-6)
    assert figures(frame, other).factor_min == pytest.approx(0.2)


def test_pieces_that_touch_at_a_corner_are_one_and_a_clean_pixel_parts_them():
    flat = np.full((1, 40, 40), 0.5, np.float32)
    for offset, expected in ((0, 1), (1, 2)):
        mask = np.zeros((40, 40), np.float32)
        mask[5:10, 5:10] = 1
        mask[10 + offset : 15 + offset, 10 + offset : 15 + offset] = 1
        found = figures(Frame(flat.copy()), result(mask, flat, np.ones_like(flat), flat))
        assert len(found.shadows) == expected


def test_a_mask_of_one_half_is_no_shadow_and_more_is():
    flat = np.full((1, 20, 20), 0.5, np.float32)
    for value, expected in ((0.5, 0), (0.51, 1)):
        mask = np.zeros((20, 20), np.float32)
        mask[5:9, 5:9] = value
        found = figures(Frame(flat.copy()), result(mask, flat, np.ones_like(flat), flat))
        assert len(found.shadows) == expected


def test_the_deepest_comes_first_and_is_number_one():
    shadows = figures(*donuts()).shadows
    assert len(shadows) >= 3
    assert [shadow.id for shadow in shadows] == list(range(1, len(shadows) + 1))
    depths = [shadow.depth for shadow in shadows]
    assert depths == sorted(depths, reverse=True)
    assert depths[0] > depths[-1]


def test_of_three_channels_the_deepest_counts():
    frame, correction = with_disc(0.02, noise=0)
    flat = np.repeat(correction.clean_flat, 3, axis=0)
    factor = np.repeat(correction.correction, 3, axis=0)
    factor[1] = np.where(correction.mask > 0, 0.93, 1)
    color = result(correction.mask, flat, factor, flat)
    found = figures(Frame(np.repeat(frame.pixels, 3, axis=0)), color)
    assert found.shadows[0].depth == pytest.approx(0.07, abs=1e-6)


def test_a_pixel_changed_in_one_channel_is_touched():
    flat = np.full((3, 20, 30), 0.5, np.float32)
    factor = np.ones_like(flat)
    factor[2, 4, 5] = np.nextafter(np.float32(1), np.float32(2))
    factor[:, 10, 10] = 0.9
    found = figures(Frame(flat.copy()), result(np.zeros((20, 30), np.float32), flat, factor, flat))
    assert found.touched == 2 / 600
    assert found.factor_min == pytest.approx(0.9)


@pytest.mark.parametrize("noise", [0.001, 0.02])
def test_noise_is_measured_through_vignetting_dust_and_bad_pixels(noise):
    flat, _ = flat_field(noise=noise, seed=4)
    flat[disc(SHAPE, 60, 60, 25)] *= 0.5
    flat[::17, ::13] = np.nan
    flat[3::29, 5::31] = 1.0
    clean = ~disc(SHAPE, 60, 60, 26)
    measured = measure.noise(flat[None].astype(np.float32), clean)
    assert measured == pytest.approx(noise, rel=0.05)


def test_a_color_mosaic_is_no_noise_and_no_uncertainty():
    flat, _ = flat_field(noise=0.003, seed=5)
    sites = np.tile([[0.5, 1.0], [1.0, 0.7]], (SHAPE[0] // 2, SHAPE[1] // 2))
    where = disc(SHAPE, 100, 80, 20)
    found = []
    for plane in (flat, flat * sites):
        level = plane[None].astype(np.float32)
        factor = np.where(where, 0.95, 1)[None]
        seen = Frame((level * factor).astype(np.float32))
        found.append(figures(seen, result(where.astype(np.float32), level, factor, level)))
    gray, mosaic = found
    assert mosaic.noise == pytest.approx(gray.noise, rel=0.1)
    assert mosaic.shadows[0].uncertainty == pytest.approx(gray.shadows[0].uncertainty, rel=1)
    assert mosaic.shadows[0].uncertainty < 0.001


def test_uncertainty_is_small_on_a_smooth_field_and_grows_with_structure():
    smooth, _ = flat_field(noise=0.002, seed=6)
    rng = np.random.default_rng(7)
    texture = ndimage.gaussian_filter(rng.standard_normal(SHAPE), 5)
    texture *= 0.05 / texture.std()
    where = disc(SHAPE, 100, 80, 15)
    clean = ~disc(SHAPE, 100, 80, 22)
    box = (slice(65, 96), slice(85, 116))

    def uncertainty(plane):
        return measure.uncertainty(plane.astype(np.float32), clean, where[box], box, 30.0)

    assert 0 < uncertainty(smooth) < 0.001
    assert 0.01 < uncertainty(smooth * (1 + texture)) < 0.2


def test_uncertainty_foretells_the_error_of_a_smooth_reconstruction():
    # what a quadratic through the ring misses inside, over many fields, against what is foretold
    where = disc(SHAPE, 100, 80, 12)
    ring = disc(SHAPE, 100, 80, 32) & ~disc(SHAPE, 100, 80, 16)
    box = (slice(68, 93), slice(88, 113))
    y, x = (np.mgrid[: SHAPE[0], : SHAPE[1]] - np.array([80, 100])[:, None, None]) / 30
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    errors, foretold = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        texture = ndimage.gaussian_filter(rng.standard_normal(SHAPE), 8)
        plane = 0.5 * (1 + 0.02 * texture / texture.std())
        fit, *_ = np.linalg.lstsq(terms[ring], plane[ring], rcond=None)
        errors.append((terms[where] @ fit - plane[where]).mean() / 0.5)
        foretold.append(
            measure.uncertainty(
                plane.astype(np.float32), ~disc(SHAPE, 100, 80, 16), where[box], box, 24.0
            )
        )
    assert 0.5 < np.std(errors) / np.median(foretold) < 2


def test_without_clean_pixels_nothing_is_known():
    flat = np.full((1, 30, 30), 0.5, np.float32)
    mask = np.ones((30, 30), np.float32)
    found = figures(Frame(flat.copy()), result(mask, flat, flat + 0.4, flat))
    assert found.shadows[0].uncertainty == measure.NOTHING_KNOWN


def test_what_was_left_alone_is_told_of_last():
    frame, correction = with_disc(0.05, radius=20)
    seed, flat = correction.mask.copy(), frame.pixels.copy()
    for x, depth, value in ((30, 0.5, 0.25), (60, 0.02, 0.5), (170, 0.01, 0.6)):
        where = disc(SHAPE, x, 80, 8)
        seed[where] = value
        flat[0][where] *= 1 - np.float32(depth)
    other = replace(correction, seed_mask=seed)
    found = figures(replace(frame, pixels=flat), other).shadows
    assert [shadow.corrected for shadow in found] == [True, False, False]
    assert [shadow.x for shadow in found] == pytest.approx([100, 30, 60], abs=0.01)
    assert [shadow.depth for shadow in found] == pytest.approx([0.05, 0.5, 0.02], abs=0.004)
    assert [shadow.id for shadow in found] == [1, 2, 3]
    assert all(0 < shadow.uncertainty < 0.01 for shadow in found)
    assert not figures(frame, replace(correction, seed_mask=None)).shadows[1:]


def test_dust_that_is_left_shows_in_the_residual():
    frame, right = with_disc(0.05, radius=40, noise=0)
    assert figures(frame, right).residual == 0
    left = np.where(right.mask > 0, right.clean_flat * np.float32(0.99), right.clean_flat)
    some = result(right.mask, right.inpainted, right.correction, left)
    assert figures(frame, some).residual == pytest.approx(0.01, rel=0.1)


def test_without_dust_nothing_is_found():
    found = figures(*nothing())
    assert found.shadows == ()
    assert (found.touched, found.factor_min, found.factor_max, found.residual) == (0, 1, 1, 0)
    assert found.noise > 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (3, 3), (40, 40)])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("level", [0.0, 0.5, np.nan])
@pytest.mark.parametrize("masked", [0, 1])
def test_every_number_is_finite(shape, channels, level, masked):
    flat = np.full((channels, *shape), level, np.float32)
    mask = np.zeros(shape, np.float32)
    mask[: (shape[0] + 1) // 2] = masked
    known = np.nan_to_num(flat)
    text = json.dumps(
        figures(Frame(flat), result(mask, known, np.ones_like(flat), known)).to_json(),
        allow_nan=False,
    )
    assert Figures.from_json(json.loads(text)).touched == 0


def test_shadows_on_the_border_and_among_unknown_pixels_are_measured():
    flat, _ = flat_field()
    flat[:, :30] = np.nan
    where = disc(SHAPE, 25, 0, 14) | disc(SHAPE, 199, 159, 9)
    mask = (where & np.isfinite(flat)).astype(np.float32)
    factor = np.where(mask > 0, 0.9, 1)[None]
    known = np.nan_to_num(flat)[None]
    found = figures(Frame(flat[None].astype(np.float32)), result(mask, known, factor, known))
    assert [round(shadow.depth, 3) for shadow in found.shadows] == [0.1, 0.1]
    assert all(0 < shadow.uncertainty < 0.02 for shadow in found.shadows)


def test_flips_move_the_shadows_and_change_nothing_else():
    frame, right = donuts()
    flip = np.s_[..., ::-1]
    mirrored = result(
        right.mask[flip], right.inpainted[flip], right.correction[flip], right.clean_flat[flip]
    )
    one = figures(frame, right)
    other = figures(Frame(np.ascontiguousarray(frame.pixels[flip])), mirrored)
    assert other.noise == pytest.approx(one.noise, rel=1e-9)
    for here, there in zip(one.shadows, other.shadows, strict=True):
        assert there.x == pytest.approx(frame.width - 1 - here.x)
        assert (there.y, there.depth) == pytest.approx((here.y, here.depth))
        assert there.uncertainty == pytest.approx(here.uncertainty, rel=0.5)


def test_a_fainter_flat_gives_the_same_figures():
    frame, right = donuts()
    half = Frame(frame.pixels * np.float32(0.5))
    less = result(right.mask, right.inpainted * 0.5, right.correction, right.clean_flat * 0.5)
    assert figures(half, less) == figures(frame, right)


def test_the_same_input_gives_the_same_figures_and_stays_as_it_was():
    frame, right = donuts()
    before = right.correction.copy()
    assert figures(frame, right) == figures(frame, right)
    assert (right.correction == before).all()


def test_figures_survive_json_to_six_digits():
    found = figures(*donuts())
    again = Figures.from_json(json.loads(json.dumps(found.to_json())))
    assert again.to_json() == found.to_json()
    assert again.residual == pytest.approx(found.residual, rel=1e-5)
    assert again.shadows[0].depth == pytest.approx(found.shadows[0].depth, rel=1e-5)


def test_a_correction_of_another_shape_is_refused():
    frame, _ = donuts()
    with pytest.raises(ValueError, match="another shape"):
        figures(frame, nothing()[1])
