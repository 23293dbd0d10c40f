"""Frames and videos changed by a correction: asked whether it belongs to them, divided, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge import __version__
from bridge.engines.base import Run
from bridge.errors import BadOption, BridgeError, TargetRefused, UnsupportedFrame
from bridge.frame import Planes
from bridge.guard import Answer, check_dust, check_history, check_mosaic, check_setup, check_video
from bridge.io import write_file
from bridge.io.cards import Value
from bridge.io.factor import Factor
from bridge.io.pedestals import Pedestal, constant, parse_pedestal
from bridge.io.rewrite import Recording, read_recording
from bridge.io.ser import is_ser
from bridge.numerics.apply import divide
from bridge.numerics.binning import averaged
from bridge.numerics.offsets import moved
from bridge.numerics.sizes import check_shapes
from bridge.videos import Counts, divide_file, is_divided


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done with every file.

    Parameters
    ----------
    factor
        The true factor, moved and averaged to where it will be applied.
    setup
        Keywords of the correction, among them those of the flat.
    bin, offset
        What was done to the factor.
    digest
        Of the correction.
    multiply
        Whether the factor is multiplied in, which undoes a division.
    pedestal, constant
        What of a frame is not light; of a video, None if it is no number.
    measured
        What the dust fit said, for HISTORY.
    depth
        As for `divide_file`.
    force
        Whether images are changed that the correction does not seem to fit.
    overwrite
        Whether files that exist are replaced.
    hdu
        Which unit of FITS files with several images.
    sure
        Whether what is too faint to tell is left alone.
    """

    factor: Planes
    setup: Mapping[str, Value]
    bin: int
    offset: tuple[int, int]
    digest: str
    multiply: bool
    pedestal: Pedestal
    constant: float | None
    measured: str
    depth: int | None
    force: bool
    overwrite: bool
    hdu: int | None
    sure: bool

    @property
    def stamp(self) -> str:
        """What a changed file carries, so that the same is not done to it again."""
        return f"x{self.digest}" if self.multiply else self.digest

    @property
    def undone(self) -> str:
        """The stamp that this takes back."""
        return self.digest if self.multiply else f"x{self.digest}"

    @property
    def verb(self) -> str:
        """What happens to the values."""
        return "multiplied" if self.multiply else "divided"


def change_by(
    factor: Factor,
    *,
    setup: Mapping[str, Value] | None = None,
    bin: int = 1,
    offset: tuple[int, int] = (0, 0),
    multiply: bool = False,
    pedestal: str = "auto",
    depth: int | None = None,
    force: bool = False,
    overwrite: bool = False,
    hdu: int | None = None,
    sure: bool = False,
) -> Change:
    """Return what a correction does to files; see `Change`.

    Parameters
    ----------
    factor
        The correction.
    setup
        With what its flat was taken, beside what the correction itself tells.
    pedestal
        As `parse_pedestal` takes it.

    Raises
    ------
    BadOption, FileTrouble, UnreadableImage, UnsupportedFrame
        For the pedestal.
    """
    planes = averaged(moved(factor.planes, offset), bin)
    return Change(
        planes, {**(setup or {}), **factor.cards}, bin, offset, factor.digest, multiply,
        parse_pedestal(pedestal), constant(pedestal), "", depth, force, overwrite, hdu, sure,
    )  # fmt: skip


def is_done(target: Path, change: Change) -> bool:
    """Tell whether an earlier run wrote this very file."""
    if is_ser(target):
        return is_divided(target, change.digest, multiply=change.multiply)
    try:
        return target.is_file() and read_recording(target, change.hdu).stamps[-1:] == (
            change.stamp,
        )
    except BridgeError:
        return False


def asked(sources: Sequence[Path], change: Change) -> tuple[Change, Answer | None]:
    """Measure whether the dust is in these images, if any are; videos are asked one by one.

    Returns
    -------
    change, answer
        The change with what was measured, and what to tell of it; None if nothing was measured.

    Raises
    ------
    TargetRefused
        If that speaks against it, unless forced.
    """
    frames = [source for source in sources if not is_ser(source)]
    try:
        answer = check_dust(
            frames, change.factor,
            multiply=change.multiply, pedestal=change.pedestal,
            stamps=(change.stamp, change.undone), hdu=change.hdu, sure=change.sure,
        )  # fmt: skip
    except TargetRefused as refusal:
        if not change.force:
            raise
        return change, Answer(f"Forced: {refusal.detail}")
    if answer is None:
        return change, None
    return replace(change, measured=f", {answer.history}"), answer


def apply_to_frame(source: Path, target: Path, change: Change) -> Counts:
    """Write the image in ``source``, changed, to ``target``, in its own format.

    Raises
    ------
    TargetRefused
        If what it tells of itself speaks against it, unless forced.
    UnsupportedFrame
        If the same was done to it before, or it is of another size or number of colors.
    FileTrouble, UnreadableImage
    """
    recording = read_recording(source, change.hdu)
    _check(source.name, recording, change)
    applied = divide(
        recording.values, change.factor,
        ceiling=recording.ceiling, multiply=change.multiply,
        pedestal=change.pedestal(source.name, recording),
    )  # fmt: skip
    dx, dy = change.offset
    moved = f" moved by {dx},{dy} px" if (dx, dy) != (0, 0) else ""
    did = f"{change.verb} by the dust factor {change.digest[:16]}{moved}{change.measured}"
    history = f"FlatBridge {__version__}: {did}"
    data = recording.encode(applied.values, digest=change.stamp, history=history)
    write_file(target, data, force=change.overwrite)
    return Counts(applied.saturated, applied.clipped)


def apply_to_video(source: Path, target: Path, change: Change, run: Run) -> Counts:
    """Write the video in ``source``, changed, to ``target``.

    Raises
    ------
    BadOption
        If the pedestal is no number; also as `divide_file`.
    TargetRefused, UnsupportedFrame, FileTrouble, UnreadableImage, Cancelled
        As `check_video` and `divide_file`.
    """
    pedestal = change.constant
    if pedestal is None:
        raise BadOption(f"{source.name} is a video: its pedestal must be a number.")
    if not change.force:
        check_video(
            source, change.factor,
            digest=change.digest, multiply=change.multiply, pedestal=pedestal,
            sure=change.sure,
        )  # fmt: skip
    return divide_file(
        source, change.factor, target,
        digest=change.digest, depth=change.depth, multiply=change.multiply,
        pedestal=pedestal, force=change.overwrite, run=run,
    )  # fmt: skip


def _check(name: str, recording: Recording, change: Change) -> None:
    if recording.stamps.count(change.stamp) > recording.stamps.count(change.undone):
        raise UnsupportedFrame(f"{name} has been {change.verb} by this correction already.")
    if recording.plane not in ("", "median"):
        made = recording.plane.replace("_", " ")
        raise UnsupportedFrame(
            f"{name} is a {made} that FlatBridge made, not an image with dust in it."
        )
    check_shapes(name, recording.values.shape, change.factor.shape)
    if not change.force and change.undone not in recording.stamps:
        check_history(name, recording)
        check_setup(name, recording, change.setup, change.bin)
        check_mosaic(name, recording, change.offset)
