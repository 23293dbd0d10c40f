"""``flatbridge demo``: the main job on a flat whose dust is known."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from bridge.cli.outputs import check_folder, work, write_outputs
from bridge.cli.summary import print_summary
from bridge.cli.synthetic import Made, dusty_flat
from bridge.cli.terminal import Bar, say
from bridge.io import fits_bytes
from bridge.options import Options
from bridge.report import words
from bridge.store import Store

_NAME = "demo_flat.fits"


def run(given: argparse.Namespace) -> int:
    """Make a dusty flat, correct it, and print how much of the dust is gone."""
    folder: Path | None = given.output
    if folder:
        check_folder(folder, force=given.force, inputs=[], also=[_NAME])
    options = Options(bias=0.0)
    with (
        tempfile.TemporaryDirectory(prefix="flatbridge-", ignore_cleanup_errors=True) as scratch,
        Store(Path(scratch) / "store", 10**10) as store,
    ):
        with Bar("demo") as bar:
            bar.show(0, "Making a dusty flat")
            made = dusty_flat(given.seed)
            found = work(made.frame, options, store, bar)
            correction = found.planes["correction"].read()
        before = made.dust_left(np.ones_like(correction))
        after = made.dust_left(correction)
        _tell(made, given.seed, words.headline(found.record.figures), before, after)  # type: ignore[arg-type]
        if folder:
            flat = fits_bytes(made.frame.pixels, cards={"FBFULL": made.frame.full_scale})
            content = write_outputs(
                folder,
                _NAME,
                made.frame,
                options,
                found,
                force=given.force,
                also=[(_NAME, flat)],
            )
            print_summary(_NAME, content, folder)
    return 0


def _tell(made: Made, seed: int, headline: str, before: float, after: float) -> None:
    frame = made.frame
    say(f"A made-up flat (seed {seed}): {frame.width} x {frame.height} pixels, vignetted, noisy,")
    say("with 16 out-of-focus dust shadows 1 to 15 % deep, each known exactly.")
    say()
    say(f"  {headline}.")
    say()
    scale = 40 / before if before else 0
    for label, rms in (("before", before), ("after", after)):
        say(f"  Dust {label:<6} {100 * rms:>7.3f} %  {'#' * round(rms * scale)}".rstrip())
    say()
    removed = max(0.0, 1 - after / before)
    say(f"{100 * removed:.1f} % of the dust is gone (rms over the shadows, smoothed by 2 px).")
