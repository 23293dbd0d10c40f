"""What is found strip by strip is what reading the whole image finds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from astropy.io import fits

from bridge.errors import UnsupportedFrame
from bridge.frame import Outline
from bridge.io import outline, outline_of, read_image
from tests.unit.io_support import written

RANDOM = np.random.default_rng(5)
SHAPE = (3, 41, 30)


def floats(low=0.0, high=1.0, dtype=np.float32, holes=()):
    values = RANDOM.uniform(low, high, SHAPE).astype(dtype)
    for at in holes:
        values.flat[at] = np.nan
    return values


def whole(dtype):
    info = np.iinfo(dtype)
    return RANDOM.integers(info.min, info.max, SHAPE, dtype, endpoint=True)


CASES = {
    "plain": (floats(), {}),
    "gray": (floats()[0], {}),
    "brighter than one, late": (np.append(floats()[:2], floats(high=900)[:1], axis=0), {}),
    "some below zero": (floats(low=-0.1), {}),
    "some unknown": (floats(holes=(0, 700, 3689)), {}),
    "a strip unknown": (floats(holes=range(200)), {}),
    "doubles": (floats(high=5, dtype=np.float64, holes=(3,)), {}),
    "a told scale": (floats(), {"FBFULL": 4096.0}),
    "bottom up": (floats(), {"ROWORDER": "BOTTOM-UP"}),
    "scaled": (floats(), {"BSCALE": 2.0, "BZERO": 1.0}),
    "uint8": (whole(np.uint8), {}),
    "uint16": (whole(np.uint16), {}),
    "int16": (whole(np.int16), {}),
    "uint32": (whole(np.uint32), {}),
    "blank": (whole(np.int16) // 7, {"BLANK": 5}),
    "scaled whole numbers": (whole(np.int16) // 7, {"BLANK": 5, "BSCALE": 0.5, "BZERO": 9000.0}),
}


def made(path, values, cards):
    written(path, values)
    with fits.open(path, mode="update", do_not_scale_image_data=True) as found:
        found[0].header.update(cards)
    return path


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("strip", [1, 7 * 30, 2**18])
def test_strips_tell_what_the_whole_tells(tmp_path, monkeypatch, case, strip):
    monkeypatch.setattr(outline, "STRIP", strip)
    path = made(tmp_path / "a.fits", *CASES[case])
    found, frame = outline_of(path, "a.fits"), read_image(path)
    assert isinstance(found, Outline)
    names = [field.name for field in dataclasses.fields(Outline)]
    assert {name: getattr(found, name) for name in names} == {
        name: getattr(frame, name) for name in names
    }


@pytest.mark.parametrize("values", [floats() * np.nan, floats(high=1e35)], ids=["none", "huge"])
def test_what_cannot_be_used_is_refused_in_the_same_words(tmp_path, values):
    path = written(tmp_path / "a.fits", values)
    with pytest.raises(UnsupportedFrame) as by_strips:
        outline_of(path, "a.fits")
    with pytest.raises(UnsupportedFrame) as as_whole:
        read_image(path)
    assert str(by_strips.value) == str(as_whole.value)


def test_a_packed_image_is_read_as_a_whole(tmp_path):
    path = tmp_path / "a.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(floats()[0])]).writeto(path)
    assert outline_of(path, "a.fits").digest == read_image(path).digest
