"""Work on a plane stripe by stripe, on all cores: the same bits as in one piece, in less memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

ROWS: Final = 128
"""Rows of a stripe: it fits a core's cache."""

Stripe = tuple[slice, slice, slice]
"""Rows of the stripe; the same with its halo; where it lies within those."""


def stripes(height: int, halo: int = 0) -> list[Stripe]:
    """Return the stripes of a plane of ``height`` rows, each with ``halo`` rows around it."""
    found = []
    for start in range(0, height, ROWS):
        stop = min(height, start + ROWS)
        low, high = max(0, start - halo), min(height, stop + halo)
        found.append((slice(start, stop), slice(low, high), slice(start - low, stop - low)))
    return found


def on_all_cores(work: Callable[[Stripe], object], parts: list[Stripe]) -> None:
    """Do ``work`` on every part; numpy and scipy let go of the interpreter meanwhile."""
    if len(parts) == 1:
        work(parts[0])
        return
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
        list(pool.map(work, parts))
