"""``flatbridge apply``: frames and videos divided by a correction, in their own format."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from bridge.cli.terminal import Bar, complain, duration, plural, say
from bridge.cli.texts import check_suffix
from bridge.engines.base import Quiet
from bridge.errors import BridgeError, FileTrouble
from bridge.guard import Answer
from bridge.io import check_free, read_correction, write_file
from bridge.io.ser import is_ser
from bridge.parallel import in_order
from bridge.report import words
from bridge.report.applied import Applied, applied_page
from bridge.targets import Change, apply_to_frame, apply_to_video, asked, change_by, is_done
from bridge.videos import Counts


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
    if given.report:
        check_free([given.report], force=given.force, inputs=inputs)
        check_suffix(given.report, "a web page", (".html", ".htm"))
    change = change_by(
        read_correction(given.correction),
        bin=given.bin, offset=given.offset, multiply=given.multiply, pedestal=given.pedestal,
        depth=given.depth, force=given.force, overwrite=given.force, hdu=given.hdu,
    )  # fmt: skip
    done = [] if given.force else [s for s, t in targets.items() if is_done(t, change)]
    for source in done:
        say(f"{source.name} is done already: {targets.pop(source)}")
    check_free(targets.values(), force=given.force, inputs=inputs)
    with Bar("dust fit") as bar:
        bar.show(0, "is this dust in these images?")
        change, answer = asked([*targets], change)
    if answer:
        say(answer.words)
    told = [(source.name, False, "done already") for source in done]
    for source, outcome in _outcomes(targets, change, given.jobs):
        if isinstance(outcome, BridgeError):
            complain(outcome.detail)
            told.append((source.name, True, outcome.detail))
        else:
            counted = _counts(outcome)
            say(f"{source.name} -> {targets[source]}{counted}")
            told.append((source.name, False, f"{change.verb}{counted}"))
    failed = sum(has_failed for _, has_failed, _ in told)
    if given.report:
        write_file(given.report, _page(given, change, answer, told), force=given.force)
        say(f"Report: {given.report}")
    if failed and len(given.frames) > 1:
        complain(words.failures(failed, len(given.frames), "file"))
    return 1 if failed else 0


def _page(
    given: argparse.Namespace,
    change: Change,
    answer: Answer | None,
    told: list[tuple[str, bool, str]],
) -> bytes:
    """Return the page that tells of all this."""
    done = Applied(
        str(given.correction), change.digest, change.multiply, change.offset, change.bin,
        answer.words if answer else "", answer.verdict if answer else "", told,
    )  # fmt: skip
    return applied_page(done).encode("utf-8")


def _outcomes(
    targets: dict[Path, Path], change: Change, jobs: int
) -> Iterator[tuple[Path, Counts | BridgeError]]:
    """Yield what became of every file, in their order."""
    videos = [source for source in targets if is_ser(source)]
    frames = [source for source in targets if source not in videos]

    def one(source: Path) -> Counts | BridgeError:
        try:
            return apply_to_frame(source, targets[source], change)
        except BridgeError as trouble:
            return trouble

    began = monotonic()
    with Bar("frames") as bar:
        for number, outcome in enumerate(in_order(one, frames, workers=jobs or None)):
            yield frames[number], outcome
            bar.show((number + 1) / len(frames), _left(began, number + 1, len(frames)))
    for source in videos:
        yield source, _of_video(source, targets[source], change)


def _of_video(source: Path, target: Path, change: Change) -> Counts | BridgeError:
    try:
        with Bar(source.name) as bar:
            bar.show(0, "" if change.force else "is this dust in it?")
            return apply_to_video(source, target, change, _Shown(bar))
    except BridgeError as trouble:
        return trouble


def _left(began: float, done: int, of: int) -> str:
    left = (monotonic() - began) / done * (of - done)
    return f"{done} of {of}, {duration(left)} left"


def _plan(frames: list[Path], output: Path) -> dict[Path, Path]:
    """Return where each frame goes; refuse two of one name."""
    names: dict[str, Path] = {}
    for source in frames:
        other = names.setdefault(source.name.casefold(), source)
        if other is not source:
            raise FileTrouble(f"{other} and {source} have the same name; correct them apart.")
    return {source: output / source.name for source in frames}


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


def _counts(applied: Counts) -> str:
    parts = []
    if applied.saturated:
        parts.append(f"{plural(applied.saturated, 'saturated pixel')} left as they were")
    if applied.clipped:
        parts.append(f"{plural(applied.clipped, 'pixel')} clipped")
    return f"  ({', '.join(parts)})" if parts else ""
