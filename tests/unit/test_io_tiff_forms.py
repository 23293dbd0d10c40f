"""TIFF in every form that programs lay it out in: read right, and given back in the same form."""

from __future__ import annotations

import io

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
    contiguous = form["planarconfig"] != "separate"
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


@pytest.mark.parametrize("kind", ["tiff_lzw", "jpeg", "packbits", "group4"])
def test_other_packings_are_read_right_or_refused_in_a_sentence(tmp_path, kind):
    values = np.random.default_rng(0).integers(0, 255, (40, 50), np.uint8)
    path = tmp_path / "a.tif"
    Image.fromarray(values).convert("1" if kind == "group4" else "L").save(path, compression=kind)
    said, held = None, None
    try:
        held = read_samples(path.read_bytes(), "a.tif").values[0]
    except UnsupportedFrame as refusal:
        said = refusal
    if said is None:
        assert kind in ("tiff_lzw", "packbits")
        np.testing.assert_array_equal(held, values)
    else:
        assert one_sentence(said)
        assert str(said).startswith(("a.tif is compressed (", "a.tif holds samples of a kind"))
