"""XISF bytes to samples, by the package of that name, which is not installed by default."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.frame import Notice
from bridge.io.samples import Samples, planes_shape

XISF_MAGIC: Final = b"XISF0100"

FORMATS: Final = ("uint8", "uint16", "uint32", "float32", "float64")


def read_xisf(data: bytes, name: str) -> Samples:
    """Return the one image of an XISF file; channels beyond its colors are left out and told.

    Raises
    ------
    UnsupportedFrame
        Also where the package ``xisf`` is not installed.
    UnreadableImage
    """
    try:
        from xisf import XISF
    except ImportError:
        raise UnsupportedFrame(
            f"{name} is an XISF image; to read it, install the extra: pip install "
            '"flatbridge[xisf]", or save it as FITS.'
        ) from None
    try:
        # The package reads files only, each of them twice.
        with tempfile.TemporaryDirectory(prefix="flatbridge-") as folder:
            path = Path(folder) / "image.xisf"
            path.write_bytes(data)
            file = XISF(str(path))
            meta = _only_image(file.get_images_metadata(), len(data), name)
            raw = file.read_image(0, "channels_first")
    except BridgeError:
        raise
    except Exception as trouble:  # a broken file can make the package raise anything
        raise UnreadableImage(f"{name} is not a sound XISF file.") from trouble
    return _samples(raw, meta, name)


def _only_image(images: list[dict[str, Any]], size: int, name: str) -> dict[str, Any]:
    """Return the facts of the one image, checked before its pixels are unpacked."""
    if len(images) != 1:
        what = f"{len(images)} images; save the one you mean on its own" if images else "no image"
        raise UnsupportedFrame(f"{name} holds {what}.")
    meta = images[0]
    if len(meta["geometry"]) != 3:
        raise UnsupportedFrame(f"{name} holds no flat image: it has not two dimensions.")
    width, height, channels = meta["geometry"]
    kind = np.dtype(meta["dtype"]).name
    if kind not in FORMATS:
        raise UnsupportedFrame(f"{name} holds samples of a kind that cannot be used ({kind}).")
    colors = _colors(meta, name)
    if channels < colors:
        raise UnreadableImage(f"{name} is not a sound XISF file.")
    planes_shape((colors, height, width), name)
    planes_shape((1, height, width * channels), name)
    declared = width * height * channels * np.dtype(kind).itemsize
    method, *place = meta["location"]
    if method == "attachment" and sum(place) > size:
        raise UnreadableImage(f"{name} is cut short: not all of its pixels are there.")
    stated = meta["compression"][1] if "compression" in meta else declared
    if stated != declared:
        raise UnreadableImage(f"{name} unpacks to another size than it declares.")
    return meta


def _samples(raw: NDArray[Any], meta: dict[str, Any], name: str) -> Samples:
    """Return decoded numbers, (channels, height, width) as stored, as what they mean."""
    width, height, channels = meta["geometry"]
    is_big = meta.get("byteOrder", "little") == "big"
    stored = raw.reshape(-1).view(raw.dtype.newbyteorder(">" if is_big else "<"))
    values = stored.astype(stored.dtype.newbyteorder("="))
    if meta.get("pixelStorage", "Planar") == "Normal":  # the channels of a pixel together
        planes = np.moveaxis(values.reshape(height, width, channels), 2, 0)
    else:
        planes = values.reshape(channels, height, width)
    colors = _colors(meta, name)
    notices = []
    if channels > colors:
        notices.append(Notice("alpha", "The transparency channel was left out."))
    kept = np.ascontiguousarray(planes[:colors])
    return Samples(kept, kept.dtype.name, notices=tuple(notices))


def _colors(meta: dict[str, Any], name: str) -> int:
    space = meta.get("colorSpace", "Gray")
    if space not in ("Gray", "RGB"):
        raise UnsupportedFrame(f"{name} is neither a gray nor an RGB image.")
    return 3 if space == "RGB" else 1
