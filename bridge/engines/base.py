"""The two protocols every engine keeps, and the run it is given.

The promise, tested for every engine in one place: same shape, float32, finite where the flat is,
mask in [0, 1], inputs unchanged, the same answer for the same seed, a stop within one step of a
cancel, and nothing but `EngineError` and `Cancelled` raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bridge.frame import Plane, Planes
from bridge.options import Options


class Run(Protocol):
    """What an engine may ask of the work it is part of."""

    @property
    def seed(self) -> int:
        """Start value for anything random."""
        ...

    def progress(self, stage: str, fraction: float) -> None:
        """Tell how much of ``stage`` is done, 0 to 1."""
        ...

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the work is to stop."""
        ...


class Quiet:
    """A run that nobody watches and nobody cancels."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def progress(self, stage: str, fraction: float) -> None:
        """Say nothing."""

    def check_cancelled(self) -> None:
        """Go on."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """How far a detector's footprint must grow, in px, to hold the whole shadow."""

    dilate: float
    feather: float


class Detector(Protocol):
    """Finds the dust."""

    expansion: Expansion
    """What ``auto`` means for `dilate` and `feather` with this detector's masks."""

    def detect(self, flat: Planes, *, options: Options, run: Run) -> Plane:
        """Return the seed mask.

        Parameters
        ----------
        flat
            (channels, height, width) float32 in [0, 1], read-only; NaN where nothing is known.
            A Bayer mosaic arrives with its sites' levels evened out.
        options, run
            The options of this correction; progress, cancel and seed.

        Returns
        -------
        Plane
            (height, width) float32 in [0, 1], 1 = dust, finite everywhere.
        """
        ...


class Inpainter(Protocol):
    """Says what the sensor would have recorded without the dust."""

    def inpaint(self, flat: Planes, mask: Plane, *, options: Options, run: Run) -> Planes:
        """Return the engine's dust-free estimate.

        Parameters
        ----------
        flat
            (channels, height, width) float32 in [0, 1], read-only; NaN where nothing is known.
            The four sites of a Bayer mosaic arrive one by one, as gray frames of half the size.
        mask
            Soft mask, (height, width) float32 in [0, 1]; exactly 0 = clean.
        options, run
            The options of this correction; progress, cancel and seed.

        Returns
        -------
        Planes
            The shape of ``flat``, float32, finite wherever mask > 0; values on clean pixels serve
            the tone match only.
        """
        ...
