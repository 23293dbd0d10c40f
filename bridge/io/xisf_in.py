"""XISF bytes to samples."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.frame import Notice
from bridge.io.samples import MOST_OTHERS, Samples, planes_shape
from bridge.io.xisf_blocks import unpacked
from bridge.io.xisf_header import Header, read_header

FORMATS: Final = {
    "UInt8": "u1",
    "UInt16": "u2",
    "UInt32": "u4",
    "Float32": "f4",
    "Float64": "f8",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How an image lies in its block.

    Parameters
    ----------
    shape
        (channels, height, width), transparency among the channels.
    colors
        How many channels are light.
    dtype
        Of the samples, in the byte order stored.
    is_interleaved
        Whether the channels of a pixel stand together.
    """

    shape: tuple[int, int, int]
    colors: int
    dtype: np.dtype[Any]
    is_interleaved: bool

    def planes(self, block: bytes) -> NDArray[Any]:
        """Return a block's samples, of this shape; native byte order."""
        stored = np.frombuffer(block, self.dtype)
        channels, height, width = self.shape
        if self.is_interleaved:
            planes = np.moveaxis(stored.reshape(height, width, channels), 2, 0)
        else:
            planes = stored.reshape(self.shape)
        return np.ascontiguousarray(planes, self.dtype.newbyteorder("="))

    def stored(self, planes: NDArray[Any]) -> NDArray[Any]:
        """Return planes of this shape as the block holds them."""
        laid = np.moveaxis(planes, 0, 2) if self.is_interleaved else planes
        return np.ascontiguousarray(laid, self.dtype)


def read_xisf(data: bytes, name: str) -> Samples:
    """Return the one image of an XISF file; channels beyond its colors are left out and told.

    Raises
    ------
    UnsupportedFrame
        Also where the package ``xisf`` is not installed.
    UnreadableImage
    """
    header = read_header(data, name)
    layout = layout_of(header, name)
    planes = every_plane(data, header, name)
    notices = []
    if len(planes) > layout.colors:
        notices.append(Notice("alpha", "The transparency channel was left out."))
    return Samples(planes[: layout.colors], planes.dtype.name, notices=tuple(notices))


def every_plane(data: bytes, header: Header, name: str) -> NDArray[Any]:
    """Return all channels, transparency among them, (channels, height, width).

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    layout = layout_of(header, name)
    place = header.image.place
    if place is None:
        raise UnsupportedFrame(f"{name} holds its pixels in its header; save it again.")
    position, size = place
    if position + size > len(data):
        raise UnreadableImage(f"{name} is cut short: not all of its pixels are there.")
    declared = prod(layout.shape) * layout.dtype.itemsize
    block = data[position : position + size]
    how = header.image.attributes.get("compression")
    if how is None:
        size = len(block)
    else:
        stated = how.split(":")[1:2]
        size = int(stated[0]) if stated and stated[0].isdigit() else 0
    if size != declared:
        raise UnreadableImage(f"{name} unpacks to another size than it declares.")
    return layout.planes(unpacked(block, how, declared, name))


def layout_of(header: Header, name: str) -> Layout:
    """Return how the image lies, checked before anything is unpacked.

    Raises
    ------
    UnreadableImage, UnsupportedFrame
    """
    told = header.image.attributes
    axes = told.get("geometry", "").split(":")
    if not all(axis.isdigit() and len(axis) < 10 for axis in axes):
        raise UnreadableImage(f"{name} is not a sound XISF file.")
    if len(axes) != 3:
        raise UnsupportedFrame(f"{name} holds no flat image: it has not two dimensions.")
    width, height, channels = map(int, axes)
    kind = told.get("sampleFormat", "")
    if kind not in FORMATS:
        raise UnsupportedFrame(f"{name} holds samples of a kind that cannot be used ({kind}).")
    space = told.get("colorSpace", "Gray")
    if space not in ("Gray", "RGB"):
        raise UnsupportedFrame(f"{name} is neither a gray nor an RGB image.")
    colors = 3 if space == "RGB" else 1
    if channels < colors:
        raise UnreadableImage(f"{name} is not a sound XISF file.")
    if channels > colors + MOST_OTHERS:
        raise UnsupportedFrame(f"{name} is neither a gray nor an RGB image.")
    planes_shape((colors, height, width), name)
    planes_shape((1, height, width * channels), name)
    order = ">" if told.get("byteOrder") == "big" else "<"
    return Layout(
        (channels, height, width),
        colors,
        np.dtype(order + FORMATS[kind]),
        told.get("pixelStorage") == "Normal",
    )
