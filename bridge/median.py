"""Step 1: the median of many frames as a flat, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, log2
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.engines.base import Run
from bridge.errors import BadOption
from bridge.frame import Frame, Notice
from bridge.io.samples import Samples, as_frame
from bridge.io.ser import SerVideo
from bridge.io.source import read_recorded
from bridge.io.spool import spooled
from bridge.numerics.median import ESTIMATORS, temporal_median, wide
from bridge.parallel import in_order

MEMORY = 1_000_000_000
"""Bytes that the frames in work may take, unless said otherwise."""

LEAST_MEMORY = 16_000_000

COPIES = 1.25
"""A piece of a video is held as it was read, beside what little is worked on at a time."""

CACHE = 4_000_000
"""Bytes of a piece that is turned over within the processor's cache."""

LEAST_READ = 16_384
"""Bytes to read of each frame at a time, at least, if there is memory for it."""


class Stack(Protocol):
    """Frames that can be read in pieces, by several threads at once."""

    @property
    def frames(self) -> int:
        """How many there are."""
        ...

    @property
    def samples(self) -> int:
        """Values of a frame, all channels."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a value."""
        ...

    def read(self, part: slice, numbers: range) -> NDArray[Any]:
        """Return values ``part`` (start, stop) of the frames ``numbers``, (frames, values)."""
        ...


def across(
    stack: Stack,
    *,
    frames: slice = slice(None),
    memory: int = MEMORY,
    estimator: str = "median",
    run: Run,
) -> NDArray[np.float32]:
    """Return the temporal median of a stack, (values of a frame,) float32.

    Every byte of the frames chosen is read once.

    Parameters
    ----------
    stack
        The frames.
    frames
        Which of them take part.
    memory
        Bytes that may be held at a time, beside the result.
    estimator
        See `temporal_median`.
    run
        Progress of the stage ``median``, and cancel.

    Raises
    ------
    BadOption
        If ``frames`` chooses none, ``memory`` is too little, or the estimator is unknown.
    FileTrouble, Cancelled
    """
    if estimator not in ESTIMATORS:
        raise BadOption(f"The estimator must be one of {', '.join(ESTIMATORS)}.")
    if memory < LEAST_MEMORY:
        raise BadOption(f"At least {LEAST_MEMORY // 10**6} MB of memory are needed.")
    numbers = range(stack.frames)[frames]
    if not numbers:
        raise BadOption(f"None of the {stack.frames} frames is chosen.")
    within, sort = _fastest(stack.dtype.newbyteorder("=").str)
    length = _length(len(numbers), stack.dtype.itemsize, memory)
    parts = [
        slice(start, min(start + length, stack.samples))
        for start in range(0, stack.samples, length)
    ]
    out = np.empty(stack.samples, np.float32)

    def work(part: slice) -> None:
        run.check_cancelled()
        held = stack.read(part, numbers)
        out[part] = temporal_median(held, estimator, within=within, sort=sort)

    run.progress("median", 0.0)
    for done, _ in enumerate(in_order(work, parts), start=1):
        run.check_cancelled()
        run.progress("median", done / len(parts))
    return out


def median_of(
    video: SerVideo,
    *,
    frames: slice = slice(None),
    memory: int = MEMORY,
    estimator: str = "median",
    run: Run,
) -> Frame:
    """Return the temporal median of a video, divided by 2^depth - 1; see `across`."""
    out = across(video, frames=frames, memory=memory, estimator=estimator, run=run)
    full_scale, notices = _full_scale(video, float(out.max()))
    if video.header.depth <= 8 and estimator == "median":
        text = "The median of an 8-bit video errs by up to 0.3 %; the estimator iqm by less."
        notices.append(Notice("eight-bit", text))
    return Frame(
        np.divide(video.planes(out), np.float32(full_scale), dtype=np.float32),
        "uint8" if video.dtype.itemsize == 1 else "uint16",
        full_scale,
        (*video.notices, *notices),
    )


def median_of_files(
    paths: Sequence[Path],
    *,
    frames: slice = slice(None),
    memory: int = MEMORY,
    estimator: str = "median",
    normalize: bool = False,
    read: Callable[[Path], Samples] = read_recorded,
    run: Run,
) -> Frame:
    """Return the temporal median of the frames in image files; see `across` and `spooled`."""

    def tell(share: float) -> None:
        run.check_cancelled()
        run.progress("read", share)

    with spooled(paths[frames], normalize=normalize, tell=tell, read=read) as spool:
        out = across(spool, memory=memory, estimator=estimator, run=run).reshape(spool.shape)
    return as_frame(out, spool.sample_format, spool.full_scale, "The median")


def _length(frames: int, itemsize: int, memory: int) -> int:
    """Return how many values of each frame make a piece.

    Parameters
    ----------
    frames, itemsize
        How many there are, and bytes of a value.
    memory
        Bytes for all pieces in work.
    """
    most = memory / (COPIES * frames * itemsize * (os.cpu_count() or 1))
    good = max(CACHE / (frames * itemsize), LEAST_READ / itemsize)
    length = max(1, int(min(most, good)))
    # Frames a power of two apart fall on the same few lines of the cache: ten times slower.
    return length - 8 if length > 64 and length * itemsize % 256 == 0 else length


@cache
def _fastest(dtype: str) -> tuple[np.dtype[Any], bool]:
    """Return how this processor finds the median of numbers of this type fastest.

    Returns
    -------
    within, sort
        As `temporal_median` takes them: processors differ in what they do with many numbers at a
        time, 32-bit ones alone or 16-bit ones too, for selecting or for sorting.
    """
    stack = np.random.default_rng(0).integers(0, 256, (501, 64)).astype(dtype)

    def seconds(way: tuple[np.dtype[Any], bool]) -> float:
        start = perf_counter()
        temporal_median(stack, within=way[0], sort=way[1])
        return perf_counter() - start

    ways = ((wide(stack.dtype), False), (stack.dtype, False), (stack.dtype, True))
    return min(ways, key=lambda way: min(seconds(way) for _ in range(3)))


def _full_scale(video: SerVideo, peak: float) -> tuple[float, list[Notice]]:
    """Return the value that means 1.0: what the header's depth says, unless samples go beyond."""
    said = video.header.full_scale
    if peak <= said:
        return said, []
    bits = ceil(log2(peak + 1))
    text = f"Samples reach {peak:g}, more than {video.header.depth} bits hold; taken as {bits}-bit."
    return float(2**bits - 1), [Notice("depth", text)]
