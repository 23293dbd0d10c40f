"""Laws of the whole calculation, on scenes of gray, color and mosaic flats."""

from functools import cache

import numpy as np
import pytest

from bridge.engines.base import Quiet
from bridge.errors import BadOption, UnsupportedFrame
from bridge.jobs.watch import STAGES
from bridge.options import Options
from bridge.pipeline import correct
from tests.unit.flats import KINDS, recorded, small
from tests.unit.planes import codes, corrected, detected, framed, sealed

SCENES = pytest.mark.parametrize(
    ("kind", "seed"), [("gray", 1), ("gray", 2), ("RGB", 1), ("Bayer", 2)]
)


@cache
def flat(kind, seed):
    """Half as bright as usual, so that it can be doubled."""
    return sealed(recorded(small(seed, level=0.3), kind))


@cache
def answer(kind, seed):
    return corrected(flat(kind, seed))


@cache
def to_the_letter(kind, seed):
    return corrected(flat(kind, seed), smooth="off")


def same(one, other):
    for plane in ("seed_mask", "mask", "inpainted", "correction", "clean_flat"):
        np.testing.assert_array_equal(getattr(one, plane), getattr(other, plane), err_msg=plane)
    assert one.warnings == other.warnings


@SCENES
def test_there_is_dust_to_speak_of(kind, seed):
    found = answer(kind, seed)
    assert found.correction.min() < 0.98
    assert 0.005 < np.mean(found.mask > 0) < 0.5
    assert "no-dust" not in codes(found)


@SCENES
def test_planes_have_their_shape_and_range(kind, seed):
    found, pixels = answer(kind, seed), framed(flat(kind, seed)).pixels
    for plane in (found.seed_mask, found.mask):
        assert plane.shape == pixels.shape[1:]
    for planes in (found.inpainted, found.correction, found.clean_flat):
        assert planes.shape == pixels.shape
    for plane in (found.seed_mask, found.mask, found.inpainted, found.clean_flat):
        assert plane.dtype == np.float32
        assert plane.min() >= 0
        assert plane.max() <= 1
    assert found.correction.dtype == np.float32
    assert found.correction.min() > 0


@SCENES
def test_clean_pixels_are_left_alone(kind, seed):
    found, pixels = answer(kind, seed), framed(flat(kind, seed)).pixels
    clean = found.mask == 0
    assert (found.correction[:, clean] == 1).all()
    for planes in (found.inpainted, found.clean_flat):
        np.testing.assert_array_equal(planes[:, clean], pixels[:, clean])


@SCENES
def test_correction_times_matched_is_the_flat_where_the_mask_is_one(kind, seed):
    found, pixels = to_the_letter(kind, seed), framed(flat(kind, seed)).pixels
    full = found.mask == 1
    assert np.count_nonzero(full) > 100
    product = (found.correction * found.inpainted)[:, full]
    np.testing.assert_allclose(product, pixels[:, full], rtol=2.5e-7)


@SCENES
def test_the_factor_is_the_formula(kind, seed):
    found, pixels = to_the_letter(kind, seed), framed(flat(kind, seed)).pixels.astype(float)
    mask = found.mask.astype(float)
    np.testing.assert_allclose(
        found.correction, (1 - mask) + mask * pixels / found.inpainted, rtol=4e-7
    )
    np.testing.assert_allclose(found.clean_flat, pixels / found.correction, rtol=2e-7)


@SCENES
@pytest.mark.parametrize("factor", [2.0**-9, 2.0])
def test_scaling_by_a_power_of_two_changes_nothing(kind, seed, factor):
    found, scaled = answer(kind, seed), corrected(flat(kind, seed) * np.float32(factor))
    np.testing.assert_array_equal(scaled.seed_mask, found.seed_mask)
    np.testing.assert_array_equal(scaled.mask, found.mask)
    np.testing.assert_array_equal(scaled.correction, found.correction)
    np.testing.assert_array_equal(scaled.inpainted, found.inpainted * np.float32(factor))


@SCENES
@pytest.mark.parametrize("factor", [0.7, 1.9])
def test_scaling_by_any_constant_changes_next_to_nothing(kind, seed, factor):
    found, scaled = answer(kind, seed), corrected(flat(kind, seed) * np.float32(factor))
    assert abs(scaled.correction - found.correction).max() <= 1e-6


