"""XISF images in, written by the package that PixInsight's users know, and odd ones by hand."""

import sys

import numpy as np
import pytest

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.io import read_image
from tests.xisf_files import handmade, whole, written


@pytest.mark.parametrize("codec", [None, "zlib", "lz4hc"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "f4", "f8"])
def test_every_format_is_read_exactly(tmp_path, dtype, channels, codec):
    values = whole(dtype, channels)
    data = written(tmp_path / "a.xisf", values, codec=codec, shuffle=codec is not None)
    frame = read_image(data, name="a.xisf")
    full = 1.0 if values.dtype.kind == "f" else float(np.iinfo(values.dtype).max)
    assert (frame.sample_format, frame.full_scale) == (values.dtype.name, full)
    np.testing.assert_array_equal(frame.pixels, (values / np.float64(full)).astype(np.float32))


@pytest.mark.parametrize("storage", ["Planar", "Normal"])
@pytest.mark.parametrize("order", ["little", "big"])
def test_either_byte_order_and_layout(order, storage):
    values = whole("u2", 3)
    laid = values if storage == "Planar" else np.moveaxis(values, 0, 2)
    data = laid.astype(">u2" if order == "big" else "<u2").tobytes()
    facts = {"geometry": "14:9:3", "sampleFormat": "UInt16", "colorSpace": "RGB"}
    file = handmade(data, {**facts, "byteOrder": order, "pixelStorage": storage})
    expected = values.astype(np.float32) / np.float32(65535)
    np.testing.assert_array_equal(read_image(file).pixels, expected)


def test_a_transparency_channel_is_left_out_and_told():
    values = whole("u2", 2)
    file = handmade(values.tobytes(), {"geometry": "14:9:2", "sampleFormat": "UInt16"})
    frame = read_image(file)
    assert frame.pixels.shape == (1, 9, 14)
    assert [one.code for one in frame.warnings] == ["alpha"]


GOOD = {"geometry": "14:9:1", "sampleFormat": "UInt16"}
REFUSED = {
    "too large": {"geometry": "99999:99999:1"},
    "no pixels": {"geometry": "0:9:1"},
    "not two dimensions": {"geometry": "14:9:3:1"},
    "neither a gray": {"colorSpace": "CIELab"},
    "nor an RGB": {"geometry": "1:9:14"},
    "can hold": {"geometry": "9999:9999:1", "compression": "zlib:199960002"},
    "not a sound": {"geometry": "14:9:1", "colorSpace": "RGB"},
    "another size": {"compression": "zlib:9"},
    "not a sound XISF": {"geometry": "14:-9:1"},
    "in its header": {"location": "inline:base64"},
    r"cannot be used \(UInt64\)": {"sampleFormat": "UInt64"},
    "not a sound XISF file": {"location": "attachment:4096"},
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_is_refused_in_a_sentence(said):
    file = handmade(whole("u2").tobytes(), {**GOOD, **REFUSED[said]})
    with pytest.raises((UnsupportedFrame, UnreadableImage), match=said):
        read_image(file, name="a.xisf")


@pytest.mark.parametrize("length", [8, 15, 16, 60, 300, 4096, 4200])
def test_a_file_cut_short_is_refused(length):
    file = handmade(whole("u2").tobytes(), GOOD)
    with pytest.raises(UnreadableImage):
        read_image(file[:length], name="a.xisf")


def test_without_the_package_the_extra_is_named_where_it_is_needed(tmp_path, monkeypatch):
    values = whole("u2")[:, :1].repeat(9, axis=1)  # there is something to compress
    packed = written(tmp_path / "a.xisf", values, codec="lz4")
    read = [handmade(values.tobytes(), GOOD)]
    read += [written(tmp_path / "b.xisf", values, codec="zlib", shuffle=shuffle)
             for shuffle in (False, True)]  # fmt: skip
    monkeypatch.setitem(sys.modules, "xisf", None)
    for data in read:
        np.testing.assert_array_equal(
            read_image(data).pixels, values / np.float32(65535), strict=True
        )
    with pytest.raises(UnsupportedFrame, match=r"flatbridge\[xisf\]"):
        read_image(packed)
