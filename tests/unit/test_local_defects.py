"""Faulty columns and rows of the sensor are no dust, and dust is no faulty column."""

import numpy as np
import pytest

from bridge.engines.local.defects import lines, mended
from tests.synthetic import clean, donut_flat, footprint, record, rms_left, vignette
from tests.unit.planes import corrected

SHAPE = (300, 420)


def noisy(seed=1, shape=SHAPE):
    return 1 + 0.0043 * np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("gain", [0.0, 0.9, 0.98, 1.02, 1.5])
def test_a_column_or_row_is_found_whole_and_alone(gain, turned):
    ratio = noisy()
    (ratio.T if turned else ratio)[:, 100] *= np.float32(gain)
    found = lines(ratio)
    whole = found.all(axis=1 if turned else 0)
    assert np.flatnonzero(whole).tolist() == [100]
    assert np.count_nonzero(found) == found.shape[1 if turned else 0]


def test_half_a_column_is_found_and_the_sound_half_mostly_left():
    ratio = noisy(shape=(900, 200))
    ratio[450:, 80] *= np.float32(0.95)
    found = lines(ratio)
    assert found[450:, 80].all()
    assert np.count_nonzero(found) < 1.2 * 450


def test_faults_beside_each_other_are_all_found():
    ratio = noisy()
    for column, gain in ((100, 1.5), (103, 0.95), (105, 0.97), (200, 0.9), (201, 0.9)):
        ratio[:, column] *= np.float32(gain)
    assert set(np.flatnonzero(lines(ratio).all(axis=0))) >= {100, 103, 105, 200, 201}
    assert np.count_nonzero(lines(ratio).any(axis=0)) <= 8


@pytest.mark.parametrize("seed", range(4))
def test_neither_noise_nor_dust_is_a_fault(seed):
    assert not lines(noisy(seed)).any()
    sharp = donut_flat(seed, shape=SHAPE, count=6, radii=(20, 90), depths=(0.1, 0.15), noise=0)
    seen = (sharp.transmission * noisy(seed)).astype(np.float32)
    assert np.count_nonzero(lines(seen)) <= SHAPE[1]  # at most one line, where edges meet


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (150, 3), (3, 150), (20, 20)])
def test_small_planes_have_no_lines(shape):
    assert not lines(noisy(shape=shape)).any()


def test_a_pattern_of_all_columns_is_no_fault():
    gains = 1 + 0.005 * np.random.default_rng(2).standard_normal(SHAPE[1])
    assert not lines((noisy() * gains).astype(np.float32)).any()


def test_mending_takes_what_lies_around():
    ratio = np.tile(np.arange(50, dtype=np.float32), (40, 1))
    faulty = np.zeros(ratio.shape, bool)
    faulty[:, 20] = faulty[7] = True
    broken = np.where(faulty, np.float32(-9), ratio)
    assert abs(mended(broken, faulty) - ratio).max() <= 1
    assert (mended(broken, faulty)[~faulty] == ratio[~faulty]).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("gain", [0.0, 0.95, 1.5])
def test_a_faulty_column_stays_as_it_is_and_dust_goes(seed, gain):
    made = donut_flat(seed, shape=SHAPE, count=5, radii=(8, 30), depths=(0.03, 0.15))
    flat = made.flat.copy()
    faulty = (60, 211, 330)
    flat[:, faulty] *= np.float32(gain)
    found = corrected(flat)
    where = clean(made.transmission)
    assert np.mean(found.correction[0][where] == 1) >= 0.99
    dust = footprint(made.transmission)
    before = rms_left(made.transmission, dust)
    dust[:, [column + near for column in faulty for near in range(-8, 9)]] = False
    assert rms_left(made.transmission / found.correction[0], dust) < before / 10


def test_a_flat_with_faults_and_no_dust_is_left_alone():
    rng = np.random.default_rng(5)
    light = 0.5 * vignette(SHAPE, rng) * noisy()
    light[:, 50] *= 0.9
    light[120] *= 1.1
    light[:, 300] = 0
    assert (corrected(record(light, 0.0015, rng)).correction == 1).all()
