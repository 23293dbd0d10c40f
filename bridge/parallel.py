"""Work on all cores, with the same bits as on one: numpy and scipy let go of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
S = TypeVar("S")

ROWS: Final = 128
"""Rows of a stripe: it fits a core's cache, and holds whole samples of every octave of size."""

Stripe = tuple[slice, slice, slice]
"""Rows of the stripe; the same with its halo; where it lies within those."""


def stripes(height: int, halo: int = 0, rows: int | None = None) -> list[Stripe]:
    """Return the stripes of a plane of ``height`` rows, each with ``halo`` rows around it.

    They are ``rows`` high, `ROWS` by default.
    """
    rows = rows or ROWS
    found = []
    for start in range(0, height, rows):
        stop = min(height, start + rows)
        low, high = max(0, start - halo), min(height, stop + halo)
        found.append((slice(start, stop), slice(low, high), slice(start - low, stop - low)))
    return found


def on_all_cores(work: Callable[[Stripe], object], parts: list[Stripe]) -> None:
    """Do ``work`` on every stripe."""
    for _ in in_order(work, parts):
        pass


def in_order(work: Callable[[T], S], items: list[T], workers: int | None = None) -> Iterator[S]:
    """Yield the results of ``work`` on ``items``, in their order; an error ends what is left.

    ``workers`` threads take part, by default one for every core.
    """
    workers = min(len(items), workers or os.cpu_count() or 1)
    if workers < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(work, item) for item in items]
        try:
            for task in tasks:
                yield task.result()
        finally:
            for task in tasks:
                task.cancel()
