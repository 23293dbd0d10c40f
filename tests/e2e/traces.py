"""Everything that was said and left behind, to be searched for what is marked."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

MARKED = np.s_[3, 20:32]
"""A strip without dust; its noise makes it unlike any other."""


def forms(pixels):
    """Return how the marked 16-bit pixels could be written down, as bytes to look for."""
    strip = pixels[MARKED]
    floats = strip / np.float32(65535)
    raw = [
        strip.astype("<u2").tobytes(),
        strip.astype(">u2").tobytes(),
        (strip.astype(np.int32) - 32768).astype(">i2").tobytes(),
        *(floats.astype(kind).tobytes() for kind in ("<f4", ">f4")),
        *((strip / 65535).astype(kind).tobytes() for kind in ("<f8", ">f8")),
    ]
    coded = []
    for form in raw:
        for lead in range(3):
            text = base64.b64encode(bytes(lead) + form)
            coded.append(text[4:-4])  # what surrounds it shows in the first and the last letters
    numbers = [mark.join(map(str, strip.tolist())).encode() for mark in (",", ", ", " ", "\n")]
    return [*raw, *coded, *numbers]


@dataclass
class Traces:
    """What was said and left behind, by where."""

    said: dict[str, bytes] = field(default_factory=dict)
    commands: set[bytes] = field(default_factory=set)

    def hear(self, where, text):
        self.said[f"{len(self.said)} {where}"] = text if isinstance(text, bytes) else text.encode()

    def look(self):
        """Note what the list of processes shows, where the system has one to read."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.commands.add(path.read_bytes())
            except OSError:
                continue

    def files(self, folder):
        for path in folder.rglob("*"):
            if path.is_file():
                self.hear(path.relative_to(folder.parent).as_posix(), path.read_bytes())

    def holding(self, *patterns):
        """Return where any of ``patterns`` is."""
        return {
            where.split(" ", 1)[1]
            for where, content in self.said.items()
            if any(pattern in content for pattern in patterns)
        }
