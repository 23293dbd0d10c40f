"""Packed bytes, unpacked to no more than they may be: a small file can unpack to any size."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable
from typing import Any, Final

MOST_TIMES: Final = {
    "zlib": 1032,
    "lzma": 2**13,
    "lzw": 2600,
    "packbits": 64,
    "lz4": 255,
    "lz4hc": 255,
    "zstd": 2**15,
}
"""How many bytes each method makes of one at the most; what declares more is not honest."""

_PIECE: Final = 2**16
_DICTIONARY: Final = 2**27
"""Memory for LZMA, whose packed bytes say how much they want; the strongest preset takes half."""

_UNPACKERS: Final[dict[str, Callable[[], Any]]] = {
    "zlib": zlib.decompressobj,
    "lzma": lambda: lzma.LZMADecompressor(memlimit=_DICTIONARY),
}


def can_hold(method: str, packed: int, size: int) -> bool:
    """Return whether ``packed`` bytes can unpack to ``size``."""
    return size <= MOST_TIMES[method] * packed


def inflated(data: bytes, size: int, method: str = "zlib") -> bytes:
    """Return the first ``size`` bytes, at least one, that ``data`` unpacks to; all if fewer.

    Raises
    ------
    ValueError
        If they are not packed by this method, ``zlib`` or ``lzma``.
    """
    try:
        unpacked: bytes = _UNPACKERS[method]().decompress(data, size)
    except (zlib.error, lzma.LZMAError) as trouble:
        raise ValueError(str(trouble)) from trouble
    return unpacked


def gzip_holds_more(data: bytes | memoryview, size: int) -> bool:
    """Return whether members of gzip hold more than ``size`` bytes; none of them are kept.

    False for what is broken, too: whoever unpacks it will say so.
    """
    found, data = 0, bytes(data)
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while data and not member.eof and found <= size:
                found += len(member.decompress(data, _PIECE))
                data = member.unconsumed_tail
        except zlib.error:
            return False
        if found > size:
            return True
        data = member.unused_data.lstrip(b"\0")
    return False
