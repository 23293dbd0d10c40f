"""TIFF bytes to samples."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from math import prod
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.frame import Notice
from bridge.io.inflate import MOST_TIMES
from bridge.io.samples import MOST_OTHERS, Samples, planes_shape
from bridge.io.tiff_segments import METHODS, PLAIN, unpacked_pixels

TIFF_MAGICS: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
FORMATS: Final = ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64")

_MOST_PAGES: Final = 16
_USUAL_TILE: Final = 1024
"""A tile that is larger must have an image that needs it."""
_GRAY: Final = 1
_RGB: Final = 2

# tifffile logs what it repairs; what matters of it is raised here as a sentence.
logging.getLogger("tifffile").addHandler(logging.NullHandler())


def read_tiff(data: bytes, name: str) -> Samples:
    """Return the one image of a TIFF file; an alpha channel is left out and told.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    with open_page(data, name) as page:
        pixels, alpha = color_planes(decode(page, name), page)
        orientation = page.tags.valueof("Orientation", 1)
    planes_shape(pixels.shape, name)
    notices = []
    if alpha is not None:
        notices.append(Notice("alpha", "The transparency channel was left out."))
    if orientation != 1:
        notices.append(
            Notice("orientation", "The file asks to be shown turned or mirrored; it was not.")
        )
    return Samples(np.ascontiguousarray(pixels), pixels.dtype.name, notices=tuple(notices))


@contextmanager
def open_page(data: bytes, name: str) -> Iterator[tifffile.TiffPage]:
    """Open the one full-size page of a TIFF file and check that it can be used.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    with ExitStack() as opened:
        try:
            tiff = opened.enter_context(tifffile.TiffFile(io.BytesIO(data)))
            page = _only_page(tiff, name)
            _check(page, len(data), name)
        except BridgeError:
            raise
        except Exception as trouble:  # a broken file can make tifffile raise anything
            raise UnreadableImage(f"{name} is not a sound TIFF file.") from trouble
        yield page


def decode(page: tifffile.TiffPage, name: str) -> NDArray[Any]:
    """Return a page's pixels, (planes, height, width, samples), native byte order.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    try:
        pixels = page.asarray() if page.compression == PLAIN else unpacked_pixels(page)
    except Exception as trouble:
        raise UnreadableImage(f"{name} is broken: its pixels cannot be decoded.") from trouble
    planes, _, height, width, samples = page.shaped
    return np.asarray(pixels, pixels.dtype.newbyteorder("=")).reshape(
        planes, height, width, samples
    )


def color_planes(
    pixels: NDArray[Any], page: tifffile.TiffPage
) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Split decoded pixels into (channels, height, width) of light and, if any, of other things."""
    planes = pixels[..., 0] if pixels.shape[0] > 1 else np.moveaxis(pixels[0], -1, 0)
    colors = 3 if page.photometric == _RGB else 1
    return planes[:colors], planes[colors:] if len(planes) > colors else None


def _only_page(tiff: tifffile.TiffFile, name: str) -> tifffile.TiffPage:
    # Bounded, since the chain of pages of a broken file may be a circle.
    found = [page.aspage() for page in islice(tiff.pages, _MOST_PAGES)]
    pages = [page for page in found if not page.is_reduced]
    if not pages:
        raise UnsupportedFrame(f"{name} holds no image.")
    if (
        len(pages) > 1
        or len(found) == _MOST_PAGES
        or len(tiff.series) > 1
        or tiff.series[0].size != pages[0].size
    ):
        raise UnsupportedFrame(f"{name} holds several images; save the one you mean on its own.")
    return pages[0]


def _check(page: tifffile.TiffPage, size: int, name: str) -> None:
    bits = page.bitspersample
    if page.dtype is None or page.dtype.name not in FORMATS or bits != 8 * page.dtype.itemsize:
        raise UnsupportedFrame(f"{name} holds samples of a kind that cannot be used ({bits} bits).")
    if page.photometric not in (_GRAY, _RGB) or page.imagedepth != 1:
        raise UnsupportedFrame(f"{name} is neither a gray nor an RGB image.")
    colors = 3 if page.photometric == _RGB else 1
    if page.samplesperpixel < colors or page.planarconfig not in (1, 2):
        raise UnreadableImage(f"{name} is not a sound TIFF file.")
    if page.samplesperpixel > colors + MOST_OTHERS:
        raise UnsupportedFrame(f"{name} is neither a gray nor an RGB image.")
    planes_shape((colors, page.imagelength, page.imagewidth), name)
    planes_shape((1, page.imagelength, page.imagewidth * page.samplesperpixel), name)
    sides = ((page.tilelength, page.imagelength), (page.tilewidth, page.imagewidth))
    if any(tile > max(_USUAL_TILE, 2 * side) for tile, side in sides):
        raise UnreadableImage(f"{name} is not a sound TIFF file.")
    if page.compression != PLAIN and page.compression not in METHODS:
        raise UnsupportedFrame(
            f"{name} is compressed ({_compression(page)}); save it uncompressed, as ZIP or as LZW."
        )
    segments = list(zip(page.dataoffsets, page.databytecounts, strict=True))
    short = any(at <= 0 or count <= 0 or at + count > size for at, count in segments)
    declared = page.size * page.dtype.itemsize
    times = MOST_TIMES[METHODS[page.compression]] if page.compression != PLAIN else 1
    lacking = len(segments) != prod(page.chunked)
    if lacking or short or times * sum(count for _, count in segments) < declared:
        raise UnreadableImage(f"{name} is cut short: not all of its pixels are there.")


def _compression(page: tifffile.TiffPage) -> str:
    try:
        return tifffile.COMPRESSION(page.compression).name
    except ValueError:
        return f"method {page.compression}"
