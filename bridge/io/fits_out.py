"""Planes to FITS bytes: float32 within [0, 1], the same bytes for the same planes."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bridge.io.files import write_file

Cards = Mapping[str, bool | int | float | str]
"""FITS keywords (up to 8 characters) with their values."""


def fits_bytes(
    planes: NDArray[np.float32], *, cards: Cards | None = None, history: Sequence[str] = ()
) -> bytes:
    """Return a FITS file of one image.

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
        If a value is not finite or leaves [0, 1]: PixInsight would rescale the whole image.
    """
    from astropy.io import fits

    if planes.dtype != np.float32 or not (planes.min() >= 0 and planes.max() <= 1):
        raise ValueError("planes must be float32, finite and within [0, 1]")
    image = planes[0] if planes.ndim == 3 and len(planes) == 1 else planes
    header = fits.Header()
    header["ROWORDER"] = "TOP-DOWN"
    for keyword, value in (cards or {}).items():
        header[keyword] = _text(value) if isinstance(value, str) else value
    for line in history:
        for part in history_lines(line):
            header.add_history(part)
    file = io.BytesIO()
    fits.PrimaryHDU(np.ascontiguousarray(image), header=header).writeto(file)
    return file.getvalue()


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


def fits_card(keyword: str, value: str) -> bytes:
    """Return one 80-byte card holding a text."""
    quoted = _text(value).replace("'", "''")
    return f"{keyword:<8}= '{quoted:<8}'".ljust(80)[:80].encode("ascii")


def history_cards(line: str) -> bytes:
    """Return a line of history as HISTORY cards of 80 bytes."""
    return b"".join(f"HISTORY {part}".ljust(80).encode("ascii") for part in history_lines(line))


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