@SCENES
def test_detecting_and_then_correcting_is_correcting(kind, seed):
    found, seen = answer(kind, seed), detected(flat(kind, seed))
    np.testing.assert_array_equal(seen.seed_mask, found.seed_mask)
    np.testing.assert_array_equal(seen.mask, found.mask)
    again = corrected(flat(kind, seed), seen.mask)
    assert again.seed_mask is None
    for plane in ("mask", "inpainted", "correction", "clean_flat"):
        np.testing.assert_array_equal(getattr(again, plane), getattr(found, plane))


@SCENES
@pytest.mark.parametrize("axes", [-2, -1, (-2, -1)], ids=["rows", "columns", "both"])
def test_flips_commute(kind, seed, axes):
    found = answer(kind, seed)
    turned = corrected(np.flip(flat(kind, seed), axes))
    for plane in ("seed_mask", "mask", "correction", "clean_flat"):
        np.testing.assert_array_equal(
            np.flip(getattr(turned, plane), axes), getattr(found, plane), err_msg=plane
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("axes", [-2, -1])
def test_flips_commute_for_odd_sizes(kind, axes):
    pixels = sealed(recorded(small(3, shape=(151, 203)), kind))
    found, turned = corrected(pixels), corrected(np.flip(pixels, axes))
    assert found.correction.min() < 0.99
    np.testing.assert_array_equal(np.flip(turned.correction, axes), found.correction)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_flat_gives_the_same_answer(kind):
    same(corrected(flat(kind, 1)), answer(kind, 1))


@SCENES
def test_a_second_pass_finds_nothing_new(kind, seed):
    again = detected(answer(kind, seed).clean_flat)
    assert np.mean(again.mask > 0) < 0.001


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("noise", [0.0015, 0.012])
@pytest.mark.parametrize("seed", range(5))
def test_a_flat_without_dust_is_left_alone_and_it_is_said(kind, noise, seed):
    scene = small(seed, shape=(150, 220), count=0, noise=noise)
    found = corrected(recorded(scene, kind, noise=noise))
    assert (found.correction == 1).all()
    assert not found.mask.any()
    assert "no-dust" in codes(found)


def test_a_bayer_mosaic_is_never_smoothed_across_sites():
    scene = small(4)
    pixels = recorded(scene, "Bayer")
    found = corrected(pixels)
    inside = found.mask > 0
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        site = np.s_[row::2, column::2]
        middle = np.median((found.inpainted[0][site] / scene.signal[site])[inside[site]])
        assert middle == pytest.approx([[0.9, 1.0], [1.0, 0.7]][row][column], rel=0.004)


def test_a_mosaic_can_be_named_or_denied():
    pixels = recorded(small(4), "Bayer")
    found = corrected(pixels)
    np.testing.assert_array_equal(corrected(pixels, cfa="2x2").correction, found.correction)
    assert not np.array_equal(corrected(pixels, cfa="none").mask, found.mask)


def test_xtrans_is_refused_unless_denied():
    scene = small(5)
    tile = np.ones((6, 6))
    tile[[0, 1, 1, 2, 3, 4, 4, 5], [4, 0, 2, 4, 1, 3, 5, 1]] = 0.5
    height, width = scene.flat.shape
    pixels = scene.flat * np.tile(tile, (height // 6 + 1, width // 6 + 1))[:height, :width]
    with pytest.raises(UnsupportedFrame, match="X-Trans"):
        detected(pixels)
    assert detected(pixels, cfa="none").mask.shape == pixels.shape


@pytest.mark.parametrize(
    "options", [{"smooth": "much"}, {"polarity": "gray"}, {"bias": -0.1}, {"verify": "sometimes"}]
)
def test_what_cannot_be_done_is_refused(options):
    with pytest.raises(BadOption):
        corrected(flat("gray", 1), **options)


@pytest.mark.parametrize("kind", KINDS)
def test_the_work_is_told_stage_by_stage(kind):
    class Listening(Quiet):
        told: list[str] = []  # noqa: RUF012 (one instance)

        def progress(self, stage, fraction):
            assert 0 <= fraction <= 1
            self.told.append(stage)

    run = Listening()
    run.told = []
    correct(framed(flat(kind, 1)), Options(), run)
    first = list(dict.fromkeys(run.told))
    assert first == ["detect", "expand", "inpaint", "match", "synthesise"]
    assert first == [stage for stage in STAGES if stage in first]
