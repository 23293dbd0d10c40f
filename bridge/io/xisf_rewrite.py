"""An XISF file with other pixels in it; everything else stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from bridge.io.cards import Value
from bridge.io.fits_out import history_lines
from bridge.io.fits_rewrite import STAMP, free_stamp
from bridge.io.xisf_blocks import packed
from bridge.io.xisf_header import START, XISF_MAGIC, Header, read_header
from bridge.io.xisf_in import every_plane, layout_of

_ALIGNED: Final = 4096
_FAR: Final = 10**15
"""A position with as many digits as any."""
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")

Place = tuple[int, int]
Changes = Mapping[str, str | None]


def xisf_stamps(data: bytes, name: str) -> tuple[str, ...]:
    """Return the digests of the corrections that an XISF file says were applied to it."""
    values = read_header(data, name).values()
    return tuple(str(value) for key, value in values.items() if STAMP.fullmatch(key))


def xisf_history(data: bytes, name: str) -> tuple[dict[str, Value], str]:
    """Return an XISF file's FITS keywords, and its HISTORY and COMMENT line by line."""
    header = read_header(data, name)
    told = (
        f"{value} {comment}".strip()
        for key, value, comment in header.keywords()
        if key in ("HISTORY", "COMMENT")
    )
    return header.values(), "\n".join(told)


def rewrite_xisf(data: bytes, name: str, values: NDArray[Any], digest: str, history: str) -> bytes:
    """Return the file ``data`` with ``values``, (channels, height, width), as its image.

    Layout, byte order and compression are kept, as are transparency, properties, profiles and
    whatever else the file holds, but for a signature and the image's checksum, which would be
    wrong. The correction is recorded as FBCORR and HISTORY among the FITS keywords.
    """
    header = read_header(data, name)
    layout = layout_of(header, name)
    if layout.shape[0] > layout.colors:
        values = np.concatenate([values, every_plane(data, header, name)[layout.colors :]])
    how = header.image.attributes.get("compression")
    block, how = packed(layout.stored(values), how, name)
    places = {number: place for number, one in enumerate(header.elements) if (place := one.place)}
    del places[header.number]
    others = {place: data[place[0] : sum(place)] for place in places.values()}
    told = _keywords(header, digest, history)

    def xml(position: int, moved: Mapping[Place, int]) -> bytes:
        changes: dict[int, Changes] = {
            number: {"location": f"attachment:{moved[place]}:{place[1]}"}
            for number, place in places.items()
        }
        changes[header.number] = {
            "location": f"attachment:{position}:{len(block)}", "compression": how,
            "checksum": None, "subblocks": None,
        }  # fmt: skip
        return _edited(header, changes, told)

    position = _aligned(START + len(xml(_FAR, dict.fromkeys(others, _FAR))))
    end = _aligned(position + len(block))
    moved: dict[Place, int] = {}
    for place, part in others.items():
        moved[place] = end
        end = _aligned(end + len(part))
    text = xml(position, moved)
    head = XISF_MAGIC + len(text).to_bytes(4, "little") + bytes(4) + text
    parts = [head, block, *others.values()]
    return b"".join(part.ljust(_aligned(len(part)), b"\0") for part in parts)


def _edited(header: Header, changes: Mapping[int, Changes], told: bytes) -> bytes:
    """Return the XML with other attributes, further keywords, and without a signature."""
    image = header.image
    edits = [(one.start, one.end, b"") for one in header.elements if one.kind == "Signature"]
    for number, changed in changes.items():
        one = header.elements[number]
        edits.append((one.start, one.stop, _tag(header.xml[one.start : one.stop], changed)))
    last = max((one.end for one in header.inside("FITSKeyword")), default=image.stop)
    if image.end == image.stop:  # a tag that is closed in itself
        start, stop, tag = edits.pop()
        edits.append((start, stop, tag[:-2] + b">"))
        told += f"</{image.name}>".encode()
    edits.append((last, last, told))
    parts, at = [], 0
    for start, stop, text in sorted(edits):
        parts += [header.xml[at:start], text]
        at = stop
    return b"".join([*parts, header.xml[at:]])


def _tag(tag: bytes, changes: Changes) -> bytes:
    """Return a tag with other values of its attributes, without those changed to None."""

    def changed(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        if name not in changes:
            return found[0]
        value = changes[name]
        return b"" if value is None else f' {name}="{value}"'.encode()

    return _ATTRIBUTE.sub(changed, tag)


def _keywords(header: Header, digest: str, history: str) -> bytes:
    """Return the elements that record the correction."""
    entries = [(free_stamp(header.values()), f"'{digest}'", "")]
    entries += [("HISTORY", "", line) for line in history_lines(history)]
    return "".join(
        f"<{header.image.prefix}FITSKeyword name={quoteattr(name)} value={quoteattr(value)}"
        f" comment={quoteattr(comment)}/>"
        for name, value, comment in entries
    ).encode()


def _aligned(position: int) -> int:
    return -(-position // _ALIGNED) * _ALIGNED
