"""``flatbridge update-flat``: a stale flat brought up to date by frames it was divided into."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np

from bridge import __version__, config
from bridge.cli.arguments import option_values
from bridge.cli.median import Shown, median_bytes
from bridge.cli.outputs import check_folder, true_planes, work, write_outputs
from bridge.cli.summary import print_summary
from bridge.cli.terminal import Bar, say
from bridge.errors import BadOption, FileTrouble, TargetRefused
from bridge.frame import Frame, Planes
from bridge.guard import check_calibrated, check_history, check_setup
from bridge.io import check_free, read_image
from bridge.io.rewrite import Recording, read_recording
from bridge.io.samples import as_frame
from bridge.io.setups import setup_of
from bridge.median import median_of_files
from bridge.numerics.apply import divide
from bridge.numerics.comparing import compare, new_boxes, sentence
from bridge.numerics.fit import fit
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.report.document import ReportJson
from bridge.store import Store

FEWEST: Final = 5
"""Frames; in fewer the stars stay."""

TRUSTED: Final = 0.2
"""Share of its depth to which a shadow must be known to be trusted."""


def run(given: argparse.Namespace) -> int:
    """Write the flat as it should be now; return 0.

    What the frames show is current dust over old dust. Freed of the old dust, which the stale flat
    itself shows best, they show current dust alone, dark on light, and that is what is looked for.

    Raises
    ------
    BridgeError
        Before anything is written.
    """
    target = given.output / f"{given.stale.stem}_updated{given.stale.suffix}"
    inputs = [given.stale, *given.frames]
    check_folder(given.output, force=given.force, inputs=inputs)
    check_free([target], force=given.force, inputs=inputs)
    if len(given.frames) < FEWEST:
        raise BadOption(f"At least {FEWEST} frames are needed, so that no star stays.")
    if given.bias is not None:
        raise BadOption("The flat and the frames of update-flat must be calibrated: no bias then.")
    options = Options.from_mapping({**option_values(given), "bias": 0.0})
    stale = read_recording(given.stale)
    _check(given.stale.name, stale, given.frames, force=given.force)
    settings = config.load()
    with Store(settings.home / "store", settings.store_bytes) as store, Bar("update") as bar:
        median = median_of_files(given.frames, normalize=True, run=Shown(bar))
        old = true_planes(work(read_image(given.stale), options, store, bar), "correction")
        _check_divided(median, old, force=given.force)
        freed = _freed(median, old)
        found = work(freed, options, store, bar)
        current = true_planes(found, "correction")
        change = current / old
        changed = divide(stale.values, change, ceiling=stale.ceiling, multiply=True)
        history = (
            f"FlatBridge {__version__}: dust brought up to date with {len(given.frames)} frames"
        )
        data = stale.encode(changed.values, digest=Frame(change).digest, history=history)
        also = [(target.name, data), ("median.fits", median_bytes(None, freed))]
        with store.hold("result", found.key):
            content = write_outputs(
                given.output, given.stale.name, freed, options, found,
                force=given.force, also=also, setup=setup_of(given.stale),
            )  # fmt: skip
    print_summary(given.stale.name, content, given.output)
    fates = compare([fit(freed.pixels, old, search=False)], old, new_boxes(current, old))
    say(f"Since the stale flat: {sentence(fates)}")
    say(_trust(content))
    say(f"Current master flat: {target}")
    return 0


def _check(name: str, stale: Recording, frames: list[Path], *, force: bool) -> None:
    """Refuse frames that do not belong to the flat, are raw, or stand after this step."""
    if stale.plane not in ("", "median", "clean_flat"):
        raise BadOption(f"{name} is a {stale.plane.replace('_', ' ')}, not a flat.")
    for path in frames:
        if not path.exists():
            raise FileTrouble(f"{path} does not exist.")
        recording = read_recording(path)
        check_shapes(path.name, recording.values.shape, stale.values.shape, to="the flat")
        if not force:
            check_history(path.name, recording)
            check_setup(path.name, recording, stale.keywords, 1)
            check_calibrated(path.name, recording)


def _check_divided(median: Frame, old: Planes, *, force: bool) -> None:
    """Refuse frames that hold the flat's own dust: it was not divided into them."""
    found = fit(median.pixels, old, search=False)
    if found.verdict == "matches" and not force:
        raise TargetRefused(
            f"The frames hold this flat's dust itself (k = {found.k:.2f} +- {found.error:.2f}): "
            "divide them by the flat first; --force goes on all the same.",
            rule="not-flattened",
        )


def _freed(median: Frame, old: Planes) -> Frame:
    """Return the median as it would be without the flat's own dust in its frames."""
    values = median.pixels * np.float32(median.full_scale) * old
    return as_frame(values, "float32", None, "The median")


def _trust(content: ReportJson) -> str:
    """Return how much of the answer can be trusted, in one sentence."""
    shadows = [one for one in content["figures"]["shadows"] if one["corrected"]]
    known = sum(one["uncertainty"] < TRUSTED * abs(one["depth"]) for one in shadows)
    left = len(content["figures"]["shadows"]) - len(shadows)
    if known == len(shadows) and not left:
        return "Every shadow is known well."
    doubtful = len(shadows) - known
    return (
        f"{known} of {len(shadows) + left} shadows are known to a fifth of their depth; "
        f"{doubtful} are uncertain, {left} were left alone. Nebulosity may look like faint dust: "
        "dither more, or give more frames, and see the report."
    )
