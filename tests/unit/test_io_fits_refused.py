"""FITS in: whatever is no usable image is refused in one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import BridgeError, FileTrouble, UnreadableImage, UnsupportedFrame
from bridge.io import read_image
from tests.unit.io_support import header, one_sentence, written

REFUSED = {
    "1-D": (header("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 100") + bytes(2880)),
    "4-D": header(
        "SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 4", *(f"NAXIS{i}  = 2" for i in (1, 2, 3, 4))
    )
    + bytes(2880),
    "two planes": header(
        "SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 3", *(f"NAXIS{i}  = 2" for i in (1, 2, 3))
    )
    + bytes(2880),
    "no data": header("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0"),
    "no bitpix": header("SIMPLE  = T", "NAXIS   = 0"),
    "odd bitpix": header("SIMPLE  = T", "BITPIX  = 12", "NAXIS   = 0"),
    "negative axis": header(
        "SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = -4", "NAXIS2  = 4"
    ),
    "missing axis": header("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 4"),
    "no end": b"SIMPLE  =                    T".ljust(2880),
    "gigantic": header(
        "SIMPLE  = T", "BITPIX  = -64", "NAXIS   = 2", "NAXIS1  = 900000", "NAXIS2  = 900000"
    ),
    "text": b"These are notes, not pixels.\n" * 200,
    "empty": b"",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_usable_image_is_refused_in_one_sentence_that_names_it(tmp_path, case):
    path = tmp_path / "notes.fits"
    path.write_bytes(REFUSED[case])
    with pytest.raises((UnreadableImage, UnsupportedFrame)) as caught:
        read_image(path)
    assert one_sentence(caught.value)
    assert str(caught.value).startswith("notes.fits ")


def test_no_finite_pixel_is_refused(tmp_path):
    path = written(tmp_path / "dark.fits", np.full((3, 3), np.nan, np.float32))
    with pytest.raises(UnsupportedFrame, match=r"^dark.fits holds no finite pixel\.$"):
        read_image(path)


def test_paths_that_are_no_file_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.fits"):
        with pytest.raises(FileTrouble) as caught:
            read_image(path)
        assert one_sentence(caught.value)


@pytest.mark.parametrize("lost", [1, 500, 2880, 5000])
def test_a_file_cut_short_is_refused_not_filled_with_zeros(tmp_path, lost):
    path = written(tmp_path / "a.fits", np.ones((60, 48), np.uint16))
    whole = path.read_bytes()
    assert 60 * 48 * 2 == 2 * 2880
    path.write_bytes(whole[:-lost])
    with pytest.raises(UnreadableImage, match="cut short"):
        read_image(path)


def test_missing_padding_is_no_fault(tmp_path):
    path = written(tmp_path / "a.fits", np.ones((5, 5), np.uint16))
    path.write_bytes(path.read_bytes()[: 2880 + 50])
    assert read_image(path).pixels.sum() == pytest.approx(25 / 65535)


@settings(max_examples=60, deadline=None)
@given(
    at=st.integers(0, 2879),
    junk=st.binary(min_size=1, max_size=40),
    cut=st.integers(0, 2 * 2880),
)
def test_a_damaged_file_gives_an_image_or_one_sentence(at, junk, cut):
    whole = header(
        "SIMPLE  =                    T",
        "BITPIX  =                   16",
        "NAXIS   =                    2",
        "NAXIS1  =                   20",
        "NAXIS2  =                   20",
        "BZERO   =                32768",
        "ROWORDER= 'BOTTOM-UP'",
    ) + bytes(2880)
    damaged = (whole[:at] + junk + whole[at + len(junk) :])[: len(whole) - cut]
    try:
        told = repr(read_image(damaged, name="damaged.fits"))
    except BridgeError as trouble:
        told = str(trouble)
    assert told.startswith(("Frame(", "damaged.fits "))
    assert "Error" not in told


@settings(max_examples=60, deadline=None)
@given(
    pixels=st.binary(min_size=64, max_size=64),
    bits=st.sampled_from([8, 16, 32, 64, -32, -64]),
    scale=st.sampled_from(["1", "0", "-2.5", "1E300", "1E-300", "-1E308"]),
    zero=st.sampled_from(["0", "32768", "-1E308", "0.1"]),
    blank=st.sampled_from([0, -1, 255, 100000, 2**63]),
)
def test_any_pixels_and_scales_give_a_frame_within_0_to_1_or_one_sentence(
    pixels, bits, scale, zero, blank
):
    whole = header(
        "SIMPLE  = T",
        f"BITPIX  = {bits}",
        "NAXIS   = 2",
        "NAXIS1  = 4",
        "NAXIS2  = 2",
        f"BSCALE  = {scale}",
        f"BZERO   = {zero}",
        f"BLANK   = {blank}",
    )
    try:
        frame = read_image(whole + pixels, name="odd.fits")
    except UnsupportedFrame:
        return
    finite = frame.pixels[np.isfinite(frame.pixels)]
    assert finite.size > 0
    assert 0 <= finite.min() <= finite.max() <= 1
