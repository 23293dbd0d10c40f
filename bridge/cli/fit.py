"""``flatbridge fit``: whether a correction's dust is in frames."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bridge.cli.terminal import Bar, complain, say
from bridge.errors import BridgeError
from bridge.io import Factor, read_correction
from bridge.io.rewrite import read_recording
from bridge.numerics.fit import DustFit, fit
from bridge.numerics.sizes import check_shapes
from bridge.report.fitting import fit_json, sentence


def run(given: argparse.Namespace) -> int:
    """Measure every frame; return 0, or 1 if one could not be measured.

    Raises
    ------
    BridgeError
        If the correction is no correction.
    """
    factor = read_correction(given.correction)
    rows = []
    failed = 0
    for source in given.frames:
        try:
            with Bar(source.name) as bar:
                bar.show(0, "looking for the dust")
                found = _measured(source, factor, given.hdu)
        except BridgeError as trouble:
            complain(trouble.detail)
            failed += 1
            continue
        rows.append({"file": str(source), **fit_json(found)})
        if not given.json:
            say(f"{source.name}: {sentence(found)}")
    if given.json:
        say(json.dumps(rows, indent=2, allow_nan=False))
    return 1 if failed else 0


def _measured(source: Path, factor: Factor, hdu: int | None) -> DustFit:
    recording = read_recording(source, hdu)
    check_shapes(source.name, recording.values.shape, factor.planes.shape)
    return fit(recording.values, factor.planes, ceiling=recording.ceiling)
