"""Bright residues, which a stale flat leaves, are found as well as dark dust."""

import numpy as np
import pytest
from scipy.ndimage import label

from bridge.engines.local import LocalDetector
from bridge.options import Options
from tests.contract.fakes import Watched
from tests.synthetic import footprint, record, rms_left
from tests.unit.flats import small
from tests.unit.planes import codes, corrected, sealed


def ghosts(seed, also_dark=False):
    """Return a flat whose dust is brighter than its surroundings, beside dark dust; and T."""
    made = small(seed, shape=(300, 420), count=6, radii=(8, 35), depths=(0.02, 0.12))
    transmission = 1 / made.transmission
    if also_dark:
        pieces, count = label(made.transmission < 1 - 1e-4)
        dark = pieces % 2 == 0
        assert count > 1
        transmission[dark] = made.transmission[dark]
    light = made.signal * transmission * made.prnu
    return record(light, 0.0015, np.random.default_rng(seed)), transmission


def left(transmission, found):
    return rms_left(transmission / found.correction[0], footprint(transmission))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("polarity", ["bright", "both"])
def test_bright_residues_go_fifteenfold(seed, polarity):
    flat, transmission = ghosts(seed)
    before = rms_left(transmission, footprint(transmission))
    assert before > 0.01
    found = corrected(flat, polarity=polarity)
    assert left(transmission, found) < before / 15
    assert found.correction.max() > 1.02


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_finds_dark_and_bright_in_one_flat(seed):
    flat, transmission = ghosts(seed, also_dark=True)
    before = rms_left(transmission, footprint(transmission))
    found = corrected(flat, polarity="both")
    assert left(transmission, found) < before / 10
    assert found.correction.min() < 0.98
    assert found.correction.max() > 1.02


@pytest.mark.parametrize("polarity", ["dark", "bright", "both"])
def test_a_flat_without_dust_is_left_alone_whatever_is_looked_for(polarity):
    found = corrected(small(4, count=0).flat, polarity=polarity)
    assert (found.correction == 1).all()
    assert "no-dust" in codes(found)


def test_progress_never_falls_back_when_both_are_looked_for():
    flat, _ = ghosts(1, also_dark=True)
    run = Watched()
    LocalDetector().detect(sealed(flat[None]), options=Options(polarity="both"), run=run)
    fractions = [fraction for _, fraction in run.told]
    assert fractions == sorted(fractions)
    assert any(fraction < 0.5 for fraction in fractions)
    assert fractions[-1] == 1
