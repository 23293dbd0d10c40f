"""Files of pictures to pixels and back."""

from __future__ import annotations

import io
import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bridge.engines.gemini.errors import Garbage

Levels = NDArray[np.uint8]
"""A picture: (height, width) or (height, width, 3) of 8 bits."""

LARGEST: Final = 40_000_000
"""Pixels that a picture of a model may have; the largest there are have 17 million."""

FORMATS: Final = ("PNG", "JPEG", "WEBP")


def png(levels: Levels) -> bytes:
    """Return the PNG file of a picture; the same bytes for the same picture."""
    with io.BytesIO() as stream:
        Image.fromarray(levels).save(stream, "PNG", compress_level=6)
        return stream.getvalue()


def check_picture(data: bytes) -> None:
    """Raise `Garbage` unless ``data`` is a whole picture of an acceptable size."""
    read_picture(data)


def read_picture(data: bytes) -> NDArray[np.float32]:
    """Return the pixels of a PNG, JPEG or WebP file, (height, width, 3) float32, 0 to 255.

    Raises
    ------
    Garbage
        If it is damaged, or larger than any model draws; nothing is unpacked then.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > LARGEST:
                    raise Garbage("The model's picture is larger than any that was asked for.")
                return np.asarray(image.convert("RGB"), np.float32)
    except Garbage:
        raise
    except Exception:  # whatever a decoder makes of damaged bytes
        raise Garbage("The model's picture is damaged. Ask again with another seed.") from None
