"""Planes to FITS bytes: float32 within [0, 1], the same bytes for the same planes."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.io.cards import BLOCK, CARD, Value
from bridge.io.files import write_file

Cards = Mapping[str, Value]
"""FITS keywords (up to 8 characters) with their values."""

ROWS: Final = 128
"""Rows turned into bytes at a time."""


def fits_bytes(
    planes: NDArray[np.float32], *, cards: Cards | None = None, history: Sequence[str] = ()
) -> bytes:
    """Return `fits_parts` in one."""
    return b"".join(fits_parts(planes, cards=cards, history=history))


def fits_parts(
    planes: NDArray[np.float32], *, cards: Cards | None = None, history: Sequence[str] = ()
) -> Iterator[bytes]:
    """Yield a FITS file of one image, piece by piece: a large one never stands in memory twice.

    Parameters
    ----------
    planes
        (height, width), (1, height, width) or (3, height, width) float32, finite, in [0, 1],
        row 0 at the top.
    cards, history
        Keywords and HISTORY lines; what is not printable ASCII becomes "?", and a text too long for
        its card is cut.

    Raises
    ------
    ValueError
        Before anything is yielded, if a value is not finite or leaves [0, 1]: PixInsight would
        rescale the whole image.
    """
    if planes.dtype != np.float32 or not (planes.min() >= 0 and planes.max() <= 1):
        raise ValueError("planes must be float32, finite and within [0, 1]")
    image = planes[0] if planes.ndim == 3 and len(planes) == 1 else planes
    yield _header(image.shape, cards or {}, history)
    for plane in image if image.ndim == 3 else image[None]:
        for start in range(0, len(plane), ROWS):
            yield plane[start : start + ROWS].astype(">f4").tobytes()
    yield bytes(-image.nbytes % BLOCK)


def _header(shape: tuple[int, ...], cards: Cards, history: Sequence[str]) -> bytes:
    # Written here: to load astropy takes longer than to correct a small flat.
    axes = {f"NAXIS{number}": length for number, length in enumerate(reversed(shape), 1)}
    given = {**axes, "ROWORDER": "TOP-DOWN", **cards}
    whole = b"".join(
        (
            fits_card("SIMPLE", True, "conforms to FITS standard"),
            fits_card("BITPIX", -32, "array data type"),
            fits_card("NAXIS", len(shape), "number of array dimensions"),
            *(fits_card(keyword, value) for keyword, value in given.items()),
            *map(history_cards, history),
            b"END".ljust(CARD),
        )
    )
    return whole + b" " * (-len(whole) % BLOCK)


def write_fits(
    path: Path,
    planes: NDArray[np.float32],
    *,
    cards: Cards | None = None,
    history: Sequence[str] = (),
    force: bool = False,
) -> None:
    """Write `fits_bytes` to ``path``; errors as there and in `write_file`."""
    write_file(path, fits_bytes(planes, cards=cards, history=history), force=force)


def fits_card(keyword: str, value: Value, comment: str = "") -> bytes:
    """Return one card.

    Raises
    ------
    ValueError
        If a value is not finite.
    """
    if isinstance(value, str):
        quoted = _text(value).replace("'", "''")
        shown = f"'{quoted:<8}'"
    elif isinstance(value, bool):
        shown = f"{'FT'[value]:>20}"
    elif math.isfinite(value):
        shown = f"{str(value).upper():>20}"
    else:
        raise ValueError(f"{keyword} is not finite")
    told = f" / {comment}" if comment else ""
    return f"{keyword:<8}= {shown}{told}".ljust(CARD)[:CARD].encode("ascii")


def history_cards(line: str) -> bytes:
    """Return a line of history as HISTORY cards of 80 bytes."""
    return b"".join(f"HISTORY {part}".ljust(CARD).encode("ascii") for part in history_lines(line))


def history_lines(line: str) -> list[str]:
    """Return a line of history in printable parts that fit a card each."""
    return textwrap.wrap(_ascii(line), 72)


def _text(value: str) -> str:
    """Cut a text to what one card holds, where a quote takes two places."""
    text = _ascii(value)
    while len(text.replace("'", "''")) > 68:
        text = text[:-1]
    return text


def _ascii(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)
