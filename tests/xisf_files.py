"""XISF files: written by the package that PixInsight's users know, and odd ones by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xisf

START = 4096


def written(path: Path, values: np.ndarray, **how: object) -> bytes:
    """Write (channels, height, width); return the file's bytes."""
    image = np.ascontiguousarray(np.moveaxis(values, 0, 2))
    xisf.XISF.write(str(path), image, creator_app="a test", **how)
    return path.read_bytes()


def handmade(
    values: bytes, attributes: dict[str, str], inside: str = "", beside: str = "", more: bytes = b""
) -> bytes:
    """Return a file whose Image element has these attributes, and its block at 4096.

    ``inside`` and ``beside`` the image stands further XML; ``more`` follows its block.
    """
    given = {"location": f"attachment:{START}:{len(values)}", **attributes}
    facts = " ".join(f'{name}="{value}"' for name, value in given.items())
    image = f"<Image {facts}>{inside}</Image>" if inside else f"<Image {facts}/>"
    header = (
        '<?xml version="1.0" encoding="UTF-8"?><!-- by hand --><xisf version="1.0" '
        f'xmlns="http://www.pixinsight.com/xisf">{image}{beside}<Metadata/></xisf>'
    ).encode()
    head = b"XISF0100" + len(header).to_bytes(4, "little") + bytes(4) + header
    return head.ljust(START, b"\0") + values + more


def whole(dtype: str, channels: int = 1) -> np.ndarray:
    """Return samples over all of their range, (channels, 9, 14)."""
    rng = np.random.default_rng(5)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return rng.random((channels, 9, 14)).astype(kind)
    return rng.integers(0, np.iinfo(kind).max, (channels, 9, 14), dtype=kind, endpoint=True)
