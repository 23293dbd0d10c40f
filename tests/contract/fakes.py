"""Engines that keep or break the promise, and runs that watch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.engines.base import Expansion, Quiet
from bridge.engines.local import LocalDetector, LocalInpainter
from bridge.engines.table import ENGINES, Entry
from bridge.errors import Cancelled

Answer = NDArray[np.float32]
HERE = "tests.contract.fakes"


class Watched(Quiet):
    """A run that is cancelled at check number ``patience`` and remembers what came after."""

    def __init__(self, patience: float = np.inf, seed: int = 0) -> None:
        super().__init__(seed)
        self.patience = patience
        self.checks = 0
        self.late = 0
        self.told: list[tuple[str, float]] = []

    def progress(self, stage: str, fraction: float) -> None:
        self.late += self.checks > self.patience
        self.told.append((stage, fraction))

    def check_cancelled(self) -> None:
        self.late += self.checks > self.patience
        self.checks += 1
        if self.checks > self.patience:
            raise Cancelled("The work was cancelled.")


class Seeing:
    """The local detector, its answer changed by ``change``."""

    expansion = Expansion(dilate=1.0, feather=1.0)

    def __init__(self, change: Callable[[Answer], Answer]) -> None:
        self.change = change

    def detect(self, flat, *, options, run):
        return self.change(LocalDetector().detect(flat, options=options, run=run))


class Drawing:
    """The local inpainter, its answer changed by ``change``, which also sees the mask."""

    def __init__(self, change: Callable[[Answer, Answer], Answer]) -> None:
        self.change = change

    def inpaint(self, flat, mask, *, options, run):
        return self.change(LocalInpainter().inpaint(flat, mask, options=options, run=run), mask)


def register(monkeypatch, *, detector=None, inpainter=None) -> None:
    """Put an engine named ``fake`` into the table for one test."""
    roles = {}
    for role, engine in (("detector", detector), ("inpainter", inpainter)):
        monkeypatch.setattr(f"{HERE}.{role}", engine, raising=False)
        roles[role] = None if engine is None else f"{HERE}:make_{role}"
    entry = Entry("fake", "0", **roles, sends_pixels_away=False, rerolls=False)
    monkeypatch.setitem(ENGINES, "fake", entry)


def make_detector():
    return globals()["detector"]


def make_inpainter():
    return globals()["inpainter"]
