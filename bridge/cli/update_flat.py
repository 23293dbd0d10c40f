"""``flatbridge update-flat``: a stale flat brought up to date by frames it was divided into."""

from __future__ import annotations

import argparse
from pathlib import Path

from bridge import __version__, config
from bridge.cli.arguments import option_values
from bridge.cli.median import Shown, median_bytes
from bridge.cli.outputs import MEDIAN, check_folder, work, write_outputs
from bridge.cli.summary import print_summary
from bridge.cli.terminal import Bar, say
from bridge.errors import BadOption
from bridge.frame import Frame, Notice
from bridge.guard import check_calibrated, check_history, check_setup
from bridge.io.rewrite import Recording, read_recording
from bridge.io.samples import Samples, frame_of
from bridge.io.setups import setup_in
from bridge.jobs.updating import check_count, updated
from bridge.median import median_of_files
from bridge.numerics.apply import divide
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.store import Store, StoredResult


def run(given: argparse.Namespace) -> int:
    """Write the flat as it should be now; return 0.

    Raises
    ------
    BridgeError
        Before anything is written.
    """
    target = given.output / f"{given.stale.stem}_updated{given.stale.suffix}"
    inputs = [given.stale, *given.frames]
    also_written = [MEDIAN, target.name]
    check_folder(given.output, force=given.force, inputs=inputs, also=also_written)
    check_count(len(given.frames))
    if given.bias is not None:
        raise BadOption("The flat and the frames of update-flat must be calibrated: no bias then.")
    options = Options.from_mapping({**option_values(given), "bias": 0.0})
    stale = read_recording(given.stale, given.hdu)
    if stale.plane not in ("", "median", "clean_flat"):
        made = stale.plane.replace("_", " ")
        raise BadOption(f"{given.stale.name} is a {made}, not a flat.")

    def read(path: Path) -> Samples:
        recording = read_recording(path, given.hdu)
        _check(path.name, recording, stale, force=given.force)
        return recording.samples

    settings = config.load()
    with Store(settings.home / "store", settings.store_bytes) as store, Bar("update") as bar:
        median = median_of_files(given.frames, normalize=True, read=read, run=Shown(bar))

        def correct(frame: Frame) -> StoredResult:
            return work(frame, options, store, bar)

        now = updated(frame_of(stale.samples, given.stale.name), median, correct, force=given.force)
        changed = divide(stale.values, now.change, ceiling=stale.ceiling, multiply=True)
        history = (
            f"FlatBridge {__version__}: dust brought up to date with {len(given.frames)} frames"
        )
        data = stale.encode(changed.values, digest=Frame(now.change).digest, history=history)
        told = Notice(
            "updated",
            f"{given.stale.name} was multiplied by what changed since it was taken, as "
            f"{len(given.frames)} frames show it. {now.fates} {now.trust}",
            len(given.frames),
        )
        also = [(target.name, data), (MEDIAN, median_bytes(None, now.freed))]
        with store.hold("result", now.found.key):
            content = write_outputs(
                given.output, given.stale.name, now.freed, options, now.found,
                force=given.force, also=also, told=[told], setup=setup_in(stale.keywords),
            )  # fmt: skip
    print_summary(MEDIAN, content, given.output)
    say(f"Current master flat: {target}")
    return 0


def _check(name: str, frame: Recording, stale: Recording, *, force: bool) -> None:
    """Refuse a frame that does not belong to the flat, is raw, or stands after this step."""
    check_shapes(name, frame.values.shape, stale.values.shape, to="the flat")
    if not force:
        check_history(name, frame)
        check_setup(name, frame, stale.keywords, 1)
        check_calibrated(name, frame)
