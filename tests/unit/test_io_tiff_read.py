"""TIFF in."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.io import read_image
from tests.shared_data import shared


def tiff(array: np.ndarray, **how: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, array, **how)
    return file.getvalue()


def sample(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(3)
    if np.dtype(dtype).kind == "f":
        return rng.random(shape).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "float32", "float64"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_gray(dtype, order, compression):
    values = sample(dtype, (9, 7))
    frame = read_image(tiff(values, byteorder=order, compression=compression))
    full = 1 if values.dtype.kind == "f" else np.iinfo(dtype).max
    assert (frame.sample_format, frame.full_scale) == (dtype, full)
    np.testing.assert_array_equal(frame.pixels[0], (values / np.float64(full)).astype(np.float32))


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_rgb_in_both_layouts(planar, tile):
    values = sample("uint16", (3, 20, 33))
    data = values if planar == "separate" else np.moveaxis(values, 0, -1)
    frame = read_image(tiff(data, photometric="rgb", planarconfig=planar, tile=tile))
    np.testing.assert_array_equal(frame.pixels, values / np.float32(65535))


def test_alpha_is_left_out_and_told():
    values = sample("uint8", (5, 6, 4))
    frame = read_image(tiff(values, photometric="rgb", extrasamples=["unassalpha"]))
    assert frame.pixels.shape == (3, 5, 6)
    assert [notice.code for notice in frame.warnings] == ["alpha"]


def test_a_thumbnail_beside_the_image_is_no_second_image():
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(sample("uint8", (20, 20)), metadata=None)
        writer.write(sample("uint8", (5, 5)), subfiletype=1, metadata=None)
    assert read_image(file.getvalue()).pixels.shape == (1, 20, 20)


REFUSED = {
    "pages": tiff(sample("uint8", (4, 5, 6)), photometric="minisblack"),
    "imagej stack": tiff(sample("uint8", (4, 5, 6)), imagej=True),
    "palette": tiff(
        sample("uint8", (5, 6)), photometric="palette", colormap=np.zeros((3, 256), np.uint16)
    ),
    "inverted": tiff(sample("uint8", (5, 6)), photometric="miniswhite"),
    "complex": tiff(np.ones((5, 6), np.complex64)),
    "bilevel": tiff(np.ones((5, 6), bool)),
    "half": tiff(np.ones((5, 6), np.float16)),
    "bare magic": b"II*\0",
    "no page": b"II*\0" + bytes(4),
    "junk": b"MM\0*" + bytes(range(256)),
    "nan": tiff(np.full((5, 6), np.nan, np.float32)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case):
    with pytest.raises((UnreadableImage, UnsupportedFrame)) as caught:
        read_image(REFUSED[case], name="a.tif")
    assert str(caught.value).startswith("a.tif ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_a_file_cut_short_is_refused_at_any_place(compression):
    whole = tiff(sample("uint16", (40, 30)), compression=compression, rowsperstrip=8)
    for length in range(8, len(whole), 97):
        with pytest.raises(BridgeError):
            read_image(whole[:length], name="a.tif")


def test_a_circle_of_pages_and_a_size_beyond_the_pixels_are_refused():
    whole = bytearray(tiff(sample("uint16", (40, 30)), compression="zlib", metadata=None))
    with tifffile.TiffFile(io.BytesIO(whole)) as opened:
        page = opened.pages[0]
        at = {tag.name: tag.valueoffset for tag in page.tags}
        first, count = page.offset, len(page.tags)
    circle = whole.copy()
    next_page = first + 2 + 12 * count
    circle[next_page : next_page + 4] = first.to_bytes(4, "little")
    with pytest.raises(UnsupportedFrame, match="several images"):
        read_image(bytes(circle), name="a.tif")
    taller = whole.copy()
    taller[at["ImageLength"] : at["ImageLength"] + 2] = (400).to_bytes(2, "little")
    with pytest.raises(UnreadableImage, match="cut short"):
        read_image(bytes(taller), name="a.tif")


def test_damaged_compressed_pixels_are_refused():
    whole = bytearray(tiff(sample("uint16", (40, 30)), compression="zlib", metadata=None))
    with tifffile.TiffFile(io.BytesIO(whole)) as opened:
        at = opened.pages[0].dataoffsets[0]
    whole[at : at + 50] = bytes(50)
    with pytest.raises(UnreadableImage, match="cannot be decoded"):
        read_image(bytes(whole), name="a.tif")


def test_deflated_files_are_read_without_imagecodecs():
    path = shared("brightfield", "Timelapse_brightfield_median.tiff")
    code = (
        "import sys; sys.modules['imagecodecs'] = None\n"
        "from pathlib import Path\n"
        "from bridge.io import read_image\n"
        f"assert read_image(Path({str(path)!r})).pixels.shape == (1, 1040, 1388)\n"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=root, timeout=60)
