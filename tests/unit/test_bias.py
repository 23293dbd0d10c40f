"""What of a flat is not light, and what it would cost not to know it."""

import numpy as np
import pytest

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.errors import UnsupportedFrame
from bridge.frame import Frame
from bridge.numerics.bias import about_pedestal, without_bias, without_master
from bridge.options import Options
from tests.synthetic import donut_flat


def frame(values, full_scale=65535.0):
    return Frame((np.asarray(values, np.float32) / full_scale)[None], "uint16", full_scale)


def test_a_number_counts_in_the_flats_own_units():
    less = without_bias(frame(np.full((4, 5), 3000.0)), 1000)
    assert less.pixels * 65535 == pytest.approx(2000, abs=0.01)
    assert without_bias(frame(np.full((4, 5), 3000.0)), 0).pixels[0, 0, 0] == np.float32(
        3000 / 65535
    )


def test_negative_light_becomes_none_and_is_counted():
    values = np.full((10, 10), 3000.0)
    values[2, 3:5] = 900
    less = without_bias(frame(values), 1000)
    assert less.pixels.min() == 0
    assert [(one.code, one.count) for one in less.warnings] == [("below-bias", 2)]


def test_a_bias_above_the_flat_is_refused():
    with pytest.raises(UnsupportedFrame, match="darker than its bias"):
        without_bias(frame(np.full((10, 10), 900.0)), 1000)


@pytest.mark.parametrize("full_scale", [65535.0, 65536.0, 2048.0])
def test_a_master_recorded_in_adu_counts_in_adu(full_scale):
    master = Frame(np.full((1, 4, 5), 1000 / full_scale, np.float32), "float32", full_scale)
    less = without_master(frame(np.full((4, 5), 3000.0)), master, "bias.fits")
    assert less.pixels * 65535 == pytest.approx(2000, abs=0.01)
    assert "bias.fits" in less.warnings[-1].message


def test_a_normalised_master_counts_as_a_share():
    master = Frame(np.full((1, 4, 5), 1000 / 65535, np.float32))
    less = without_master(frame(np.full((4, 5), 3000.0)), master, "bias.fits")
    assert less.pixels * 65535 == pytest.approx(2000, abs=0.01)


def test_a_master_of_another_size_is_refused():
    master = Frame(np.zeros((1, 5, 5), np.float32))
    with pytest.raises(UnsupportedFrame, match="5 x 5 gray, the flat 5 x 4 gray"):
        without_master(frame(np.full((4, 5), 3000.0)), master, "bias.fits")


def test_a_known_bias_gives_the_true_depths():
    scene = donut_flat(11, shape=(300, 400), count=5, depths=(0.05, 0.12), radii=(12, 30))
    true = pipeline.correct(Frame(scene.flat[None]), Options(), Quiet())
    raised = Frame(scene.flat[None] + np.float32(0.1))
    told = pipeline.correct(raised, Options(bias=0.1), Quiet())
    untold = pipeline.correct(raised, Options(), Quiet())
    deep = true.correction[0] < 0.97
    share = (1 - untold.correction[0][deep]) / (1 - true.correction[0][deep])
    assert np.median((1 - told.correction[0][deep]) / (1 - true.correction[0][deep])) == (
        pytest.approx(1, abs=0.01)
    )
    assert np.median(share) < 0.9
    assert told.clean_flat[0] == pytest.approx(true.clean_flat[0], abs=0.02)


def test_what_an_unknown_pedestal_could_do_is_told_where_it_matters():
    flat = frame(np.full((20, 20), 30000.0))
    told = about_pedestal(flat, [(0.10, 0.0005), (0.001, 0.0005)])
    assert [(one.code, one.count) for one in told] == [("pedestal", 1)]
    # 0.015 under 0.458: 3.4 % of each depth.
    assert "3.4 %" in told[0].message
    assert "0.34 %" in told[0].message
    assert about_pedestal(flat, [(0.10, 0.01)]) == []
    assert about_pedestal(flat, []) == []


def test_no_pedestal_can_exceed_the_darkest_light():
    values = np.full((20, 20), 30000.0)
    values[:2] = 30
    told = about_pedestal(frame(values), [(0.10, 0.00001)])
    assert "0.046 % of full scale" in told[0].message
