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
_KEPT_TAGS: Final = (("XMP", 700), ("IPTCNEWSPHOTO", 33723))


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
        lines = "\n".join([*_history(page), f"FBCORR = {digest}", history]).encode()
        kept = [
            (code, 1, len(value), value, True)
            for label, code in _KEPT_TAGS
            if isinstance(value := tags.valueof(label), bytes)
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
                software=page.software or False,
                datetime=tags.valueof("DateTime"),
                resolution=_resolution(page),
                resolutionunit=tags.valueof("ResolutionUnit"),
                iccprofile=page.iccprofile,
                metadata=None,
                extratags=[(_HISTORY, 2, len(lines) + 1, lines, True), *kept],
            )
    return file.getvalue()


def _history(page: tifffile.TiffPage) -> list[str]:
    return str(page.tags.valueof(_HISTORY, "")).splitlines()


def _described(page: tifffile.TiffPage) -> bytes | None:
    return page.description.encode("utf-8") or None


def _resolution(page: tifffile.TiffPage) -> tuple[tuple[int, int], tuple[int, int]] | None:
    x, y = page.tags.valueof("XResolution"), page.tags.valueof("YResolution")
    return (x, y) if x and y else None
