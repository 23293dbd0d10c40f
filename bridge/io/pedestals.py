"""What of a target's values is not light: its keyword, a number, or a master file."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bridge.errors import BadOption, UnsupportedFrame
from bridge.io.rewrite import Recording, read_recording

UNIT: Final = 65535
"""PixInsight writes the PEDESTAL of images in [0, 1] in 16-bit units."""

Pedestal = Callable[[str, Recording], float | NDArray[Any]]


def parse_pedestal(text: str) -> Pedestal:
    """Return how to tell a frame's pedestal from ``auto``, a number in its units, or a file.

    Raises
    ------
    BadOption
        If it is none of these.
    FileTrouble, UnreadableImage, UnsupportedFrame
        If the file cannot be read.
    """
    if text == "auto":
        return _of_keyword
    try:
        number = float(text)
    except ValueError:
        if not Path(text).exists():
            raise BadOption(f"A pedestal is auto, a number or a file; {text!r} is none.") from None
        return _of_file(Path(text))
    if not isfinite(number):
        raise BadOption(f"A pedestal must be auto, a number or a file, not {text}.")
    return lambda _, __: number


def constant(text: str) -> float | None:
    """Return the number that ``text`` is; 0 for ``auto``, None for a file."""
    try:
        return 0.0 if text == "auto" else float(text)
    except ValueError:
        return None


def _of_keyword(name: str, recording: Recording) -> float:
    del name
    value = recording.keywords.get("PEDESTAL", 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    # Some programs write what must be added, as a negative number.
    unit = UNIT if recording.values.dtype.kind == "f" and recording.ceiling == 1 else 1
    return abs(float(value)) / unit


def _of_file(path: Path) -> Pedestal:
    master = read_recording(path)
    values = master.values.astype(np.float64)

    def pedestal(name: str, recording: Recording) -> NDArray[Any]:
        if recording.values.shape != values.shape:
            raise UnsupportedFrame(f"{path.name} and {name} differ in size or number of colors.")
        if master.ceiling is None or recording.ceiling is None:
            return values
        return np.asarray(values * (recording.ceiling / master.ceiling))

    return pedestal
