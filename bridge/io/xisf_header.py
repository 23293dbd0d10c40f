"""The header of an XISF file: its elements, where their tags stand, and its FITS keywords.

Read here rather than by the package ``xisf``, whose writer drops what it does not know: a file that
is given back must keep everything but its pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.io.cards import Value, value_of

XISF_MAGIC: Final = b"XISF0100"
START: Final = 16
"""Offset of the XML, after the magic, its length and four reserved bytes."""

_TAG: Final = re.compile(rb"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")


@dataclass(slots=True)
class Element:
    """An element of the XML.

    Parameters
    ----------
    name
        As it stands there, with its prefix.
    attributes
        By name.
    parent
        The number of the element that holds it, -1 for none.
    start, stop
        Offsets of its first tag.
    end
        Offset behind its last tag.
    """

    name: str
    attributes: dict[str, str]
    parent: int
    start: int
    stop: int
    end: int = field(default=0)

    @property
    def prefix(self) -> str:
        """What stands before its name, with the colon; usually nothing."""
        return self.name[: -len(self.kind)]

    @property
    def kind(self) -> str:
        """Its name without a prefix."""
        return self.name.rpartition(":")[2]

    @property
    def place(self) -> tuple[int, int] | None:
        """Position and length of its block in the file; None if it has none there."""
        method, _, place = self.attributes.get("location", "").partition(":")
        if method != "attachment":
            return None
        position, size = place.split(":")
        return int(position), int(size)


@dataclass(frozen=True, slots=True)
class Header:
    """The XML of a file, all its elements in order, and the number of the one image among them."""

    xml: bytes
    elements: tuple[Element, ...]
    number: int

    @property
    def image(self) -> Element:
        """The image."""
        return self.elements[self.number]

    def inside(self, kind: str) -> Iterator[Element]:
        """Yield the image's own elements of one kind."""
        return (one for one in self.elements if one.parent == self.number and one.kind == kind)

    def keywords(self) -> list[tuple[str, str, str]]:
        """Return name, value and comment of every FITS keyword, as recorded."""
        found = (one.attributes for one in self.inside("FITSKeyword"))
        return [(one["name"], one.get("value", ""), one.get("comment", "")) for one in found]

    def values(self) -> dict[str, Value]:
        """Return the FITS keywords with their values, the first of a repeated one.

        The pattern of a color mosaic is among them, as BAYERPAT.
        """
        found: dict[str, Value] = {}
        for name, text, _ in self.keywords():
            value = value_of(text)
            if text:
                found.setdefault(name, text.strip() if value is None else value)
        for one in self.inside("ColorFilterArray"):
            found.setdefault("BAYERPAT", one.attributes.get("pattern", ""))
        return found


def read_header(data: bytes, name: str) -> Header:
    """Return the header of an XISF file.

    Raises
    ------
    UnreadableImage
        If the file is cut short or its XML is not sound.
    UnsupportedFrame
        If there is not exactly one image.
    """
    length = int.from_bytes(data[8:12], "little")
    xml = data[START : START + length].rstrip(b"\0")
    if len(data) < START + length:
        raise UnreadableImage(f"{name} is cut short: its header has no end.")
    try:
        found = _elements(xml)
        for one in found:
            _ = one.place
    except (expat.ExpatError, ValueError, LookupError) as trouble:  # no XML; no such encoding
        raise UnreadableImage(f"{name} is not a sound XISF file.") from trouble
    images = [at for at, one in enumerate(found) if one.kind == "Image" and one.parent == 0]
    if len(images) != 1:
        what = f"{len(images)} images; save the one you mean on its own" if images else "no image"
        raise UnsupportedFrame(f"{name} holds {what}.")
    if any("name" not in one.attributes for one in found if one.kind == "FITSKeyword"):
        raise UnreadableImage(f"{name} is not a sound XISF file.")
    return Header(xml, tuple(found), images[0])


def _elements(xml: bytes) -> list[Element]:
    found: list[Element] = []
    opened = [-1]
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        found.append(Element(name, attributes, opened[-1], start, _tag_end(xml, start)))
        opened.append(len(found) - 1)

    def finish(_: str) -> None:
        one = found[opened.pop()]
        is_empty = xml[: one.stop].endswith(b"/>")
        one.end = one.stop if is_empty else xml.index(b">", parser.CurrentByteIndex) + 1

    def declared(*_: object) -> None:
        raise ValueError("what a document type declares could be of any size")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.StartDoctypeDeclHandler = declared
    parser.Parse(xml, True)
    return found


def _tag_end(xml: bytes, start: int) -> int:
    found = _TAG.match(xml, start)
    if found is None:
        raise ValueError("a tag has no end")
    return found.end()
