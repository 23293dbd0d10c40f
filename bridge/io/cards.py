"""The structure of a FITS file: its header cards, and where each unit's data lies.

Read here rather than by astropy because a file from anywhere must give its units or one sentence:
no warning, no repair, and no allocation before the declared size was held against the real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import prod
from typing import Final, Protocol

from bridge.errors import UnreadableImage

BLOCK: Final = 2880
CARD: Final = 80
MAGIC: Final = b"SIMPLE  ="

Value = bool | int | float | str

Bytes = bytes | memoryview
"""A whole file; in a writable view it is used up: samples are made in its place."""


class Slices(Protocol):
    """Bytes of which a part can be had."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def __getitem__(self, part: slice, /) -> Bytes:
        """Return some of them."""
        ...


_STRING: Final = re.compile(r"'((?:[^']|'')*)'")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([ED][+-]?\d+)?$", re.IGNORECASE)
_SAMPLE_BITS: Final = (8, 16, 32, 64, -32, -64)


@dataclass(frozen=True, slots=True)
class Unit:
    """One header and the place of its data (an HDU).

    Parameters
    ----------
    cards
        The header's cards without END, 80 characters each.
    values
        The cards' values by keyword; the first of a repeated keyword.
    header_start, data_start, data_bytes
        Offsets and length in the file; the length without padding.
    """

    cards: tuple[str, ...]
    values: dict[str, Value]
    header_start: int
    data_start: int
    data_bytes: int

    @property
    def end(self) -> int:
        """Offset of the next unit."""
        return self.data_start + -(-self.data_bytes // BLOCK) * BLOCK

    @property
    def bits(self) -> int:
        """BITPIX: bits of one sample, negative for floating point."""
        return int(self.values["BITPIX"])

    @property
    def shape(self) -> tuple[int, ...]:
        """The axes, slowest first, as numpy counts them."""
        return _axes(self.values, "NAXIS")

    @property
    def is_compressed(self) -> bool:
        """Whether this is a table that holds a tile-compressed image."""
        return self._extension == "BINTABLE" and self.values.get("ZIMAGE") is True

    @property
    def is_groups(self) -> bool:
        """Whether this holds random groups."""
        shape = self.shape
        return self.values.get("GROUPS") is True and len(shape) > 0 and shape[-1] == 0

    @property
    def is_image(self) -> bool:
        """Whether this is an image, plain or compressed, with or without pixels."""
        if self.is_compressed:
            return True
        return self._extension in ("", "IMAGE") and bool(self.shape) and not self.is_groups

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The image's axes, slowest first, seen through compression."""
        return _axes(self.values, "ZNAXIS") if self.is_compressed else self.shape

    @property
    def _extension(self) -> str:
        return str(self.values.get("XTENSION", "")).strip()


def units(data: Slices, name: str) -> list[Unit]:
    """Return every unit of a FITS file, in order; what follows the last is ignored.

    Raises
    ------
    UnreadableImage
        Naming ``name`` and the fault, among them data cut short.
    """
    found: list[Unit] = []
    start = 0
    while start < len(data) and (not found or data[start : start + 9] == b"XTENSION="):
        unit = _unit(data, start, name)
        if unit.data_start + unit.data_bytes > len(data):
            held = max(0, len(data) - unit.data_start)
            raise UnreadableImage(
                f"{name} is cut short: it declares {unit.data_bytes} bytes of data, has {held}."
            )
        found.append(unit)
        start = unit.end
    return found


def _unit(data: Slices, start: int, name: str) -> Unit:
    cards: list[str] = []
    at = start
    while True:
        card = str(data[at : at + CARD], "latin-1")
        if len(card) < CARD:
            raise UnreadableImage(f"{name} is cut short: its header has no end.")
        at += CARD
        if card.rstrip() == "END":
            break
        cards.append(card)
    values: dict[str, Value] = {}
    for card in cards:
        value = value_of(card[10:]) if card[8:10] == "= " else None
        if value is not None:
            values.setdefault(card[:8].rstrip(), value)
    data_start = start + -(-(at - start) // BLOCK) * BLOCK
    try:
        return Unit(tuple(cards), values, start, data_start, _data_bytes(values))
    except (KeyError, ValueError) as trouble:
        raise UnreadableImage(f"{name} has a broken FITS header: {trouble.args[0]}.") from None


def value_of(text: str) -> Value | None:
    """Return what stands behind the equals sign of a card; None if it is no value."""
    text = text.strip()
    quoted = _STRING.match(text)
    if quoted:
        return quoted[1].replace("''", "'").rstrip()
    text = text.partition("/")[0].strip()
    if text in ("T", "F"):
        return text == "T"
    number = _NUMBER.match(text)
    if not number:
        return None
    if number[2] is None and "." not in text:
        return int(text)
    return float(text.upper().replace("D", "E"))


def _data_bytes(values: dict[str, Value]) -> int:
    bits = _whole(values, "BITPIX")
    if bits not in _SAMPLE_BITS:
        raise ValueError(f"BITPIX is {bits}")
    shape = _axes(values, "NAXIS")
    _axes(values, "ZNAXIS")
    if not shape:
        return 0
    extra = _whole(values, "PCOUNT", 0)
    groups = _whole(values, "GCOUNT", 1)
    if extra < 0 or groups < 0:
        raise ValueError("PCOUNT or GCOUNT is negative")
    if "XTENSION" in values:
        return abs(bits) // 8 * groups * (extra + prod(shape))
    if values.get("GROUPS") is True and shape[-1] == 0:
        return abs(bits) // 8 * groups * (extra + (prod(shape[:-1]) if len(shape) > 1 else 0))
    return abs(bits) // 8 * prod(shape)


def _axes(values: dict[str, Value], keyword: str) -> tuple[int, ...]:
    count = _whole(values, keyword, None if keyword == "NAXIS" else 0)
    if not 0 <= count <= 999:
        raise ValueError(f"{keyword} is {count}")
    axes = tuple(_whole(values, f"{keyword}{axis}") for axis in range(count, 0, -1))
    if any(axis < 0 for axis in axes):
        raise ValueError("an axis has a negative length")
    return axes


def _whole(values: dict[str, Value], keyword: str, default: int | None = None) -> int:
    value = values.get(keyword, default)
    if value is None:
        raise KeyError(f"{keyword} is missing")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{keyword} is not a whole number")
    return value
