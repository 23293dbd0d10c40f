"""SER videos made for tests, written without the reader's code."""

import struct

import numpy as np

COLOR_IDS = {
    "mono": 0, "RGGB": 8, "GRBG": 9, "GBRG": 10, "BGGR": 11,
    "CYYM": 16, "YCMY": 17, "YMCY": 18, "MYYC": 19, "RGB": 100, "BGR": 101,
}  # fmt: skip
TICKS_A_SECOND = 10_000_000


def ser_bytes(
    frames,
    *,
    depth,
    color="mono",
    flag=0,
    big=False,
    counted=None,
    stamps=False,
    texts=("", "", ""),
    utc=0,
):
    """Return a video of ``frames``, (n, height, width) or (n, height, width, 3)."""
    frames = np.asarray(frames)
    count, height, width = frames.shape[:3]
    header = b"LUCAM-RECORDER" + struct.pack(
        "<7i",
        0,
        COLOR_IDS[color],
        flag,
        width,
        height,
        depth,
        count if counted is None else counted,
    )
    header += b"".join(text.encode("latin-1").ljust(40, b"\0") for text in texts)
    header += struct.pack("<qq", utc, utc)
    assert len(header) == 178
    body = frames.astype("u1" if depth <= 8 else ">u2" if big else "<u2").tobytes()
    trailer = struct.pack(f"<{count}q", *range(count)) if stamps else b""
    return header + body + trailer
