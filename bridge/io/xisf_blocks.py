"""XISF blocks packed and unpacked: zlib's here, others by a package that is an extra."""

from __future__ import annotations

import zlib
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BridgeError, UnreadableImage, UnsupportedFrame
from bridge.io.files import telling, temporary_folder
from bridge.io.inflate import can_hold, inflated
from bridge.io.xisf_header import START, XISF_MAGIC, read_header

_AT: Final = 4096
_METHODS: Final = ("zlib", "lz4", "lz4hc", "zstd")


def unpacked(block: bytes, how: str | None, size: int, name: str) -> bytes:
    """Return the bytes that a block holds; never more than ``size`` are unpacked, and one.

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
        Where a package is needed that is not installed.
    UnreadableImage
    """
    if how is None:
        return block
    method, item = _packing(how, name)
    if not can_hold(method, len(block), size):
        raise UnreadableImage(f"{name} declares more pixels than its block can hold.")
    try:
        if method == "zlib":
            plain = _unshuffled(inflated(block, size + 1), item)
        else:
            plain = _by_package(method, block, how, size, name)
    except BridgeError:
        raise
    except Exception as trouble:  # a broken block can make the package raise anything
        raise UnreadableImage(f"{name} is not a sound XISF file.") from trouble
    if len(plain) != size:
        raise UnreadableImage(f"{name} unpacks to another size than it declares.")
    return plain


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
        Where a package is needed that is not installed.
    """
    if how is None:
        return stored.tobytes(), None
    method, item = _packing(how, name)
    if method == "zlib":
        data = stored.tobytes()
        block = zlib.compress(_shuffled(data, stored.itemsize) if item else data)
        told = f"zlib+sh:{len(data)}:{stored.itemsize}" if item else f"zlib:{len(data)}"
        return (block, told) if len(block) < len(data) else (data, None)
    plain = np.frombuffer(stored.tobytes(), stored.dtype.newbyteorder("="))
    with temporary_folder() as folder:
        path = folder / "block.xisf"
        with telling(path):
            _package(name).write(str(path), plain.reshape(-1, 1, 1), codec=method, shuffle=item > 0)
        data = path.read_bytes()
    image = read_header(data, name).image
    position, size = image.place or (START, 0)
    return data[position : position + size], image.attributes.get("compression")


def _packing(how: str, name: str) -> tuple[str, int]:
    """Return the method of packing, and the bytes of the items that were shuffled, 0 if none."""
    method, *numbers = how.split(":")
    method, _, shuffle = method.partition("+")
    if method not in _METHODS:
        raise UnsupportedFrame(f"{name} is compressed ({method}); save it uncompressed.")
    item = numbers[1] if shuffle and len(numbers) > 1 else "0"
    if not (item.isdigit() and len(item) < 4):
        raise UnreadableImage(f"{name} is not a sound XISF file.")
    return method, int(item)


def _shuffled(data: bytes, item: int) -> bytes:
    """Return the first bytes of all items, then the second ones, and so on."""
    whole = len(data) - len(data) % item
    items = np.frombuffer(data, np.uint8, whole).reshape(-1, item)
    return items.T.tobytes() + data[whole:]


def _unshuffled(data: bytes, item: int) -> bytes:
    """Undo `_shuffled`; nothing with items of 0 bytes."""
    if item == 0:
        return data
    whole = len(data) - len(data) % item
    items = np.frombuffer(data, np.uint8, whole).reshape(item, -1)
    return items.T.tobytes() + data[whole:]


def _by_package(method: str, block: bytes, how: str, size: int, name: str) -> bytes:
    XISF = _package(name)
    if method == "zstd":
        import zstandard  # the package's own: what a frame says of its size is believed

        if zstandard.frame_content_size(block) not in (-1, size):
            raise UnreadableImage(f"{name} unpacks to another size than it declares.")
    place = f'location="attachment:{_AT}:{len(block)}" compression={quoteattr(how)}'
    xml = (
        '<xisf version="1.0" xmlns="http://www.pixinsight.com/xisf">'
        f'<Image geometry="{size}:1:1" sampleFormat="UInt8" {place}/><Metadata/></xisf>'
    ).encode()
    head = XISF_MAGIC + len(xml).to_bytes(4, "little") + bytes(4) + xml
    # The package reads files only; what it need not see could stop it.
    with temporary_folder() as folder:
        path = folder / "block.xisf"
        with telling(path):
            path.write_bytes(head.ljust(_AT, b"\0") + block)
        pixels: NDArray[Any] = XISF(str(path)).read_image(0, "channels_first")
    return pixels.tobytes()


def _package(name: str) -> Any:
    try:
        from xisf import XISF
    except ImportError:
        raise UnsupportedFrame(
            f"{name} is a compressed XISF image; save it uncompressed or as ZIP, or install the "
            'extra: pip install "flatbridge[xisf]".'
        ) from None
    return XISF
