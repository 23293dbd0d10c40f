"""``flatbridge apply``: frames and videos divided by a correction, in their own format."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from bridge import __version__
from bridge.cli.terminal import Bar, complain, duration, plural, say
from bridge.engines.base import Quiet
from bridge.errors import BadOption, BridgeError, FileTrouble, TargetRefused, UnsupportedFrame
from bridge.frame import Planes
from bridge.guard import check_dust, check_history, check_mosaic, check_setup, check_video
from bridge.io import check_free, read_correction, write_file
from bridge.io.cards import Value
from bridge.io.pedestals import Pedestal, constant, parse_pedestal
from bridge.io.rewrite import Recording, read_recording
from bridge.io.ser import is_ser
from bridge.numerics.apply import divide
from bridge.numerics.binning import averaged
from bridge.numerics.offsets import moved
from bridge.numerics.sizes import check_shapes
from bridge.parallel import in_order
from bridge.videos import Counts, divide_file, is_divided


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done with every file."""

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


def run(given: argparse.Namespace) -> int:
    """Correct every frame and video; return 0, or 1 if one failed.

    Raises
    ------
    BridgeError
        If the correction is no correction, or a file is in the way, before any frame is read.
    """
    targets = _plan(given.frames, given.output)
    inputs = [given.correction, *given.frames]
    check_free(targets.values(), force=True, inputs=inputs)
    factor = read_correction(given.correction)
    planes = averaged(moved(factor.planes, given.offset), given.bin)
    work = Work(
        planes, factor.cards, given.bin, given.offset, factor.digest, given.multiply,
        parse_pedestal(given.pedestal), constant(given.pedestal), "", given.depth, given.force,
    )  # fmt: skip
    done = [] if given.force else [s for s, t in targets.items() if _is_done(t, work)]
    for source in done:
        say(f"{source.name} is done already: {targets.pop(source)}")
    check_free(targets.values(), force=given.force, inputs=inputs)
    work = _asked(targets, work)
    failed = 0
    for source, outcome in _outcomes(targets, work, given.jobs):
        if isinstance(outcome, BridgeError):
            complain(outcome.detail)
            failed += 1
        else:
            say(f"{source.name} -> {targets[source]}{_counts(outcome)}")
    if failed and len(given.frames) > 1:
        complain(f"{failed} of {len(given.frames)} files failed; the others are done.")
    return 1 if failed else 0


def _asked(targets: dict[Path, Path], work: Work) -> Work:
    """Return the work with what the dust fit said; `TargetRefused` if it speaks against it."""
    frames = [source for source in targets if not is_ser(source)]
    with Bar("dust fit") as bar:
        bar.show(0, "is this dust in these images?")
        try:
            answer = check_dust(
                frames, work.factor,
                multiply=work.multiply, pedestal=work.pedestal, stamps=(work.stamp, work.undone),
            )  # fmt: skip
        except TargetRefused as refusal:
            if not work.force:
                raise
            say(f"Forced: {refusal.detail}")
            return work
    if answer is None:
        return work
    say(answer.words)
    return replace(work, measured=f", {answer.history}")


def _outcomes(
    targets: dict[Path, Path], work: Work, jobs: int
) -> Iterator[tuple[Path, Counts | BridgeError]]:
    """Yield what became of every file, in their order."""
    videos = [source for source in targets if is_ser(source)]
    frames = [source for source in targets if source not in videos]

    def one(source: Path) -> Counts | BridgeError:
        try:
            return _apply(source, targets[source], work)
        except BridgeError as trouble:
            return trouble

    began = monotonic()
    with Bar("frames") as bar:
        for number, outcome in enumerate(in_order(one, frames, workers=jobs or None)):
            yield frames[number], outcome
            bar.show((number + 1) / len(frames), _left(began, number + 1, len(frames)))
    for source in videos:
        try:
            yield source, _apply_to_video(source, targets[source], work)
        except BridgeError as trouble:
            yield source, trouble


def _left(began: float, done: int, of: int) -> str:
    left = (monotonic() - began) / done * (of - done)
    return f"{done} of {of}, {duration(left)} left"


def _is_done(target: Path, work: Work) -> bool:
    """Tell whether an earlier run wrote this very file."""
    if is_ser(target):
        return is_divided(target, work.digest, multiply=work.multiply)
    try:
        return target.is_file() and read_recording(target).stamps[-1:] == (work.stamp,)
    except BridgeError:
        return False


def _plan(frames: list[Path], output: Path) -> dict[Path, Path]:
    """Return where each frame goes; refuse two of one name."""
    names: dict[str, Path] = {}
    for source in frames:
        other = names.setdefault(source.name.casefold(), source)
        if other is not source:
            raise FileTrouble(f"{other} and {source} have the same name; correct them apart.")
    return {source: output / source.name for source in frames}


def _apply(source: Path, target: Path, work: Work) -> Counts:
    recording = read_recording(source)
    _check(source.name, recording, work)
    applied = divide(
        recording.values, work.factor,
        ceiling=recording.ceiling, multiply=work.multiply,
        pedestal=work.pedestal(source.name, recording),
    )  # fmt: skip
    did = f"{work.verb} by the dust factor {work.digest[:16]}{work.measured}"
    history = f"FlatBridge {__version__}: {did}"
    data = recording.encode(applied.values, digest=work.stamp, history=history)
    write_file(target, data, force=work.force)
    return Counts(applied.saturated, applied.clipped)


class _Shown(Quiet):
    """A run that shows on a bar how far a video is."""

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self._bar, self._began = bar, monotonic()

    def progress(self, stage: str, fraction: float) -> None:
        """Show it."""
        del stage
        left = (monotonic() - self._began) * (1 / max(fraction, 1e-3) - 1)
        self._bar.show(fraction, f"{duration(left)} left")


def _apply_to_video(source: Path, target: Path, work: Work) -> Counts:
    with Bar(source.name) as bar:
        if not work.force:
            bar.show(0, "is this dust in it?")
            check_video(
                source, work.factor,
                digest=work.digest, multiply=work.multiply, pedestal=_constant(source.name, work),
            )  # fmt: skip
        return divide_file(
            source, work.factor, target,
            digest=work.digest, depth=work.depth, multiply=work.multiply,
            pedestal=_constant(source.name, work), force=work.force, run=_Shown(bar),
        )  # fmt: skip


def _constant(name: str, work: Work) -> float:
    """Return the pedestal of a video: the number given, or 0."""
    if work.constant is None:
        raise BadOption(f"{name} is a video: its pedestal must be a number.")
    return work.constant


def _check(name: str, recording: Recording, work: Work) -> None:
    if recording.stamps.count(work.stamp) > recording.stamps.count(work.undone):
        raise UnsupportedFrame(f"{name} has been {work.verb} by this correction already.")
    if recording.plane not in ("", "median"):
        made = recording.plane.replace("_", " ")
        raise UnsupportedFrame(
            f"{name} is a {made} that FlatBridge made, not an image with dust in it."
        )
    check_shapes(name, recording.values.shape, work.factor.shape)
    if not work.force and work.undone not in recording.stamps:
        check_history(name, recording)
        check_setup(name, recording, work.setup, work.bin)
        check_mosaic(name, recording, work.offset)


def _counts(applied: Counts) -> str:
    parts = []
    if applied.saturated:
        parts.append(f"{plural(applied.saturated, 'saturated pixel')} left as they were")
    if applied.clipped:
        parts.append(f"{plural(applied.clipped, 'pixel')} clipped")
    return f"  ({', '.join(parts)})" if parts else ""
