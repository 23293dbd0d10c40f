"""One picture in every form that may hold it: the same frame, whichever the file."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
import tifffile
from astropy.io import fits
from PIL import Image

from bridge.engines.base import Quiet
from bridge.errors import UnsupportedFrame
from bridge.io import read_image
from bridge.io.ser import open_ser
from bridge.median import median_of
from tests.ser import ser_bytes
from tests.xisf_files import handmade, written

SHAPE = (30, 44)
GRAY = np.random.default_rng(1).integers(0, 65535, SHAPE).astype(np.uint16)
COLOR = np.random.default_rng(2).integers(0, 65535, (3, *SHAPE)).astype(np.uint16)


def as_fits(*hdus: fits.hdu.base.ExtensionHDU, **cards: object) -> bytes:
    hdus[0].header.update(cards)
    first = [] if isinstance(hdus[0], fits.PrimaryHDU) else [fits.PrimaryHDU()]
    with io.BytesIO() as file:
        fits.HDUList([*first, *hdus]).writeto(file)
        return file.getvalue()


def table() -> fits.BinTableHDU:
    return fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(3))])


def packed(kind: str, values: np.ndarray = GRAY) -> bytes:
    return as_fits(fits.CompImageHDU(values, compression_type=kind))


def as_tiff(values: np.ndarray, **how: object) -> bytes:
    with io.BytesIO() as file:
        tifffile.imwrite(file, values, metadata=None, **how)
        return file.getvalue()


def as_picture(values: np.ndarray, kind: str, **how: object) -> bytes:
    with io.BytesIO() as file:
        Image.fromarray(values).save(file, kind, **how)
        return file.getvalue()


LAST = np.moveaxis(COLOR, 0, 2)
BIG = {"sampleFormat": "UInt16", "byteOrder": "big"}
FORMS: dict[str, tuple[np.ndarray, Callable[[], bytes]]] = {
    "FITS": (GRAY, lambda: as_fits(fits.PrimaryHDU(GRAY))),
    "FITS, upside down": (
        GRAY, lambda: as_fits(fits.PrimaryHDU(GRAY[::-1]), ROWORDER="BOTTOM-UP"),
    ),
    "FITS, RGB": (COLOR, lambda: as_fits(fits.PrimaryHDU(COLOR))),
    "FITS, one plane of a cube": (GRAY, lambda: as_fits(fits.PrimaryHDU(GRAY[None]))),
    "FITS, in an extension": (GRAY, lambda: as_fits(fits.ImageHDU(GRAY))),
    "FITS, after a table": (GRAY, lambda: as_fits(table(), fits.ImageHDU(GRAY))),
    "FITS, before a table": (GRAY, lambda: as_fits(fits.PrimaryHDU(GRAY), table())),
    "FITS, Rice": (GRAY, lambda: packed("RICE_1")),
    "FITS, Rice, RGB": (COLOR, lambda: packed("RICE_1", COLOR)),
    "FITS, gzip": (GRAY, lambda: packed("GZIP_1")),
    "FITS, gzip, shuffled": (GRAY, lambda: packed("GZIP_2")),
    "FITS, H-compress": (GRAY, lambda: packed("HCOMPRESS_1")),
    "FITS, uncompressed tiles": (GRAY, lambda: packed("NOCOMPRESS")),
    "TIFF, little-endian": (GRAY, lambda: as_tiff(GRAY, byteorder="<")),
    "TIFF, big-endian": (GRAY, lambda: as_tiff(GRAY, byteorder=">")),
    "TIFF, big-endian, deflated, differences": (
        GRAY, lambda: as_tiff(GRAY, byteorder=">", compression="zlib", predictor=True),
    ),
    "BigTIFF, tiles": (GRAY, lambda: as_tiff(GRAY, bigtiff=True, tile=(16, 16))),
    "TIFF, RGB": (COLOR, lambda: as_tiff(LAST, photometric="rgb")),
    "TIFF, RGB, big-endian, planes apart": (
        COLOR,
        lambda: as_tiff(COLOR, photometric="rgb", planarconfig="separate", byteorder=">"),
    ),
    "XISF, big-endian": (
        GRAY, lambda: handmade(GRAY.astype(">u2").tobytes(), {"geometry": "44:30:1", **BIG}),
    ),
    "XISF, RGB, big-endian, pixel by pixel": (
        COLOR,
        lambda: handmade(
            LAST.astype(">u2").tobytes(),
            {"geometry": "44:30:3", "colorSpace": "RGB", "pixelStorage": "Normal", **BIG},
        ),
    ),
    "PNG, 16 bits": (GRAY, lambda: as_picture(GRAY, "PNG")),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_picture_is_the_same_frame(form):
    values, made = FORMS[form]
    frame = read_image(made(), name="a file")
    expected = np.atleast_3d(values.T).T / np.float32(65535)
    np.testing.assert_array_equal(frame.pixels, expected, strict=True)
    assert (frame.sample_format, frame.full_scale) == ("uint16", 65535)
    assert frame.warnings == ()


@pytest.mark.parametrize("codec", [None, "zlib", "lz4", "lz4hc", "zstd"])
def test_every_packing_of_xisf_is_the_same_frame(tmp_path, codec):
    data = written(tmp_path / "a.xisf", GRAY[None], codec=codec, shuffle=True)
    np.testing.assert_array_equal(read_image(data).pixels[0], GRAY / np.float32(65535))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("order", "<>")
def test_floats_of_either_byte_order_are_the_same_frame(dtype, order):
    values = np.random.default_rng(3).random(SHAPE).astype(dtype)
    kind = {"f4": "Float32", "f8": "Float64"}[dtype]
    name = {"<": "little", ">": "big"}[order]
    facts = {"geometry": "44:30:1", "sampleFormat": kind, "byteOrder": name}
    for data in (
        as_fits(fits.PrimaryHDU(values)),
        as_fits(fits.CompImageHDU(values, compression_type="GZIP_2", quantize_level=0)),
        as_tiff(values, byteorder=order),
        handmade(values.astype(f"{order}{dtype}").tobytes(), facts),
    ):
        np.testing.assert_array_equal(read_image(data).pixels[0], values.astype(np.float32))


@pytest.mark.parametrize("flag", [0, 1])
@pytest.mark.parametrize("big", [False, True])
def test_a_video_of_either_byte_order_whatever_its_flag_says(tmp_path, big, flag):
    smooth = np.add.outer(np.arange(30) * 300, np.arange(44) * 200).astype(np.uint16)
    path = tmp_path / "a.ser"
    path.write_bytes(ser_bytes([smooth] * 3, depth=16, big=big, flag=flag))
    made = median_of(open_ser(path), run=Quiet())
    np.testing.assert_array_equal(made.pixels[0], smooth / np.float32(65535))


EIGHT = (GRAY >> 8).astype(np.uint8)
PICTURES = {
    "PNG, gray": lambda: as_picture(EIGHT, "PNG"),
    "PNG, RGB": lambda: as_picture((LAST >> 8).astype(np.uint8), "PNG"),
    "JPEG, gray": lambda: as_picture(EIGHT, "JPEG", quality=95),
    "JPEG, RGB": lambda: as_picture((LAST >> 8).astype(np.uint8), "JPEG", quality=95),
}


@pytest.mark.parametrize("form", PICTURES)
def test_eight_bit_pictures_are_read_with_a_warning(form):
    frame = read_image(PICTURES[form]())
    assert [notice.code for notice in frame.warnings] == ["eight-bit"]
    assert (frame.sample_format, frame.full_scale) == ("uint8", 255)
    assert frame.pixels.shape == (3 if "RGB" in form else 1, *SHAPE)


def test_of_several_images_one_is_asked_for():
    first, second = fits.PrimaryHDU(GRAY), fits.ImageHDU(GRAY + np.uint16(1))
    rice = fits.CompImageHDU(GRAY[::-1], compression_type="RICE_1")
    data = as_fits(first, table(), second, rice)
    with pytest.raises(UnsupportedFrame, match=r"3 images, in the units 0, 2, 3; .* --hdu"):
        read_image(data, name="a.fits")
    for unit, values in ((0, GRAY), (2, GRAY + np.uint16(1)), (3, GRAY[::-1])):
        np.testing.assert_array_equal(
            read_image(data, hdu=unit).pixels[0], values / np.float32(65535)
        )
    for unit in (1, 4):
        with pytest.raises(UnsupportedFrame, match=f"Unit {unit} of a.fits holds no image"):
            read_image(data, name="a.fits", hdu=unit)
