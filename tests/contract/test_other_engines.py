"""Engines that break the promise, answer in other tones, or are not there."""

import sys

import numpy as np
import pytest

from bridge.engines.table import ENGINES, Entry, detector, inpainter
from bridge.errors import BadOption, EngineBadOutput, EngineUnavailable
from tests.contract.fakes import Drawing, Seeing, register
from tests.synthetic import donut_flat
from tests.unit.planes import corrected, detected


@pytest.fixture(scope="module")
def flat():
    return donut_flat(3, shape=(120, 160), count=3, radii=(6, 14), depths=(0.05, 0.15)).flat


def spoilt(value):
    def spoil(seed):
        seed = seed.copy()
        seed[4, 5] = value
        return seed

    return spoil


BAD_MASKS = {
    "wider": lambda seed: np.pad(seed, 1),
    "turned": lambda seed: seed.T,
    "a stack": lambda seed: seed[None],
    "float64": lambda seed: seed.astype(float),
    "flags": lambda seed: seed > 0.5,
    "NaN": spoilt(np.nan),
    "infinite": spoilt(np.inf),
    "above 1": spoilt(1.001),
    "below 0": spoilt(-0.001),
}


@pytest.mark.parametrize("change", BAD_MASKS.values(), ids=BAD_MASKS)
def test_a_bad_mask_is_the_engines_fault(flat, change, monkeypatch):
    register(monkeypatch, detector=Seeing(change))
    with pytest.raises(EngineBadOutput, match="fake"):
        detected(flat, detector="fake")
    with pytest.raises(EngineBadOutput, match="fake"):
        corrected(flat, detector="fake")


def in_mask(value):
    def spoil(answer, mask):
        answer = answer.copy()
        answer[:, mask > 0.5] = value
        return answer

    return spoil


BAD_PICTURES = {
    "smaller": lambda answer, mask: answer[:, 1:],
    "gray plane": lambda answer, mask: answer[0],
    "another channel": lambda answer, mask: np.concatenate([answer, answer]),
    "float64": lambda answer, mask: answer.astype(float),
    "NaN": in_mask(np.nan),
    "infinite": in_mask(-np.inf),
}


@pytest.mark.parametrize("change", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_the_engines_fault(flat, change, monkeypatch):
    register(monkeypatch, inpainter=Drawing(change))
    with pytest.raises(EngineBadOutput, match="fake"):
        corrected(flat, inpainter="fake")


def test_an_engine_cannot_write_into_the_flat(flat, monkeypatch):
    class Scribbling(Seeing):
        def detect(self, flat, *, options, run):
            flat[0, 0, 0] = 0

    register(monkeypatch, detector=Scribbling(None))
    with pytest.raises(ValueError, match="read-only"):
        corrected(flat, detector="fake")


TONES = {
    "a gain": lambda v: 1.3 * v,
    "a gain and a gamma": lambda v: 1.3 * v**0.8,
    "an offset": lambda v: v - 0.03,
}


@pytest.mark.parametrize("tones", TONES.values(), ids=TONES)
def test_an_answer_that_is_globally_brighter_gives_the_same_correction(flat, tones, monkeypatch):
    register(monkeypatch, inpainter=Drawing(lambda answer, mask: tones(answer)))
    usual, other = corrected(flat), corrected(flat, inpainter="fake")
    np.testing.assert_array_equal(other.mask, usual.mask)
    assert abs(other.correction - usual.correction).max() < 1e-3
    assert (other.correction[0][other.mask == 0] == 1).all()


def test_each_color_is_matched_on_its_own(flat, monkeypatch):
    gains = np.array([1.3, 0.8, 1.1], np.float32)[:, None, None]
    register(monkeypatch, inpainter=Drawing(lambda answer, mask: gains * answer))
    color = np.stack([flat, 0.6 * flat, 0.4 * flat])
    usual, other = corrected(color), corrected(color, inpainter="fake")
    assert (usual.correction < 0.95).any()
    assert abs(other.correction - usual.correction).max() < 1e-3


@pytest.mark.parametrize("clean_value", [0.0, 5.0])
def test_nothing_drawn_on_clean_pixels_reaches_the_result(flat, clean_value, monkeypatch):
    def draw(answer, mask):
        answer = answer.copy()
        answer[:, 10, 20:30] = clean_value
        return answer

    register(monkeypatch, inpainter=Drawing(draw))
    found = corrected(flat, inpainter="fake")
    clean = found.mask == 0
    assert clean[10, 20:30].any()
    np.testing.assert_array_equal(found.inpainted[0][clean], flat[clean])
    assert (found.correction[0][clean] == 1).all()


def test_detector_and_inpainter_may_differ(flat, monkeypatch):
    register(monkeypatch, detector=Seeing(lambda seed: np.zeros_like(seed)))
    assert (corrected(flat, detector="fake").correction == 1).all()
    register(monkeypatch, detector=Seeing(lambda seed: seed))
    assert (corrected(flat, detector="fake").correction < 1).any()
    with pytest.raises(BadOption, match="no inpainter named 'fake'"):
        corrected(flat, engine="fake")


@pytest.mark.parametrize("make", [detector, inpainter])
def test_an_unknown_engine_is_a_bad_option_and_the_known_ones_are_named(make):
    with pytest.raises(BadOption, match=r"'nonsense'.*local"):
        make("nonsense")


def test_an_engine_whose_package_is_missing_is_unavailable(flat, monkeypatch):
    monkeypatch.setitem(sys.modules, "missing_package", None)
    entry = Entry("away", "0", "missing_package:D", "missing_package:I", False, False)
    monkeypatch.setitem(ENGINES, "away", entry)
    assert "missing_package" in entry.unavailable()
    with pytest.raises(EngineUnavailable, match=r"away.*missing_package"):
        corrected(flat, engine="away")


def test_an_engine_may_say_itself_why_it_cannot_run(flat, monkeypatch):
    class Locked:
        def __getattr__(self, name):
            raise EngineUnavailable("It needs a key.")

    monkeypatch.setitem(sys.modules, "locked_package", Locked())
    entry = Entry("locked", "0", "locked_package:D", None, True, True)
    monkeypatch.setitem(ENGINES, "locked", entry)
    assert entry.unavailable() == "It needs a key."
    with pytest.raises(EngineUnavailable, match="key"):
        detected(flat, detector="locked")
