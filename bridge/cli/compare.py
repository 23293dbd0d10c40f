"""``flatbridge compare``: what became of a flat's dust since it was taken."""

from __future__ import annotations

import argparse
import json
from math import isnan
from pathlib import Path

from bridge import config
from bridge.cli.outputs import work
from bridge.cli.terminal import Bar, say
from bridge.frame import Planes
from bridge.io import read_image
from bridge.numerics.comparing import Compared, compare, new_boxes, sentence
from bridge.numerics.fit import fit
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.store import Store


def run(given: argparse.Namespace) -> int:
    """Print the fate of each shadow and a verdict; return 0.

    Raises
    ------
    BridgeError
        If a file cannot be read, or is of another size.
    """
    settings = config.load()
    with Store(settings.home / "store", settings.store_bytes) as store:
        factor = _factor(given.flat, given.hdu, store)
        frames = [read_image(path, hdu=given.hdu) for path in given.others]
        for path, frame in zip(given.others, frames, strict=True):
            check_shapes(path.name, frame.pixels.shape, factor.shape)
        found = compare(
            [fit(frame.pixels, factor, ceiling=1.0, search=False) for frame in frames],
            factor,
            new_boxes(_factor(given.others[0], given.hdu, store), factor)
            if len(frames) == 1
            else (),
        )
    words = sentence(found)
    if given.json:
        rows = [_row(one) for one in found]
        say(json.dumps({"verdict": words, "shadows": rows}, indent=2, allow_nan=False))
        return 0
    for one in found:
        strength = "" if isnan(one.k) else f"  k = {one.k:z.2f} +- {one.error:.2f}"
        say(f"{one.fate:8} x {one.x:7.1f}  y {one.y:7.1f}  {one.diameter:4} px{strength}")
    say(words)
    return 0


def _factor(flat: Path, hdu: int | None, store: Store) -> Planes:
    with Bar(flat.name) as bar:
        frame = read_image(flat, hdu=hdu)
        found = work(frame, Options(), store, bar)
    return found.planes["correction"].read()


def _row(one: Compared) -> dict[str, object]:
    known = not isnan(one.k)
    return {
        "x": one.x,
        "y": one.y,
        "diameter": one.diameter,
        "fate": one.fate,
        "k": round(one.k, 4) if known else None,
        "k_error": round(one.error, 4) if known else None,
    }
