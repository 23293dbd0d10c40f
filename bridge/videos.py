"""A correction applied to a video: frame by frame, a SER file like the one it came from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.engines.base import Run
from bridge.errors import BadOption, UnsupportedFrame
from bridge.frame import Planes
from bridge.io.ser import SerVideo, is_ser, open_ser
from bridge.io.ser_out import mark_of, read_mark, writing
from bridge.numerics.apply import divide_frames
from bridge.numerics.median import temporal_median
from bridge.numerics.sizes import check_shapes
from bridge.parallel import in_order

SOME = 9
"""Frames that tell whether dust is in a video."""

PIECE = 16_000_000
"""Bytes of the frames that one core works on at a time."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to the values of a video, in all its frames."""

    saturated: int
    clipped: int


def is_divided(target: Path, digest: str, *, multiply: bool = False) -> bool:
    """Return whether ``target`` is a video that `divide_file` wrote, in the same way."""
    return is_ser(target) and read_mark(target) == mark_of(f"x{digest}" if multiply else digest)


def some_frames(video: SerVideo) -> Planes:
    """Return the median of a few frames spread over a video, (channels, height, width), in ADU."""
    step = max(1, video.frames // SOME)
    numbers = range(0, video.frames, step)[:SOME]
    return video.planes(temporal_median(video.read(slice(0, video.samples), numbers)))


def divide_file(
    source: Path,
    factor: Planes,
    target: Path,
    *,
    digest: str,
    depth: int | None = None,
    multiply: bool = False,
    pedestal: float = 0.0,
    force: bool = False,
    run: Run,
) -> Counts:
    """Write the video in ``source`` divided by ``factor`` to ``target``; see `divide_video`.

    Raises
    ------
    UnsupportedFrame
        If the same was done to it before, or it is of another size or number of colors.
    FileTrouble, UnreadableImage, BadOption, Cancelled
    """
    stamp, undone = (f"x{digest}", digest) if multiply else (digest, f"x{digest}")
    video = open_ser(source)
    before = read_mark(source)
    if before == mark_of(stamp):
        verb = "multiplied" if multiply else "divided"
        raise UnsupportedFrame(f"{source.name} has been {verb} by this correction already.")
    header = video.header
    check_shapes(source.name, (header.channels, header.height, header.width), factor.shape)
    return divide_video(
        video, factor, target,
        digest=digest, mark=0 if before == mark_of(undone) else mark_of(stamp), depth=depth,
        multiply=multiply, pedestal=pedestal, force=force, run=run,
    )  # fmt: skip


def divide_video(
    video: SerVideo,
    factor: Planes,
    target: Path,
    *,
    digest: str,
    mark: int = 0,
    depth: int | None = None,
    multiply: bool = False,
    pedestal: float = 0.0,
    force: bool = False,
    run: Run,
) -> Counts:
    """Write ``video`` divided by ``factor`` to ``target``.

    Parameters
    ----------
    video
        An open video.
    factor
        (channels, height, width) float32, finite, above 0, of the video's own geometry.
    target
        The SER file to write; it appears when it is whole.
    digest
        Of the correction: the seed of 8-bit rounding.
    mark
        Told in the header; see `writing`.
    depth
        Bits of a sample: the video's own, or 16 for an 8-bit video, whose values are then spread
        over 16 bits and need no dithering.
    multiply, pedestal
        As for `divide`.
    force
        Whether an existing file may be replaced.
    run
        Progress of the stage ``apply``, and cancel.

    Raises
    ------
    BadOption
        For a depth that is neither the video's own nor 16.
    FileTrouble, Cancelled
    """
    header = video.header
    depth = depth or header.depth
    if depth not in (header.depth, 16):
        raise BadOption(f"A video of {header.depth} bits can be written with {header.depth} or 16.")
    flat = np.moveaxis(factor[::-1] if header.color == "BGR" else factor, 0, 2).reshape(-1)
    places = np.flatnonzero(flat != 1)
    # All bits set must stay all bits set, hence no shift.
    stretch = (2**depth - 1) / (2**header.depth - 1)
    ceiling = 2.0**depth - 1
    length = max(1, PIECE // header.frame_bytes)
    starts = range(0, video.frames, length)

    def work(start: int) -> tuple[np.ndarray, int, int]:
        run.check_cancelled()
        numbers = range(start, min(start + length, video.frames))
        frames = video.read(slice(0, video.samples), numbers)
        top = ceiling
        if depth != header.depth:
            frames = np.rint(frames * stretch).astype(np.uint16)
        elif frames.size and frames.max() > ceiling:
            top = float(np.iinfo(frames.dtype).max)  # deeper than the header says
        rng = np.random.default_rng([int(digest[:8], 16), start]) if depth <= 8 else None
        done = divide_frames(
            frames, places, flat[places],
            ceiling=top, multiply=multiply, pedestal=pedestal * stretch, rng=rng,
        )  # fmt: skip
        return done.values, done.saturated, done.clipped

    saturated = clipped = 0
    batch = 2 * (os.cpu_count() or 1)  # what waits to be written is bounded
    with writing(video, target, mark=mark, depth=depth, force=force) as writer:
        for first in range(0, len(starts), batch):
            for done, (frames, full, cut) in enumerate(
                in_order(work, [*starts[first : first + batch]])
            ):
                run.check_cancelled()
                writer.add(frames)
                saturated, clipped = saturated + full, clipped + cut
                run.progress("apply", (first + done + 1) / len(starts))
    return Counts(saturated, clipped)
