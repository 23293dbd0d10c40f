"""With what a file was taken: filter, camera, binning, rotator, as its keywords have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bridge.io.cards import BLOCK, CARD, Value
from bridge.io.fits_in import image_unit
from bridge.io.fits_out import fits_card
from bridge.io.source import is_fits, is_xisf
from bridge.io.xisf_header import read_header

DEGREES: Final = 2.0
"""Angles of a rotator that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between a flat and a frame: the rule, its name in words, and both values."""

    rule: str
    what: str
    flat: Value
    frame: Value


@dataclass(frozen=True, slots=True)
class _Fact:
    rule: str
    what: str
    keywords: tuple[str, ...]


_FACTS: Final = (
    _Fact("filter", "filter", ("FILTER",)),
    _Fact("camera", "camera", ("INSTRUME",)),
    _Fact("binning", "binning", ("XBINNING",)),
    _Fact("binning", "binning", ("YBINNING",)),
    _Fact("rotator", "rotator angle", ("ROTATANG", "ROTATOR")),
    _Fact("mosaic-phase", "mosaic", ("BAYERPAT",)),
    _Fact("mosaic-phase", "first column of the mosaic", ("XBAYROFF",)),
    _Fact("mosaic-phase", "first row of the mosaic", ("YBAYROFF",)),
)
_KEYWORDS: Final = tuple(keyword for fact in _FACTS for keyword in fact.keywords)


def setup_of(data: bytes, name: str, hdu: int | None = None) -> dict[str, Value]:
    """Return the keywords that tell with what a FITS or XISF file was taken; none of other files.

    ``data`` are the file's bytes; ``hdu`` as for `read_image`.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    if is_fits(data):
        return setup_in(image_unit(data, name, hdu).values)
    return setup_in(read_header(data, name).values()) if is_xisf(data) else {}


def setup_in(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of a file's keywords that tell with what it was taken."""
    return {keyword: values[keyword] for keyword in _KEYWORDS if keyword in values}


def with_setup(data: bytes, setup: Mapping[str, Value]) -> bytes:
    """Return a FITS file whose first header ends with these keywords; pixels stay as they are."""
    if not setup:
        return data
    unit = image_unit(data, "The correction")
    cards = "".join(card for card in unit.cards if card[:8].rstrip() not in setup)
    header = cards.encode("latin-1") + b"".join(_card(*entry) for entry in setup.items())
    header += b"END".ljust(CARD)
    return header.ljust(-(-len(header) // BLOCK) * BLOCK, b" ") + data[unit.data_start :]


def difference(flat: Mapping[str, Value], frame: Mapping[str, Value]) -> Difference | None:
    """Return the first thing that both tell of and that differs, or None."""
    for fact in _FACTS:
        ours, theirs = (_value(fact, keywords) for keywords in (flat, frame))
        if ours is not None and theirs is not None and not _alike(fact.rule, ours, theirs):
            return Difference(fact.rule, fact.what, ours, theirs)
    return None


def _value(fact: _Fact, keywords: Mapping[str, Value]) -> Value | None:
    found = (keywords[keyword] for keyword in fact.keywords if keyword in keywords)
    return next((value for value in found if str(value).strip()), None)


def _alike(rule: str, ours: Value, theirs: Value) -> bool:
    if isinstance(ours, str) or isinstance(theirs, str):
        return _plain(ours) == _plain(theirs)
    apart = abs(float(ours) - float(theirs))
    if rule == "rotator":
        return min(apart % 360, 360 - apart % 360) < DEGREES
    return apart % 2 == 0 if rule == "mosaic-phase" else apart == 0


def _plain(value: Value) -> str:
    """Programs write one name as ``H-alpha``, ``H alpha`` or ``h_alpha``."""
    return re.sub(r"[\W_]+", "", str(value).casefold())


def _card(keyword: str, value: Value) -> bytes:
    if isinstance(value, str):
        return fits_card(keyword, value)
    text = {True: "T", False: "F"}[value] if isinstance(value, bool) else repr(value)
    return f"{keyword:<8}= {text:>20}".ljust(CARD).encode("ascii")
