"""PNG and JPEG pictures, as cameras and other programs export them."""

from __future__ import annotations

import io
import warnings
from typing import Final

import numpy as np

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.frame import Notice
from bridge.io.samples import Samples, planes_shape

PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC: Final = b"\xff\xd8\xff"

MOST_PIXELS: Final = 170_000_000
"""A picture of more pixels is refused: a small file can unpack to any size."""

_MODES: Final = {"1": "L", "L": "L", "P": "RGB", "RGB": "RGB", "CMYK": "RGB", "YCbCr": "RGB"}


def is_picture(data: bytes) -> bool:
    """Return whether the bytes begin as a PNG or JPEG file does."""
    return data.startswith((PNG_MAGIC, JPEG_MAGIC))


def read_picture(data: bytes, name: str) -> Samples:
    """Return what a PNG or JPEG picture records, as the sensor lay: no orientation is applied.

    Raises
    ------
    UnreadableImage
        If the file is damaged.
    UnsupportedFrame
        If it has an alpha channel or too many pixels.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about sizes, which are checked here
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise UnsupportedFrame(
                        f"{name} declares an image of {width} x {height}, too large for a picture."
                    )
                if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
                    raise UnsupportedFrame(
                        f"{name} has an alpha channel; save it without transparency."
                    )
                mode = picture.mode
                if mode.startswith("I"):
                    values = np.asarray(picture).astype(np.uint16)
                elif mode in _MODES:
                    values = np.asarray(picture.convert(_MODES[mode]))
                else:
                    raise UnsupportedFrame(f"{name} is a picture of an unknown kind ({mode}).")
    except Image.DecompressionBombError as trouble:
        raise UnsupportedFrame(f"{name} declares an image too large for a picture.") from trouble
    except UnidentifiedImageError as trouble:
        raise UnreadableImage(f"{name} is damaged, or no picture that can be read.") from trouble
    except (OSError, SyntaxError, ValueError, EOFError, TypeError) as trouble:
        raise UnreadableImage(f"{name} is damaged: {trouble}.") from trouble
    planes = values[None] if values.ndim == 2 else np.moveaxis(values, 2, 0)
    shape = planes_shape(planes.shape, name)
    notices = []
    if values.dtype == np.uint8:
        text = (
            "An 8-bit picture knows the light to 0.4 % at best, and is seldom linear;"
            " a FITS or 16-bit TIFF file gives a better correction."
        )
        notices.append(Notice("eight-bit", text))
    whole = np.ascontiguousarray(planes).reshape(shape)
    return Samples(whole, str(values.dtype), notices=tuple(notices))
