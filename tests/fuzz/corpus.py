"""Whole small files of every format, from which broken ones are made."""

from __future__ import annotations

import gzip
import io
import tempfile
import warnings
from pathlib import Path

import numpy as np
import tifffile
from astropy.io import fits
from PIL import Image

from tests.ser import ser_bytes
from tests.xisf_files import handmade, written

SHAPE = (24, 36)


def corpus() -> dict[str, list[bytes]]:
    """Return the files by format."""
    rng = np.random.default_rng(0)
    gray = rng.integers(0, 65535, SHAPE).astype(np.uint16)
    color = rng.integers(0, 65535, (3, *SHAPE)).astype(np.uint16)
    return {
        "fits": [*_fits(gray, color)],
        "tiff": [*_tiff(gray, color)],
        "picture": [*_pictures(gray, color)],
        "ser": [*_ser(rng)],
        "xisf": [*_xisf(gray, color)],
    }


def odd_files(folder: Path) -> list[bytes]:
    """Return the odd FITS files beside the project; none where they are missing."""
    return [path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()]


def _fits(gray: np.ndarray, color: np.ndarray) -> list[bytes]:
    made = []
    ratio = (gray / 65535).astype(np.float32)
    for pixels in (gray, color, ratio, ratio.astype(np.float64), gray.astype(np.int32) - 30000):
        made.append(_written(fits.HDUList([fits.PrimaryHDU(pixels)])))
    made.append(
        _written(fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(gray), fits.ImageHDU(gray)]))
    )
    for method in ("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1"):
        pixels = (gray >> (14 if method == "PLIO_1" else 1)).astype(
            np.int16
        )  # that one is for masks
        packed = fits.CompImageHDU(pixels, compression_type=method)
        made.append(_written(fits.HDUList([fits.PrimaryHDU(), packed])))
    made.append(_written(fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(ratio)])))
    made.append(gzip.compress(made[0]))
    return made


def _written(hdus: fits.HDUList) -> bytes:
    with io.BytesIO() as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        hdus.writeto(stream)
        return stream.getvalue()


def _tiff(gray: np.ndarray, color: np.ndarray) -> list[bytes]:
    ways = [
        (gray, {}),
        (gray, {"byteorder": ">"}),
        ((gray >> 8).astype(np.uint8), {"compression": "zlib"}),
        ((gray / 65535).astype(np.float32), {"tile": (16, 16)}),
        (np.moveaxis(color, 0, 2), {"photometric": "rgb"}),
        (color, {"photometric": "rgb", "planarconfig": "separate"}),
        (gray, {"bigtiff": True, "rowsperstrip": 5}),
    ]
    made = []
    for pixels, settings in ways:
        with io.BytesIO() as stream:
            tifffile.imwrite(stream, pixels, **settings)
            made.append(stream.getvalue())
    for packing in ("tiff_lzw", "packbits"):
        with io.BytesIO() as stream:
            Image.fromarray(gray).save(stream, "TIFF", compression=packing)
            made.append(stream.getvalue())
    return made


def _pictures(gray: np.ndarray, color: np.ndarray) -> list[bytes]:
    small = (gray >> 8).astype(np.uint8)
    rgb = np.moveaxis((color >> 8).astype(np.uint8), 0, 2)
    made = []
    for pixels, kind in (
        (small, "PNG"),
        (rgb, "PNG"),
        (gray, "PNG"),
        (small, "JPEG"),
        (rgb, "JPEG"),
    ):
        with io.BytesIO() as stream:
            Image.fromarray(pixels).save(stream, kind)
            made.append(stream.getvalue())
    return made


def _ser(rng: np.random.Generator) -> list[bytes]:
    frames = rng.integers(0, 255, (5, *SHAPE))
    colors = rng.integers(0, 255, (3, *SHAPE, 3))
    return [
        ser_bytes(frames, depth=8),
        ser_bytes(frames * 200, depth=16, stamps=True),
        ser_bytes(frames, depth=8, color="RGGB"),
        ser_bytes(colors, depth=8, color="BGR"),
        ser_bytes(frames, depth=12, big=True, flag=1),
    ]


def _xisf(gray: np.ndarray, color: np.ndarray) -> list[bytes]:
    told = {"FITSKeywords": {"OBJECT": [{"value": "M 42", "comment": "a nebula"}]}}
    facts = {"geometry": "36:24:1", "sampleFormat": "UInt16", "byteOrder": "big"}
    profile = "<ICCProfile location='attachment:4096:20'/>"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xisf"
        return [
            written(path, gray[None], image_metadata=told),
            written(path, color, codec="zlib", image_metadata=told),
            written(path, (gray[None] / 65535).astype(np.float32), codec="lz4hc", shuffle=True),
            handmade(gray.astype(">u2").tobytes(), facts, profile),
        ]
