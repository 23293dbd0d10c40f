"""The tiles of a compressed FITS image, checked before astropy unpacks them."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from itertools import chain
from math import prod
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import UnreadableImage
from bridge.io.cards import Bytes, Unit
from bridge.io.inflate import MOST_TIMES, gzip_holds_more

MOST_COLUMNS: Final = 999
"""Columns of a table (FITS standard 4.0, section 7.3.1); astropy counts to whatever is declared."""

_FORM: Final = re.compile(r"\s*(\d*)([LXBIJKAEDCMPQ])")
_BYTES: Final = {"L": 1, "B": 1, "A": 1, "I": 2, "J": 4, "E": 4, "K": 8, "D": 8, "C": 8, "M": 16,
                 "P": 8, "Q": 16}  # fmt: skip
_DESCRIPTORS: Final = {"P": ">i4", "Q": ">i8"}

_MOST_TIMES: Final = 2**15
"""How many bytes the methods other than gzip can make of one."""

_astropy_lock = Lock()


def tiles_pixels(data: Bytes, unit: Unit, name: str) -> NDArray[Any]:
    """Return a tile-compressed image's numbers as `stored` would."""
    from astropy.io import fits

    axes = unit.image_shape[::-1]
    sides = [
        unit.values.get(f"ZTILE{number}", axis if number == 1 else 1)
        for number, axis in enumerate(axes, 1)
    ]
    tiles = [
        -(-axis // side) if isinstance(side, int) and side > 0 else 0
        for axis, side in zip(axes, sides, strict=True)
    ]
    if len(unit.shape) != 2 or prod(tiles) != unit.shape[0]:
        raise UnreadableImage(f"{name} cannot be decompressed: it lacks tiles.")
    columns = unit.values.get("TFIELDS")
    if not isinstance(columns, int) or not 0 < columns <= MOST_COLUMNS:
        raise UnreadableImage(f"{name} cannot be decompressed: it declares {columns} columns.")
    inside = prod(
        min(axis, side) if isinstance(side, int) else axis
        for axis, side in zip(axes, sides, strict=True)
    )
    try:
        _check_tiles(data, unit, inside)
    except ValueError as fault:
        raise UnreadableImage(f"{name} cannot be decompressed: {fault}.") from None
    single = _EMPTY_PRIMARY + data[unit.header_start : unit.end]
    try:
        # The lock because the list of warning filters belongs to the whole process.
        with (
            _astropy_lock,
            warnings.catch_warnings(action="ignore"),
            fits.open(
                io.BytesIO(single), memmap=False, do_not_scale_image_data=True, ignore_blank=True
            ) as found,
        ):
            raw = np.asarray(found[1].data)
    except Exception as trouble:  # astropy raises whatever its decoders met
        raise UnreadableImage(
            f"{name} cannot be decompressed: {str(trouble).partition('.')[0]}."
        ) from trouble
    if raw.shape != unit.image_shape:
        raise UnreadableImage(f"{name} decompresses to another size than it declares.")
    return raw.astype(raw.dtype.newbyteorder("="))


def _check_tiles(data: Bytes, unit: Unit, pixels: int) -> None:
    """Check that no tile holds more than ``pixels``; raise ValueError, in words, if one does.

    What the decoders write follows from the tiles' own bytes: streams of gzip go on for as long as
    they like, and those of HCOMPRESS tell sizes of their own.
    """
    bits = unit.values.get("ZBITPIX")
    if not isinstance(bits, int):
        raise ValueError("it does not tell what its samples are")
    method = str(unit.values.get("ZCMPTYPE", "")).strip().upper()
    is_gzip = method.startswith("GZIP")
    most = (MOST_TIMES["zlib"] if is_gzip else _MOST_TIMES) * unit.data_bytes
    if abs(bits) // 8 * prod(unit.image_shape) > most:
        raise ValueError("it declares more pixels than its tiles can hold")
    size = pixels * max(4, abs(bits) // 8)
    zipped = ["GZIP_COMPRESSED_DATA"] + ["COMPRESSED_DATA"] * is_gzip
    measured = chain(
        (gzip_holds_more(tile, size) for column in zipped for tile in _tiles(data, unit, column)),
        (_hcompressed(tile) > pixels for tile in _tiles(data, unit, "COMPRESSED_DATA"))
        if method == "HCOMPRESS_1"
        else (),
    )
    if any(measured):
        raise ValueError("a tile unpacks to more than it declares")


def _hcompressed(tile: memoryview) -> int:
    """Return how many pixels a tile says that it holds, behind two bytes that tell what it is."""
    height, width = np.frombuffer(tile[2:10].tobytes().ljust(8, b"\0"), ">u4").tolist()
    return int(height * width)


def _tiles(data: Bytes, unit: Unit, column: str) -> Iterator[memoryview]:
    """Yield the bytes of every tile that a column of a compressed image points to."""
    place, form = _column(unit, column)
    found = _FORM.match(form)
    if found is None or found[2] not in _DESCRIPTORS:
        return
    rows, width = unit.shape
    kind = np.dtype(_DESCRIPTORS[found[2]])
    heap = unit.values.get("THEAP", rows * width)
    if place + 2 * kind.itemsize > width or not isinstance(heap, int) or heap < rows * width:
        raise ValueError("its table is not sound")
    table = np.frombuffer(data, np.uint8, rows * width, unit.data_start).reshape(rows, width)
    pairs = np.ascontiguousarray(table[:, place : place + 2 * kind.itemsize]).view(kind)
    held = memoryview(data)[unit.data_start : unit.data_start + unit.data_bytes][heap:]
    each = _BYTES.get(form[found.end() : found.end() + 1], 1)
    room = len(held) // each
    counts, starts = pairs[pairs[:, 0] != 0].astype(np.int64).T
    if (counts < 0).any() or (counts > room).any() or counts.sum() > room:
        raise ValueError("its tiles take more bytes than there are")
    if (starts < 0).any() or (starts > len(held) - counts * each).any():
        raise ValueError("its tiles lie beyond its end")
    for count, start in zip(counts * each, starts, strict=True):
        yield held[start : start + count]


def _column(unit: Unit, name: str) -> tuple[int, str]:
    """Return where a column stands in a row, and its form; "" where there is none."""
    place = 0
    for number in range(1, int(unit.values["TFIELDS"]) + 1):
        form = str(unit.values.get(f"TFORM{number}", ""))
        if str(unit.values.get(f"TTYPE{number}", "")).strip() == name:
            return place, form
        found = _FORM.match(form)
        if found is None:
            raise ValueError(f"TFORM{number} is {form!r}")
        repeat = int(found[1] or 1)
        place += -(-repeat // 8) if found[2] == "X" else repeat * _BYTES[found[2]]
    return 0, ""


_EMPTY_PRIMARY: Final = "".join(
    card.ljust(80)
    for card in (
        "SIMPLE  =                    T",
        "BITPIX  =                    8",
        "NAXIS   =                    0",
        "EXTEND  =                    T",
        "END",
    )
).ljust(2880).encode("ascii")  # fmt: skip
