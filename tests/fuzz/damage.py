"""Ways to break a file: by bytes, and where a format keeps its numbers."""

from __future__ import annotations

import re
import struct

import numpy as np

LENGTHS = (0, 1, 2, 7, 255, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 777777701, -1)
CARDS = (b"NAXIS", b"NAXIS1", b"NAXIS2", b"NAXIS3", b"BITPIX", b"BZERO", b"BSCALE", b"BLANK",
         b"PCOUNT", b"GCOUNT", b"XTENSION", b"ZBITPIX", b"ZNAXIS1", b"ZTILE1",
         b"TFIELDS")  # fmt: skip
WORDS = (b"0", b"1", b"-1", b"8", b"16", b"-32", b"-64", b"99", b"777777701",
         b"9999999999999", b"1e308", b"nan", b"'text'", b"T", b"")  # fmt: skip


def damaged(kind: str, files: list[bytes], rng: np.random.Generator) -> bytes:
    """Return a broken variant of one of ``files``."""
    data = bytearray(files[rng.integers(len(files))])
    for _ in range(int(rng.integers(1, 4))):
        if not data:
            break
        how = rng.integers(9)
        if how < 3:
            data = _inside(kind, data, rng)
        elif how == 3:
            del data[int(rng.integers(len(data))) :]
        elif how == 4:
            for place in rng.integers(len(data), size=int(rng.integers(1, 9))):
                data[place] ^= 1 << int(rng.integers(8))
        elif how == 5:
            place, length = int(rng.integers(len(data))), int(rng.integers(1, 4000))
            data[place : place + length] = bytes(len(data[place : place + length]))
        elif how == 6:
            place, length = int(rng.integers(len(data))), int(rng.integers(1, 4000))
            data[place:place] = data[place : place + length]
        elif how == 7:
            other = files[rng.integers(len(files))]
            data[int(rng.integers(len(data))) :] = other[int(rng.integers(len(other))) :]
        else:
            data = bytearray(rng.bytes(int(rng.integers(1, 400)))) + data[int(rng.integers(80)) :]
    return bytes(data)


def _inside(kind: str, data: bytearray, rng: np.random.Generator) -> bytearray:
    if kind == "fits":
        card = CARDS[rng.integers(len(CARDS))]
        places = [found.start() for found in re.finditer(re.escape(card.ljust(8) + b"="), data)]
        if places:
            place = places[rng.integers(len(places))]
            word = WORDS[rng.integers(len(WORDS))]
            data[place : place + 80] = (card.ljust(8) + b"= " + word.rjust(20)).ljust(80)
        return data
    if kind == "xisf":
        numbers = [found.span() for found in re.finditer(rb"\d+", data[:2000])]
        if numbers:
            start, stop = numbers[rng.integers(len(numbers))]
            data[start:stop] = WORDS[rng.integers(len(WORDS))]
        return data
    if kind == "ser":
        place = 14 + 4 * int(rng.integers(7))
        value = int(LENGTHS[rng.integers(len(LENGTHS))])
        data[place : place + 4] = struct.pack("<i", (value + 2**31) % 2**32 - 2**31)
        return data
    # TIFF, PNG and JPEG keep lengths and offsets as 2 or 4 bytes near their beginning.
    width = int(rng.choice([2, 4]))
    place = int(rng.integers(min(len(data), 400)))
    value = int(LENGTHS[rng.integers(len(LENGTHS))]) % 256**width
    order = "little" if rng.integers(2) else "big"
    data[place : place + width] = value.to_bytes(width, order)  # type: ignore[arg-type]
    return data
