"""A TIFF file with other pixels in it: its layout, colors, resolution and texts are kept."""

from __future__ import annotations

import io
import re
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from bridge.io.cards import Value
from bridge.io.tiff_in import color_planes, decode, open_page

_STAMP: Final = re.compile(r"FBCORR = ([0-9a-f]+)")
_DEFLATE: Final = (8, 32946)
_HISTORY: Final = 37395  # ImageHistory of TIFF/EP; a description may have a syntax of its own
_XMP, _IPTC = 700, 33723
_TEXTS: Final = (269, 271, 272, 305, 306, 315, 316, 33432)
"""Document, make, model, software, time, artist, computer, copyright: in whatever letters."""
_UNITS: Final = (1, 2, 3)


def tiff_stamps(data: bytes, name: str) -> tuple[str, ...]:
    """Return the digests of the corrections that a TIFF's history says were applied to it."""
    with open_page(data, name) as page:
        return tuple(match[1] for line in _history(page) if (match := _STAMP.match(line)))


def tiff_history(data: bytes, name: str) -> tuple[dict[str, Value], str]:
    """Return no keywords, and a TIFF's history and description."""
    with open_page(data, name) as page:
        return {}, "\n".join([*_history(page), page.description])


def rewrite_tiff(data: bytes, name: str, values: NDArray[Any], digest: str, history: str) -> bytes:
    """Return a TIFF like ``data`` with ``values``, (channels, height, width), as its image.

    The image history gets a line ``FBCORR = digest`` and one in words. Deflated files come back
    deflated, others uncompressed.
    """
    file = io.BytesIO()
    with open_page(data, name) as page:
        _, alpha = color_planes(decode(page, name), page)
        planes = values if alpha is None else np.concatenate([values, alpha])
        separate = page.planarconfig == 2
        pixels = planes if separate else np.moveaxis(planes, 0, -1)
        tags = page.tags
        unit = tags.valueof("ResolutionUnit")
        lines = "\n".join([*_history(page), f"FBCORR = {digest}", history]).encode()
        kept = [
            (code, 1, len(value), value, True)
            for code in (_XMP, _IPTC)
            if isinstance(value := tags.valueof(code), bytes)
        ]
        kept += [
            (code, 2, 0, value.encode("utf-8"), True)
            for code in _TEXTS
            if isinstance(value := tags.valueof(code), str) and value
        ]
        with tifffile.TiffWriter(
            file, byteorder=page.parent.byteorder, bigtiff=page.parent.is_bigtiff
        ) as writer:
            writer.write(
                pixels if len(planes) > 1 else planes[0],
                photometric=page.photometric,
                planarconfig=page.planarconfig if len(planes) > 1 else None,
                extrasamples=page.extrasamples or None,
                compression="zlib" if page.compression in _DEFLATE else None,
                description=_described(page),
                software=False,
                tile=_tile(page),
                resolution=_resolution(page),
                resolutionunit=unit if unit in _UNITS else None,
                iccprofile=page.iccprofile,
                metadata=None,
                extratags=[(_HISTORY, 2, len(lines) + 1, lines, True), *kept],
            )
    return file.getvalue()


def _history(page: tifffile.TiffPage) -> list[str]:
    return str(page.tags.valueof(_HISTORY, "")).splitlines()


def _described(page: tifffile.TiffPage) -> bytes | None:
    return page.description.encode("utf-8") or None


def _tile(page: tifffile.TiffPage) -> tuple[int, int] | None:
    """Return height and width of the tiles, if there are any and they are as TIFF wants them."""
    tile = (page.tilelength, page.tilewidth)
    return tile if page.is_tiled and not any(side % 16 for side in tile) else None


def _resolution(page: tifffile.TiffPage) -> tuple[tuple[int, int], tuple[int, int]] | None:
    x, y = page.tags.valueof("XResolution"), page.tags.valueof("YResolution")
    sound = all(isinstance(one, tuple) and len(one) == 2 and one[1] for one in (x, y))
    return (x, y) if sound else None
