"""The two protocols every engine keeps, and the run it is given.

The promise, tested for every engine in one place: same shape, float32, finite where the flat is,
mask in [0, 1], inputs unchanged, the same answer for the same seed, a stop within one step of a
cancel, and nothing but `EngineError` and `Cancelled` raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    @property
    def notes(self) -> Mapping[str, Mapping[str, object]]:
        """What engines said about their work, by role; see `note`."""
        ...

    def progress(self, stage: str, fraction: float) -> None:
        """Tell how much of ``stage`` is done, 0 to 1."""
        ...

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the work is to stop."""
        ...

    def answer(self, key: str, ask: Callable[[Callable[[], bool]], bytes], seconds: float) -> bytes:
        """Return the answer to a question that costs money, asked only if it is not known.

        Parameters
        ----------
        key
            SHA-256 of the question, hexadecimal.
        ask
            Asks it; given a function that tells whether nobody waits any longer.
        seconds
            How long to wait.

        Raises
        ------
        TimeoutError
            If no answer came in time.
        Cancelled
            If the work is to stop; the answer is kept when it comes.
        """
        ...

    def note(self, role: str, facts: Mapping[str, object]) -> None:
        """Say something about the work done in ``role``, JSON-ready, for the report."""
        ...


class Quiet:
    """A run that nobody watches and nobody cancels, and that keeps no answers."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.notes: dict[str, Mapping[str, object]] = {}

    def progress(self, stage: str, fraction: float) -> None:
        """Say nothing."""

    def check_cancelled(self) -> None:
        """Go on."""

    def answer(self, key: str, ask: Callable[[Callable[[], bool]], bytes], seconds: float) -> bytes:
        """Ask, and wait."""
        del key, seconds
        return ask(lambda: False)

    def note(self, role: str, facts: Mapping[str, object]) -> None:
        """Remember the newest facts of each kind."""
        self.notes[role] = {**self.notes.get(role, {}), **facts}


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
