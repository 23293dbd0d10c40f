"""Small files of every format that unpack to far more than they declare, or declare too much."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zlib
from functools import cache

import numpy as np
import tifffile
import zstandard
from astropy.io import fits
from PIL import Image

from bridge.io.cards import BLOCK, CARD, units
from tests.xisf_files import handmade

UNPACKED = 64 * 2**20
"""What a bomb unpacks to, in bytes; each is a thousandth of that, or less."""

SHAPE = (24, 36)


@cache
def bombs() -> dict[str, dict[str, bytes]]:
    """Return the bombs by format, each with a word for it."""
    zeros = bytes(UNPACKED)
    honest = np.zeros(SHAPE, np.uint16)
    packed = zlib.compress(zeros, 9)
    zipped = gzip.compress(zeros, 9)
    tall = 2**13
    lzw = _strip(_saved(Image.new("L", (UNPACKED // tall, tall)), compression="tiff_lzw",
                        tiffinfo={278: tall}))  # fmt: skip
    small = {"geometry": "36:24:1", "sampleFormat": "UInt16"}
    wide = {"geometry": "20000:20000:1", "sampleFormat": "UInt16"}
    gray = b"\0\0\0\0"
    return {
        "tiff": {
            "deflate": _tiff(packed, compression="zlib"),
            "lzw": _tiff(lzw, compression="zlib", Compression=5),
            "lzma": _tiff(lzma.compress(zeros, preset=1), compression="lzma"),
            "tile": _tiff(packed, compression="zlib", tile=(16, 48), TileWidth=2**14,
                          TileLength=2**14, counts=1),
            "size": _tiff(zlib.compress(gray), compression="zlib", ImageWidth=2**14,
                          ImageLength=2**14, RowsPerStrip=2**14),
        },
        "xisf": {
            "zlib": handmade(packed, {**small, "compression": "zlib:1728"}),
            "shuffled": handmade(packed, {**small, "compression": "zlib+sh:1728:2"}),
            "zstd": handmade(zstandard.compress(zeros), {**small, "compression": "zstd:1728"}),
            "size": handmade(zlib.compress(gray), {**wide, "compression": "zlib:800000000"}),
            "lz4": handmade(gray, {**wide, "compression": "lz4:800000000"}),
        },
        "fits": {
            "file": zipped,
            "gzip-1": _tiles("GZIP_1", zipped),
            "gzip-2": _tiles("GZIP_2", zipped),
            "members": _tiles("GZIP_1", gzip.compress(honest.tobytes()) + zipped),
            "fallback": _tiles("RICE_1", zipped, column=1),
            "hcompress": _tiles("HCOMPRESS_1", struct.pack(">HiiiQ", 0xDD99, 2**12, 2**12, 0, 0)),
            "size": _tiles("GZIP_1", gzip.compress(gray), ZNAXIS1=2**14, ZNAXIS2=2**14,
                           ZTILE1=2**14, ZTILE2=2**14),
        },
        "picture": {
            "pixels": _png((b"IDAT", packed)),
            "size": _png((b"IDAT", zlib.compress(gray)), size=(2**13, 2**14)),
            "text": _png((b"zTXt", b"a\0\0" + packed), (b"IDAT", zlib.compress(bytes(24 * 37)))),
            "profile": _png((b"iCCP", b"a\0\0" + packed), (b"IDAT", zlib.compress(bytes(24 * 37)))),
        },
    }  # fmt: skip


def honest() -> list[bytes]:
    """Return one whole file of every kind, to have read before memory is measured."""
    values = np.arange(24 * 36, dtype=np.uint16).reshape(SHAPE)
    found = [handmade(values.tobytes(), {"geometry": "36:24:1", "sampleFormat": "UInt16"})]
    told = {"geometry": "36:24:1", "sampleFormat": "UInt16", "compression": "zstd:1728"}
    found.append(handmade(zstandard.compress(values.tobytes()), told))
    for kind in ("PNG", "TIFF"):
        found.append(_saved(Image.fromarray(values), kind, compression="tiff_lzw"))
    for method in ("GZIP_1", "GZIP_2", "RICE_1", "HCOMPRESS_1"):
        found.append(_compressed(values.astype(np.int16), method))
    return found


def _tiff(segment: bytes, *, counts: int | None = None, **changes: object) -> bytes:
    """Return a TIFF with other bytes in place of its one strip or tile, and other tags."""
    with io.BytesIO() as stream:
        how = {key: changes.pop(key) for key in ("compression", "tile") if key in changes}
        tifffile.imwrite(stream, np.zeros(SHAPE, np.uint8), metadata=None, **how)
        whole = bytearray(stream.getvalue())
    with tifffile.TiffFile(io.BytesIO(whole)) as tiff:
        tags = tiff.pages[0].tags
        kind = "Tile" if "TileOffsets" in tags else "Strip"
        changes |= {f"{kind}Offsets": len(whole), f"{kind}ByteCounts": len(segment)}
        for name, value in changes.items():
            # The value stands in the entry itself, as one of four bytes.
            at = tags[name].offset
            whole[at + 2 : at + 12] = struct.pack("<HII", 4, 1, value)
    return bytes(whole) + segment


def _strip(data: bytes) -> bytes:
    with tifffile.TiffFile(io.BytesIO(data)) as tiff:
        page = tiff.pages[0]
        start, count = page.dataoffsets[0], page.databytecounts[0]
    return data[start : start + count]


def _saved(picture: Image.Image, kind: str = "TIFF", **how: object) -> bytes:
    with io.BytesIO() as stream:
        picture.save(stream, kind, **(how if kind == "TIFF" else {}))
        return stream.getvalue()


def _png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (36, 24)) -> bytes:
    head = (b"IHDR", struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (head, *chunks, (b"IEND", b""))
    )


def _compressed(values: np.ndarray, method: str, **how: object) -> bytes:
    hdu = fits.CompImageHDU(values, compression_type=method, tile_shape=values.shape, **how)
    with io.BytesIO() as stream:
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(stream)
        return stream.getvalue()


def _tiles(method: str, tile: bytes, *, column: int = 0, **cards: int) -> bytes:
    """Return a compressed image whose one tile is ``tile``, in its first or second column."""
    noise = np.random.default_rng(0).normal(0, 1e9, SHAPE).astype(np.float32)
    flat = np.zeros(SHAPE, np.int16)
    whole = _compressed(
        noise if column else flat, method, **({"quantize_level": 16.0} if column else {})
    )
    unit = units(whole, "a bomb")[1]
    table = bytearray(whole[unit.data_start : unit.data_start + unit.shape[0] * unit.shape[1]])
    pairs = [(0, 0)] * column + [(len(tile), 0)]
    table[: 8 * len(pairs)] = b"".join(struct.pack(">ii", *pair) for pair in pairs)
    header = whole[: unit.data_start]
    for key, value in {**cards, "PCOUNT": len(tile)}.items():
        card = f"{key:<8}= {value:>20}".ljust(CARD).encode()
        header = re.sub(rb"%s *= .{70}" % key.encode(), card, header, count=1)
    data = bytes(table) + tile
    return header + data.ljust(-(-len(data) // BLOCK) * BLOCK, b"\0")
