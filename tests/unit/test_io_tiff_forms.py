"""TIFF in every form that programs lay it out in: read right, and given back in the same form."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bridge.errors import UnsupportedFrame
from bridge.io.rewrite import read_recording
from bridge.io.source import read_samples
from tests.unit.io_support import one_sentence

DTYPES = ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64")
DIGEST = "cd" * 32


@st.composite
def forms(draw):
    """Return planes (channels, height, width), light first, how many are light, and a form."""
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    colors = draw(st.sampled_from([1, 3]))
    alpha = draw(st.booleans())
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    shape = (colors + alpha, height, width)
    if dtype.kind == "f":
        planes = rng.random(shape).astype(dtype)
    else:
        info = np.iinfo(dtype)
        planes = rng.integers(max(info.min, -9), info.max, shape, dtype, endpoint=True)
    compression = draw(st.sampled_from([None, "zlib", "lzma"]))
    can_differ = compression in ("zlib", "lzma") and dtype.kind != "f"
    form = {
        "byteorder": draw(st.sampled_from("<>")),
        "bigtiff": draw(st.booleans()),
        "photometric": "rgb" if colors == 3 else "minisblack",
        "planarconfig": draw(st.sampled_from(["contig", "separate"])) if len(planes) > 1 else None,
        "extrasamples": ["unassalpha"] if alpha else None,
        "tile": draw(st.sampled_from([None, (16, 16), (16, 32), (64, 48)])),
        "compression": compression,
        "predictor": draw(st.booleans()) if can_differ else None,
        "metadata": None,
    }
    if form["tile"] is None:
        form["rowsperstrip"] = draw(st.integers(1, height + 3))
    return planes, colors, form


def written(planes, form) -> bytes:
    file = io.BytesIO()
    contiguous = form.get("planarconfig") != "separate"
    pixels = planes[0] if len(planes) == 1 else np.moveaxis(planes, 0, 2) if contiguous else planes
    tifffile.imwrite(file, pixels, **form)
    return file.getvalue()


@given(forms())
def test_any_form_is_read_right_and_given_back(tmp_path_factory, drawn):
    planes, colors, form = drawn
    path = tmp_path_factory.mktemp("forms") / "a.tif"
    path.write_bytes(written(planes, form))
    recording = read_recording(path)
    np.testing.assert_array_equal(recording.values, planes[:colors], strict=True)
    given_back = recording.encode(recording.values[:, ::-1], digest=DIGEST, history="turned")
    with tifffile.TiffFile(io.BytesIO(given_back)) as tiff:
        page, separate = tiff.pages[0], form["planarconfig"] == "separate"
        pixels = page.asarray().reshape(page.shaped[0], *page.shaped[2:])
        got = pixels[..., 0] if separate else np.moveaxis(pixels[0], -1, 0)
        np.testing.assert_array_equal(got[:colors], planes[:colors, ::-1], strict=True)
        np.testing.assert_array_equal(got[colors:], planes[colors:])
        assert (tiff.byteorder, tiff.is_bigtiff) == (form["byteorder"], form["bigtiff"])
        assert (page.photometric.name, page.compression == 1) == (
            form["photometric"].upper(), form["compression"] != "zlib",
        )  # fmt: skip
        assert len(planes) == 1 or page.planarconfig == (2 if separate else 1)
        assert (page.tilelength, page.tilewidth) == (form["tile"] or (0, 0))
    path.write_bytes(given_back)
    assert read_recording(path).stamps == (DIGEST,)


@pytest.mark.parametrize("packing", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize(
    ("dtype", "predictor"),
    [(dtype, predictor) for dtype in ("uint8", "uint16", "float32") for predictor in (1, 2)]
    + [("float32", 3)],
)
def test_what_another_program_packed_is_read_exactly(dtype, packing, predictor):
    """Pillow's library writes these; predictor 3 is for floats, and packbits knows none."""
    values = (np.random.default_rng(0).random((61, 83)) * 250).astype(dtype)
    with io.BytesIO() as stream:
        settings = {317: predictor, 278: 10}
        Image.fromarray(values).save(stream, "TIFF", compression=packing, tiffinfo=settings)
        held = read_samples(stream.getvalue(), "a.tif").values
    np.testing.assert_array_equal(held, values[None], strict=True)


def test_colors_packed_with_lzw_are_read_exactly():
    values = np.random.default_rng(0).integers(0, 255, (61, 83, 3), np.uint8)
    with io.BytesIO() as stream:
        Image.fromarray(values).save(stream, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
        held = read_samples(stream.getvalue(), "a.tif").values
    np.testing.assert_array_equal(held, np.moveaxis(values, 2, 0), strict=True)


def test_bits_in_the_other_order_are_read_too():
    values = np.random.default_rng(0).integers(0, 255, (9, 14), np.uint8)
    whole = bytearray(written(values[None], {"compression": "zlib", "metadata": None}))
    with tifffile.TiffFile(io.BytesIO(whole)) as tiff:
        page = tiff.pages[0]
        start, count = page.dataoffsets[0], page.databytecounts[0]
        at = page.tags["Software"].offset
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
    whole[start : start + count] = whole[start : start + count].translate(mirrored)
    whole[at : at + 12] = struct.pack("<HHII", 266, 3, 1, 2)  # FillOrder
    np.testing.assert_array_equal(read_samples(bytes(whole), "a.tif").values[0], values)


@pytest.mark.parametrize(("kind", "said"), [("jpeg", "JPEG"), ("group4", "1 bits")])
def test_other_packings_are_refused_in_a_sentence_that_helps(kind, said):
    values = np.random.default_rng(0).integers(0, 255, (40, 50), np.uint8)
    with io.BytesIO() as stream:
        picture = Image.fromarray(values).convert("1" if kind == "group4" else "L")
        picture.save(stream, "TIFF", compression=kind)
        with pytest.raises(UnsupportedFrame, match=said) as refused:
            read_samples(stream.getvalue(), "a.tif")
    assert one_sentence(refused.value)
    assert kind != "jpeg" or "save it uncompressed, as ZIP or as LZW" in str(refused.value)


def test_packed_bits_narrower_than_their_type_are_refused():
    whole = bytearray(written(np.zeros((1, 9, 14), np.uint16), {"metadata": None}))
    with tifffile.TiffFile(io.BytesIO(whole)) as tiff:
        at = tiff.pages[0].tags["BitsPerSample"].valueoffset
    whole[at : at + 2] = (12).to_bytes(2, "little")
    with pytest.raises(UnsupportedFrame, match=r"cannot be used \(12 bits\)"):
        read_samples(bytes(whole), "a.tif")
