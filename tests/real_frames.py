"""Whole real frames, and what the command makes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from astropy.io import fits
from numpy.typing import NDArray
from PIL import Image

from tests.shared_data import shared

ROOT = Path(__file__).parents[1]

Pixels = NDArray[np.uint16]


def real(name: str) -> Pixels:
    """Return a whole real frame with 16 bits."""
    if name == "brightfield":
        return tifffile.imread(shared("brightfield", "Timelapse_brightfield_median.tiff"))
    with Image.open(shared("solar-median", "median_flatfield.jpg")) as picture:
        return np.asarray(picture.convert("L"), np.uint16) * np.uint16(257)


@dataclass(frozen=True)
class Made:
    """What a door made of a flat: planes by name, with their true values."""

    planes: Mapping[str, NDArray[np.float32]]

    @classmethod
    def of(cls, files: Mapping[str, Path]) -> Made:
        planes = {}
        for name, path in files.items():
            with fits.open(path) as file:
                pixels = file[0].data.astype(np.float32)
                planes[name] = pixels * np.float32(file[0].header.get("FBSCALE", 1))
        return cls(planes)

    @classmethod
    def within(cls, folder: Path) -> Made:
        return cls.of({path.stem: path for path in folder.glob("*.fits")})

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return self.planes[name]


def by_command(source: Path, out: Path, *more: object) -> Made:
    subprocess.run(
        [sys.executable, "-m", "bridge", "correct", source, "-o", out, *map(str, more)],
        cwd=ROOT, env={**os.environ, "FLATBRIDGE_HOME": str(out.parent / "command")},
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return Made.within(out)


def whole(name: str, folder: Path) -> None:
    """Let the command correct a whole real frame from a TIFF file, into ``folder / "out"``."""
    tifffile.imwrite(folder / "flat.tiff", real(name))
    by_command(folder / "flat.tiff", folder / "out")
