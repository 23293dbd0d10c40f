"""How well the offline engine sees and fills, measured against the truth of made scenes."""

from functools import cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tests.synthetic import donut_flat, dust_rms
from tests.unit.flats import COLORS, SITES, recorded, small
from tests.unit.planes import codes, corrected

SEEDS = (1, 2, 6)


@cache
def scene(seed):
    return donut_flat(seed)


@cache
def factor(seed):
    return corrected(scene(seed).flat).correction[0]


def rings(made):
    """Yield each donut and its dark ring, without what lies in the reach of another donut."""
    y, x = np.mgrid[: made.flat.shape[0], : made.flat.shape[1]]
    away = [np.hypot(x - donut.x, y - donut.y) for donut in made.donuts]
    reach = [far <= 3 + 1.2 * donut.radius for far, donut in zip(away, made.donuts, strict=True)]
    crowd = np.sum(reach, axis=0)
    for donut, far in zip(made.donuts, away, strict=True):
        ring = (far > 0.55 * donut.radius) & (far < 0.85 * donut.radius) & (crowd == 1)
        if np.count_nonzero(ring) > 40:
            yield donut, ring


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rms_of_the_dust_falls_at_least_fifteenfold(seed):
    before = dust_rms(scene(seed), np.ones_like(factor(seed)))
    assert before >= 0.03
    assert dust_rms(scene(seed), factor(seed)) <= before / 15


@pytest.mark.parametrize("seed", SEEDS)
def test_no_shadow_keeps_a_fifth_of_its_depth(seed):
    left = gaussian_filter(scene(seed).transmission / factor(seed), 2) - 1
    was = gaussian_filter(scene(seed).transmission, 2) - 1
    judged = 0
    for donut, ring in rings(scene(seed)):
        if donut.depth >= 0.01:
            judged += 1
            assert was[ring].mean() < -donut.depth / 2
            assert abs(left[ring].mean()) < donut.depth / 5, donut
    assert judged >= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_truly_clean_pixels_stay_exactly_one(seed):
    clean = scene(seed).clean
    assert np.count_nonzero(clean) > 100_000
    assert np.mean(factor(seed)[clean] == 1) >= 0.98


@pytest.mark.parametrize("kind", ["RGB", "Bayer"])
def test_color_is_corrected_as_well_as_gray(kind):
    made = small(3, shape=(420, 560), count=6, radii=(8, 45), least_rms=0.03)
    found = corrected(recorded(made, kind))
    for correction in found.correction:
        before = dust_rms(made, np.ones_like(correction))
        assert before >= 0.03
        assert dust_rms(made, correction) <= before / 15
        assert np.mean(correction[made.clean] == 1) >= 0.98


def test_the_clean_flat_is_the_light_without_the_dust():
    made = small(3, shape=(420, 560), count=6, radii=(8, 45), least_rms=0.03)
    for kind, levels in (("RGB", COLORS), ("Bayer", SITES.ravel())):
        planes = list(corrected(recorded(made, kind)).clean_flat)
        truth = [made.signal] * 3
        if kind == "Bayer":
            sites = [np.s_[row::2, column::2] for row in (0, 1) for column in (0, 1)]
            planes, truth = ([plane[0][site] for site in sites] for plane in (planes, truth))
        for plane, light, level in zip(planes, truth, levels, strict=True):
            wrong = gaussian_filter(plane / (level * light), 3) - 1
            assert np.sqrt(np.mean(wrong**2)) < 0.002


@pytest.mark.parametrize("seed", range(5))
def test_a_large_flat_without_dust_is_left_alone(seed):
    made = donut_flat(seed, count=0, shape=(500, 700))
    found = corrected(made.flat)
    assert (found.correction == 1).all()
    assert "no-dust" in codes(found)


@pytest.mark.parametrize(
    ("radius", "depth"), [(8, 0.03), (8, 0.15), (30, 0.01), (30, 0.3), (70, 0.02)]
)
def test_a_depth_is_recovered_whatever_its_size_and_strength(radius, depth):
    made = donut_flat(
        radius, shape=(360, 400), count=1, radii=(radius, radius), depths=(depth, depth),
        least_rms=0.0,
    )  # fmt: skip
    ((_, ring),) = rings(made)
    correction = corrected(made.flat).correction[0]
    truth = 1 - made.transmission[ring].mean()
    assert truth > depth / 2
    assert 1 - correction[ring].mean() == pytest.approx(truth, abs=0.1 * truth)
