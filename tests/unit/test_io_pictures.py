"""PNG and JPEG pictures become frames, or a sentence."""

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.io import read_image
from bridge.io.pictures import MOST_PIXELS


def packed(values, form="PNG", mode=None):
    file = io.BytesIO()
    Image.fromarray(values, mode).save(file, form)
    return file.getvalue()


def noise(shape, dtype=np.uint8, seed=0):
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max + 1, shape).astype(dtype)


@pytest.mark.parametrize(
    ("shape", "dtype"), [((7, 9), np.uint8), ((7, 9), np.uint16), ((7, 9, 3), np.uint8)]
)
def test_png_is_read_bit_for_bit(shape, dtype):
    values = noise(shape, dtype)
    frame = read_image(packed(values), name="a.png")
    planes = values[None] if values.ndim == 2 else np.moveaxis(values, 2, 0)
    np.testing.assert_array_equal(frame.pixels * np.float32(frame.full_scale), planes)
    assert frame.sample_format == np.dtype(dtype).name
    assert [notice.code for notice in frame.warnings] == (
        ["eight-bit"] if dtype == np.uint8 else []
    )


def test_jpeg_is_read_as_it_unpacks():
    data = packed(noise((16, 24, 3)), "JPEG")
    with Image.open(io.BytesIO(data)) as picture:
        expected = np.moveaxis(np.asarray(picture), 2, 0)
    frame = read_image(data, name="a.jpg")
    np.testing.assert_array_equal(frame.pixels * np.float32(255), expected)
    assert "eight-bit" in {notice.code for notice in frame.warnings}


def test_the_sensors_own_orientation_is_kept():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned
    file = io.BytesIO()
    Image.fromarray(noise((16, 24))).save(file, "JPEG", exif=exif)
    assert read_image(file.getvalue(), name="a.jpg").pixels.shape == (1, 16, 24)


@pytest.mark.parametrize("shape", [(5, 6, 4), (5, 6, 2)])
def test_an_alpha_channel_is_refused(shape):
    with pytest.raises(UnsupportedFrame, match=r"a\.png has an alpha channel"):
        read_image(packed(noise(shape)), name="a.png")


def test_a_small_file_that_unpacks_to_too_much_is_refused_first():
    side = int(np.sqrt(MOST_PIXELS)) + 1
    head = bytearray(packed(noise((5, 6))))
    head[16:24] = side.to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    with pytest.raises(UnsupportedFrame, match="too large"):
        read_image(bytes(head), name="a.png")


@settings(max_examples=150, deadline=None)
@given(
    form=st.sampled_from(["PNG", "JPEG"]),
    cut=st.integers(3, 2000),
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6),
)
def test_damage_is_a_frame_or_a_sentence_that_names_the_file(form, cut, flips):
    data = bytearray(packed(noise((16, 24, 3)), form)[:cut])
    for place, value in flips:
        data[place % len(data)] = value
    try:
        assert read_image(bytes(data), name="a.pic").channels in (1, 3)
    except BridgeError as trouble:
        said = trouble.detail
        assert said.startswith("a.pic ")


def test_a_cut_picture_is_damaged():
    with pytest.raises(UnreadableImage, match=r"a\.png is damaged"):
        read_image(packed(noise((60, 70)))[:900], name="a.png")
