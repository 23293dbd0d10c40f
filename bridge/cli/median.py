"""``flatbridge median``: many frames to one flat."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from bridge import __version__
from bridge.cli.terminal import Bar, complain, plural, say
from bridge.cli.texts import check_suffix
from bridge.engines.base import Quiet
from bridge.errors import BadOption
from bridge.frame import Frame
from bridge.io import Provenance, check_free, plane_bytes, write_file
from bridge.io.ser import SerVideo, is_ser, open_ser
from bridge.io.source import read_recorded
from bridge.median import median_of, median_of_files


def run(given: argparse.Namespace) -> int:
    """Write the median; return 0.

    Raises
    ------
    BridgeError
    """
    check_free([given.output], force=given.force, inputs=given.inputs)
    check_suffix(given.output, "a FITS image", (".fits", ".fit", ".fts"))
    how = {name: getattr(given, name) for name in ("frames", "memory", "estimator")}
    first: Path = given.inputs[0]
    with Bar(first.name) as bar:
        if is_ser(first):
            if len(given.inputs) > 1:
                raise BadOption("A median is made of one video, or of several images.")
            video = open_ser(first, given.byte_order)
            frame = median_of(video, **how, run=Shown(bar))
            data, of = median_bytes(video, frame), video.frames
        else:
            frame = median_of_files(
                given.inputs, **how, normalize=given.normalize,
                read=lambda path: read_recorded(path, given.hdu), run=Shown(bar),
            )  # fmt: skip
            data, of = median_bytes(None, frame), len(given.inputs)
    write_file(given.output, data, force=given.force)
    say(f"{first.name}: {plural(len(range(of)[given.frames]), 'frame')} -> {given.output}")
    for notice in frame.warnings:
        complain(f"{first.name}: {notice.message}")
    return 0


class Shown(Quiet):
    """A run that shows on a bar how far a median is."""

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar = bar

    def progress(self, stage: str, fraction: float) -> None:
        """Show it."""
        words = "Reading the frames" if stage == "read" else "Computing the median"
        self._bar.show(fraction, words)


def read_median(path: Path, bar: Bar) -> tuple[Frame, bytes]:
    """Return the median of the video at ``path``, and its FITS file."""
    video = open_ser(path)
    frame = median_of(video, run=Shown(bar))
    return frame, median_bytes(video, frame)


def median_bytes(video: SerVideo | None, frame: Frame) -> bytes:
    """Return the FITS file of a median, with what the video's header tells, if it is of a video."""
    made = Provenance(version=__version__, detector="", inpainter="")
    cards = video.header.cards() if video else None
    known = np.nan_to_num(frame.pixels)
    data, _ = plane_bytes("median", known, made, full_scale=frame.full_scale, cards=cards)
    return data
