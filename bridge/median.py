"""Step 1 for a video: the median of its frames as a flat, in bounded memory."""

from __future__ import annotations

import os
from functools import cache
from math import ceil, log2
from time import perf_counter

import numpy as np

from bridge.engines.base import Run
from bridge.errors import BadOption
from bridge.frame import Frame, Notice
from bridge.io.ser import SerVideo
from bridge.numerics.median import ESTIMATORS, Kind, temporal_median
from bridge.parallel import in_order

MEMORY = 1_000_000_000
"""Bytes that the frames in work may take, unless said otherwise."""

LEAST_MEMORY = 16_000_000

COPIES = 2.5
"""A piece of a video is held as it was read and turned over, beside what sorting it needs."""

CACHE = 4_000_000
"""Bytes of a piece that is turned over within the processor's cache."""

LEAST_READ = 16_384
"""Bytes to read of each frame at a time, at least, if there is memory for it."""


def median_of(
    video: SerVideo,
    *,
    frames: slice = slice(None),
    memory: int = MEMORY,
    estimator: str = "median",
    run: Run,
) -> Frame:
    """Return the temporal median of a video.

    Every byte of the frames chosen is read once.

    Parameters
    ----------
    video
        An open video.
    frames
        Which frames take part.
    memory
        Bytes that may be held at a time, beside the result.
    estimator
        See `temporal_median`.
    run
        Progress of the stage ``median``, and cancel.

    Returns
    -------
    Frame
        Pixels divided by 2^depth - 1.

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
    numbers = range(video.frames)[frames]
    if not numbers:
        raise BadOption(f"None of the {video.frames} frames is chosen.")
    deep = len(numbers) * video.dtype.itemsize
    most = memory / (COPIES * deep * (os.cpu_count() or 1))
    length = max(1, int(min(most, max(CACHE / deep, LEAST_READ / video.dtype.itemsize))))
    kind = _fastest(video.dtype.itemsize)
    parts = [
        slice(start, min(start + length, video.samples))
        for start in range(0, video.samples, length)
    ]
    out = np.empty(video.samples, np.float32)

    def work(part: slice) -> None:
        run.check_cancelled()
        out[part] = temporal_median(video.read(part, numbers), estimator, kind=kind)

    run.progress("median", 0.0)
    for done, _ in enumerate(in_order(work, parts), start=1):
        run.check_cancelled()
        run.progress("median", done / len(parts))
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


@cache
def _fastest(sample_bytes: int) -> Kind:
    """Return how this processor sorts numbers of this size fastest."""
    values = np.random.default_rng(0).integers(0, 256, (64, 501 * sample_bytes), np.uint8)
    stack = values.view(f"u{sample_bytes}").T
    kinds: tuple[Kind, ...] = ("stable", "quicksort")

    def seconds(kind: Kind) -> float:
        start = perf_counter()
        temporal_median(stack, kind=kind)
        return perf_counter() - start

    return min(kinds, key=lambda kind: min(seconds(kind) for _ in range(3)))


def _full_scale(video: SerVideo, peak: float) -> tuple[float, list[Notice]]:
    """Return the value that means 1.0: what the header's depth says, unless samples go beyond."""
    said = video.header.full_scale
    if peak <= said:
        return said, []
    bits = ceil(log2(peak + 1))
    text = f"Samples reach {peak:g}, more than {video.header.depth} bits hold; taken as {bits}-bit."
    return float(2**bits - 1), [Notice("depth", text)]
