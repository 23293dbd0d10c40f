"""A FITS file with other pixels in it; everything else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.io.cards import BLOCK, Unit, Value
from bridge.io.fits_in import image_unit, is_bottom_up, scaling
from bridge.io.fits_out import fits_card, history_cards

STAMP: Final = re.compile(r"FBCORR\d?")
"""The keywords that hold digests of corrections."""
_SUMS: Final = ("CHECKSUM", "DATASUM")
_OF_COMPRESSION: Final = re.compile(
    r"XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|T(TYPE|FORM|DISP|UNIT|NULL)\d+|THEAP|ZIMAGE"
    r"|ZTENSION|ZSIMPLE|ZEXTEND|ZBLOCKED|ZBITPIX|ZNAXIS\d*|ZTILE\d+|ZCMPTYPE|ZNAME\d+|ZVAL\d+"
    r"|ZMASKCMP|ZQUANTIZ|ZDITHER0|ZSCALE|ZZERO|ZBLANK|ZPCOUNT|ZGCOUNT|ZHECKSUM|ZDATASUM"
)


def fits_stamps(data: bytes, name: str, hdu: int | None = None) -> tuple[str, ...]:
    """Return the digests of the corrections that a FITS file says were applied to its image.

    ``hdu`` names the unit that holds it, here and below, as for `image_unit`.
    """
    values = image_unit(data, name, hdu).values
    return tuple(str(value) for key, value in values.items() if STAMP.fullmatch(key))


def fits_history(data: bytes, name: str, hdu: int | None = None) -> tuple[dict[str, Value], str]:
    """Return a FITS file's keywords, and its HISTORY and COMMENT line by line."""
    unit = image_unit(data, name, hdu)
    told = (card[8:].strip() for card in unit.cards if card.startswith(("HISTORY", "COMMENT ")))
    return unit.values, "\n".join(told)


def rewrite_fits(
    data: bytes,
    name: str,
    values: NDArray[Any],
    digest: str,
    history: str,
    hdu: int | None = None,
) -> bytes:
    """Return the file ``data`` with ``values`` as its image.

    A tile-compressed image comes back as a plain one.

    Parameters
    ----------
    data, name
        The whole file, and what to call it.
    values
        (channels, height, width) as `read_fits` gives them.
    digest, history
        Of the correction; written as FBCORR and HISTORY.
    """
    unit = image_unit(data, name, hdu)
    raw = _raw(values, unit).tobytes()
    cards = _image_cards(unit) if unit.is_compressed else list(unit.cards)
    header = "".join(card for card in cards if card[:8].rstrip() not in _SUMS).encode("latin-1")
    header += fits_card(free_stamp(unit.values), digest) + history_cards(history) + b"END".ljust(80)
    return b"".join(
        (
            data[: unit.header_start],
            header.ljust(-(-len(header) // BLOCK) * BLOCK, b" "),
            raw.ljust(-(-len(raw) // BLOCK) * BLOCK, b"\0"),
            data[unit.end :],
        )
    )


def _raw(values: NDArray[Any], unit: Unit) -> NDArray[Any]:
    """Return values as the file stores them: rows, BZERO and BSCALE, byte order."""
    if is_bottom_up(unit):
        values = values[:, ::-1]
    bits = int(unit.values["ZBITPIX"]) if unit.is_compressed else unit.bits
    stored = np.dtype(f"{'f' if bits < 0 else 'u' if bits == 8 else 'i'}{abs(bits) // 8}")
    if values.dtype.kind == "u" and stored.kind == "i":
        values = (values ^ values.dtype.type(1 << (bits - 1))).view(stored)
    elif values.dtype != stored:
        zero, scale = scaling(unit)
        values = (values - zero) / scale
        if stored.kind != "f":
            info = np.iinfo(stored)
            unknown = np.isnan(values)
            values = np.clip(np.rint(np.where(unknown, 0, values)), info.min, info.max)
            mark = unit.values.get("BLANK", unit.values.get("ZBLANK"))
            values[unknown] = mark if isinstance(mark, int) else 0
    return values.astype(stored.newbyteorder(">"))


def _image_cards(unit: Unit) -> list[str]:
    """Return the cards of a compressed image as those of a plain one."""
    shape = unit.image_shape
    numbers = {"BITPIX": unit.values["ZBITPIX"], "NAXIS": len(shape)}
    numbers |= {f"NAXIS{axis}": size for axis, size in enumerate(reversed(shape), 1)}
    numbers |= {"PCOUNT": 0, "GCOUNT": 1}
    first = ["XTENSION= 'IMAGE   '"] + [f"{key:<8}= {value:>20}" for key, value in numbers.items()]
    rest = (card for card in unit.cards if not _OF_COMPRESSION.fullmatch(card[:8].rstrip()))
    return [card.ljust(80) for card in first] + list(rest)


def free_stamp(values: Mapping[str, Value]) -> str:
    """Return the first keyword for a stamp that ``values`` do not hold."""
    keys = ("FBCORR", *(f"FBCORR{number}" for number in range(2, 10)))
    return next((key for key in keys if key not in values), "FBCORR")
