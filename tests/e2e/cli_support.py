"""Calling the command line inside the test's own process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from bridge.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class FlatBridge:
    """The command, with a state folder of its own."""

    def __init__(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self._capsys = capsys
        monkeypatch.setenv("FLATBRIDGE_HOME", str(home))

    def __call__(self, *arguments: object) -> Outcome:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def refuses(self, *arguments: object) -> str:
        """Return the one line that a failing call says."""
        done = self(*arguments)
        assert done.code == 1
        assert done.out == ""
        assert done.err.startswith("flatbridge: ")
        assert done.err.count("\n") == 1
        assert done.err.endswith(".\n")
        return done.err.removeprefix("flatbridge: ").strip()


def dust(shape: tuple[int, int] = (150, 200), x: float = 70, y: float = 60) -> np.ndarray:
    """Return the factor of a donut 20 % deep, (1, height, width) float32; 1 beyond 22 px."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    distance = np.hypot(columns - x, rows - y)
    donut = 1 - 0.2 / (1 + np.exp(distance - 12)) * (1 - 1 / (1 + np.exp(distance - 4)))
    return np.where(distance < 22, donut, 1).astype(np.float32)[None]


def dusty(
    shape: tuple[int, int] = (150, 200), *, with_dust: bool = True, seed: int = 0
) -> np.ndarray:
    """Return a 16-bit flat with one donut 20 % deep at x 70, y 60."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    light = 30000 * (1 - 0.1 * ((x / shape[1] - 0.5) ** 2 + (y / shape[0] - 0.5) ** 2))
    if with_dust:
        light *= dust(shape)[0]
    return np.rint(light * (1 + 0.001 * rng.standard_normal(shape))).astype(np.uint16)


def write(path: Path, array: np.ndarray, **cards: object) -> Path:
    """Write a FITS file and return its path."""
    hdu = fits.PrimaryHDU(array)
    hdu.header.update(cards)
    path.parent.mkdir(parents=True, exist_ok=True)
    hdu.writeto(path)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file beneath a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
    }
