"""Small FITS files, and what a message must look like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from astropy.io import fits

from bridge.errors import BridgeError


def written(path: Path, array: np.ndarray, **cards: object) -> Path:
    hdu = fits.PrimaryHDU(array)
    hdu.header.update(cards)
    hdu.writeto(path)
    return path


def header(*cards: str) -> bytes:
    return "".join(card.ljust(80) for card in (*cards, "END")).ljust(2880).encode("ascii")


def one_sentence(trouble: BridgeError) -> bool:
    text = str(trouble)
    return "\n" not in text and text.endswith(".") and len(text) < 300
