"""``flatbridge median``: the frames of a video to one flat."""

from __future__ import annotations

import argparse
from pathlib import Path

from bridge import __version__
from bridge.cli.terminal import Bar, complain, plural, say
from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.io import Provenance, check_free, plane_bytes, write_file
from bridge.io.ser import SerVideo, open_ser
from bridge.median import median_of


def run(given: argparse.Namespace) -> int:
    """Write the median; return 0.

    Raises
    ------
    BridgeError
    """
    check_free([given.output], force=given.force, inputs=[given.video])
    video = open_ser(given.video, given.byte_order)
    with Bar(given.video.name) as bar:
        frame = median_of(
            video,
            frames=given.frames,
            memory=given.memory,
            estimator=given.estimator,
            run=_Shown(bar),
        )
    write_file(given.output, median_bytes(video, frame), force=given.force)
    count = len(range(video.frames)[given.frames])
    say(f"{given.video.name}: {plural(count, 'frame')} -> {given.output}")
    for notice in frame.warnings:
        complain(f"{given.video.name}: {notice.message}")
    return 0


class _Shown(Quiet):
    """A run that shows on a bar how far a median is."""

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar = bar

    def progress(self, stage: str, fraction: float) -> None:
        """Show it."""
        del stage
        self._bar.show(fraction, "Computing the median")


def read_median(path: Path, bar: Bar) -> tuple[Frame, bytes]:
    """Return the median of the video at ``path``, and its FITS file."""
    video = open_ser(path)
    frame = median_of(video, run=_Shown(bar))
    return frame, median_bytes(video, frame)


def median_bytes(video: SerVideo, frame: Frame) -> bytes:
    """Return the FITS file of a video's median, with what the video's header tells."""
    made = Provenance(version=__version__, detector="", inpainter="")
    data, _ = plane_bytes(
        "median", frame.pixels, made, full_scale=frame.full_scale, cards=video.header.cards()
    )
    return data
