"""``flatbridge apply``: frames divided by a correction, in their own format."""

from __future__ import annotations

import argparse
from pathlib import Path

from bridge import __version__
from bridge.cli.terminal import Bar, complain, plural, say
from bridge.errors import BridgeError, FileTrouble, UnsupportedFrame
from bridge.io import Factor, check_free, read_correction, write_file
from bridge.io.rewrite import Recording, read_recording
from bridge.numerics.apply import Applied, divide


def run(given: argparse.Namespace) -> int:
    """Correct every frame; return 0, or 1 if one failed.

    Raises
    ------
    BridgeError
        If the correction is no correction, or a file is in the way, before any frame is read.
    """
    targets = _plan(given.frames, given.output)
    inputs = [given.correction, *given.frames]
    check_free(targets.values(), force=given.force, inputs=inputs)
    factor = read_correction(given.correction)
    digest = factor.digest
    failed = 0
    for done, (source, target) in enumerate(targets.items()):
        try:
            with Bar(source.name) as bar:
                bar.show(done / len(targets), f"{done + 1} of {len(targets)}")
                applied = _apply(source, target, factor, digest, force=given.force)
        except BridgeError as trouble:
            complain(trouble.detail)
            failed += 1
            continue
        say(f"{source.name} -> {target}{_counts(applied)}")
    if failed and len(targets) > 1:
        complain(f"{failed} of {len(targets)} frames failed; the others are done.")
    return 1 if failed else 0


def _plan(frames: list[Path], output: Path) -> dict[Path, Path]:
    """Return where each frame goes; refuse two of one name."""
    names: dict[str, Path] = {}
    for source in frames:
        other = names.setdefault(source.name.casefold(), source)
        if other is not source:
            raise FileTrouble(f"{other} and {source} have the same name; correct them apart.")
    return {source: output / source.name for source in frames}


def _apply(source: Path, target: Path, factor: Factor, digest: str, *, force: bool) -> Applied:
    recording = read_recording(source)
    _check(source.name, recording, factor, digest)
    applied = divide(recording.values, factor.planes, ceiling=recording.ceiling)
    history = f"FlatBridge {__version__}: divided by the dust factor {digest[:16]}"
    data = recording.encode(applied.values, digest=digest, history=history)
    write_file(target, data, force=force)
    return applied


def _check(name: str, recording: Recording, factor: Factor, digest: str) -> None:
    if digest in recording.stamps:
        raise UnsupportedFrame(f"{name} has been divided by this correction already.")
    if recording.plane not in ("", "median"):
        made = recording.plane.replace("_", " ")
        raise UnsupportedFrame(
            f"{name} is a {made} that FlatBridge made, not an image with dust in it."
        )
    frame, fit = recording.values.shape, factor.planes.shape
    if frame != fit:
        raise UnsupportedFrame(
            f"{name} is {_described(frame)}, the correction {_described(fit)}; it fits only frames "
            "of its own size and number of colors."
        )


def _described(shape: tuple[int, ...]) -> str:
    channels, height, width = shape
    return f"{width} x {height} {'RGB' if channels == 3 else 'gray'}"


def _counts(applied: Applied) -> str:
    parts = []
    if applied.saturated:
        parts.append(f"{plural(applied.saturated, 'saturated pixel')} left as they were")
    if applied.clipped:
        parts.append(f"{plural(applied.clipped, 'pixel')} clipped")
    return f"  ({', '.join(parts)})" if parts else ""
