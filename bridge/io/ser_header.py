"""The header of a SER video.

The format is Lucam Recorder's, as described by H. Wild in "SER format description version 3".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.errors import UnreadableImage, UnsupportedFrame

MAGIC: Final = b"LUCAM-RECORDER"
HEADER_BYTES: Final = 178

COLORS: Final = {
    0: "mono",
    8: "RGGB", 9: "GRBG", 10: "GBRG", 11: "BGGR",
    16: "CYYM", 17: "YCMY", 18: "YMCY", 19: "MYYC",
    100: "RGB", 101: "BGR",
}  # fmt: skip
"""What a pixel holds, by ColorID."""

WIDEST: Final = 1 << 16
"""Wider and higher frames than this are no camera's."""

_HEADER: Final = struct.Struct("<14s7i40s40s40sqq")


@dataclass(frozen=True, slots=True)
class SerHeader:
    """The header as it was recorded.

    Parameters
    ----------
    color
        One of the values of `COLORS`.
    flag
        The field LittleEndian.
    width, height
        Of a frame, px.
    depth
        Bits of a sample, 1 to 16.
    frames
        What the header counts, right or wrong.
    observer, instrument, telescope
        Texts.
    utc
        When the recording began; None if the header does not tell.
    """

    color: str
    flag: int
    width: int
    height: int
    depth: int
    frames: int
    observer: str
    instrument: str
    telescope: str
    utc: datetime | None

    @property
    def channels(self) -> int:
        """Samples of a pixel: 3 for RGB and BGR, else 1."""
        return 3 if self.color in ("RGB", "BGR") else 1

    @property
    def sample_bytes(self) -> int:
        """Bytes of a sample."""
        return 1 if self.depth <= 8 else 2

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return self.width * self.height * self.channels * self.sample_bytes

    @property
    def full_scale(self) -> float:
        """The value that means 1.0."""
        return float(2**self.depth - 1)

    def cards(self) -> dict[str, bool | int | float | str]:
        """Return what an image made of the video tells of it, as FITS keywords."""
        texts = {
            "OBSERVER": self.observer,
            "INSTRUME": self.instrument,
            "TELESCOP": self.telescope,
            "DATE-OBS": self.utc.isoformat(timespec="milliseconds") if self.utc else "",
        }
        return {key: text for key, text in texts.items() if text}


def read_header(data: bytes, name: str) -> SerHeader:
    """Return the header at the start of ``data``; errors as `open_ser`."""
    if not data.startswith(MAGIC):
        raise UnreadableImage(f"{name} is not a SER video.")
    if len(data) < HEADER_BYTES:
        raise UnreadableImage(f"{name} ends within its header.")
    _, _, color, flag, width, height, depth, frames, *texts, _, utc = _HEADER.unpack_from(data)
    if color not in COLORS:
        raise UnsupportedFrame(f"{name} has an unknown kind of pixels (ColorID {color}).")
    if not 1 <= depth <= 16:
        raise UnsupportedFrame(f"{name} has {depth} bits a sample; 1 to 16 can be read.")
    if not (1 <= width <= WIDEST and 1 <= height <= WIDEST):
        raise UnsupportedFrame(f"{name} declares frames of {width} x {height}.")
    observer, instrument, telescope = (_text(text) for text in texts)
    return SerHeader(
        COLORS[color], flag, width, height, depth, frames, observer, instrument, telescope,
        _time(utc),
    )  # fmt: skip


def _text(raw: bytes) -> str:
    text = raw.split(b"\0")[0].decode("latin-1").strip()
    return "".join(letter for letter in text if letter.isprintable())


def _time(ticks: int) -> datetime | None:
    """Return the time ``ticks`` of 100 ns after the year 1, if it is one that a camera can mean."""
    try:
        time = datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return time.replace(tzinfo=None) if 1900 < time.year < 2200 else None
