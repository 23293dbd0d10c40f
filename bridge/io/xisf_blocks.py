"""XISF blocks packed and unpacked by the package ``xisf``, which is not installed by default."""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.io.files import telling, temporary_folder
from bridge.io.xisf_header import START, XISF_MAGIC, read_header

_AT: Final = 4096


def unpacked(block: bytes, how: str | None, size: int, name: str) -> bytes:
    """Return the bytes that a block holds.

    Parameters
    ----------
    block
        As it stands in the file.
    how
        The image's attribute ``compression``, None where it has none.
    size
        How many bytes they must be.
    name
        What to call the file.

    Raises
    ------
    UnsupportedFrame
        Where the package is not installed.
    UnreadableImage
    """
    XISF = _package(name)
    packing = "" if how is None else f" compression={quoteattr(how)}"
    place = f'location="attachment:{_AT}:{len(block)}"'
    xml = (
        '<xisf version="1.0" xmlns="http://www.pixinsight.com/xisf">'
        f'<Image geometry="{size}:1:1" sampleFormat="UInt8" {place}{packing}/><Metadata/></xisf>'
    ).encode()
    head = XISF_MAGIC + len(xml).to_bytes(4, "little") + bytes(4) + xml
    try:
        # The package reads files only; what it need not see could stop it.
        with temporary_folder() as folder:
            path = folder / "block.xisf"
            with telling(path):
                path.write_bytes(head.ljust(_AT, b"\0") + block)
            pixels: NDArray[Any] = XISF(str(path)).read_image(0, "channels_first")
    except BridgeError:
        raise
    except Exception as trouble:  # a broken block can make the package raise anything
        raise UnreadableImage(f"{name} is not a sound XISF file.") from trouble
    return pixels.tobytes()


def packed(stored: NDArray[Any], how: str | None, name: str) -> tuple[bytes, str | None]:
    """Return a block that holds ``stored``, and its attribute ``compression``.

    Parameters
    ----------
    stored
        Samples as the block holds them, in any byte order.
    how
        The attribute of the block that this one takes the place of: the method is kept, unless
        nothing is gained.
    name
        What to call the file.

    Raises
    ------
    UnsupportedFrame
        Where the package is not installed.
    """
    if how is None:
        return stored.tobytes(), None
    method, _, shuffle = how.partition(":")[0].partition("+")
    plain = np.frombuffer(stored.tobytes(), stored.dtype.newbyteorder("="))
    with temporary_folder() as folder:
        path = folder / "block.xisf"
        with telling(path):
            _package(name).write(
                str(path), plain.reshape(-1, 1, 1), codec=method, shuffle=shuffle == "sh"
            )
        data = path.read_bytes()
    image = read_header(data, name).image
    position, size = image.place or (START, 0)
    return data[position : position + size], image.attributes.get("compression")


def _package(name: str) -> Any:
    try:
        from xisf import XISF
    except ImportError:
        raise UnsupportedFrame(
            f"{name} is an XISF image; to use it, install the extra: pip install "
            '"flatbridge[xisf]", or save it as FITS.'
        ) from None
    return XISF
