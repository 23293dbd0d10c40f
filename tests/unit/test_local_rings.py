"""The rings of an obstructed pupil among real structure are dust, no filaments."""

import numpy as np
import pytest

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.engines.local.specks import lengths
from bridge.frame import Frame
from bridge.options import Options
from tests.benchmarks.nights import night


@pytest.mark.parametrize("hole", [0, 6, 12, 16])
def test_a_ring_is_as_long_as_its_disc(hole):
    rows, columns = np.indices((61, 61)) - 30
    away = np.hypot(rows, columns)
    assert lengths((away <= 20) & (away >= hole)) == pytest.approx(1, abs=0.15)


def test_a_filament_is_long():
    bar = np.zeros((60, 120), bool)
    bar[26:34, 10:110] = True
    assert lengths(bar) > 10


def test_donuts_are_found_in_the_median_of_a_nebulous_night():
    made = night(50, shape=(400, 600), subs=12, donuts=7, nebula=0.03, level=3000.0, radii=(12, 30))
    subs = np.stack([sub * np.float32(1 / 2**17) for sub in made.subs]) * made.before
    subs *= (np.median(subs[0]) / np.median(subs, axis=(1, 2)))[:, None, None]
    median = np.median(subs, axis=0).astype(np.float32)
    found = pipeline.correct(Frame(median[None]), Options(), Quiet())
    deep = made.after < 0.95
    assert deep.mean() > 0.005
    share = (1 - found.correction[0][deep]) / (1 - made.after[deep])
    assert np.mean(share > 0.7) > 0.9
