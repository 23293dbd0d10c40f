"""The run that a job's work is given: progress out, cancel in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event
from typing import Final

from bridge.errors import Cancelled
from bridge.jobs.paid import Paid

Tell = Callable[[str, float, str], None]
"""Takes the stage, the progress of the whole, and the sentence for people."""

STAGES: Final = {
    "read": (0.00, 0.05, "Reading the image"),
    "median": (0.05, 0.94, "Taking the median of the frames"),
    "apply": (0.05, 1.00, "Cleaning the files"),
    "update": (0.05, 0.94, "Bringing the flat up to date"),
    "detect": (0.05, 0.50, "Looking for dust"),
    "expand": (0.50, 0.52, "Drawing the mask"),
    "inpaint": (0.52, 0.80, "Reconstructing the image without dust"),
    "match": (0.80, 0.84, "Matching brightness"),
    "synthesise": (0.84, 0.88, "Computing the factor"),
    "measure": (0.88, 0.94, "Measuring"),
    "write": (0.94, 1.00, "Storing the result"),
}
"""Where each stage begins and ends within the whole, and what it is called."""


class Watch:
    """A run that reports to ``tell``, stops once ``cancel`` is set, and asks through ``paid``.

    ``notes`` holds what engines said about their work, by role.
    """

    def __init__(self, seed: int, tell: Tell, cancel: Event, paid: Paid) -> None:
        self.seed = seed
        self.notes: dict[str, Mapping[str, object]] = {}
        self._paid = paid
        self._tell = tell
        self._cancel = cancel
        self._progress = 0.0

    def progress(self, stage: str, fraction: float) -> None:
        """Tell how much of ``stage`` is done, 0 to 1; the whole never goes back."""
        begin, end, words = STAGES.get(stage, (self._progress, self._progress, stage.capitalize()))
        done = begin + (end - begin) * min(max(fraction, 0.0), 1.0)
        self._progress = max(self._progress, round(done, 4))
        self._tell(stage, self._progress, words)

    def check_cancelled(self) -> None:
        """Raise `Cancelled` once someone asked for it."""
        if self._cancel.is_set():
            raise Cancelled("The work was cancelled.")

    def answer(self, key: str, ask: Callable[[Callable[[], bool]], bytes], seconds: float) -> bytes:
        """Return the answer to a question that costs money; see `Paid.answer`."""
        return self._paid.answer(key, ask, seconds, self.check_cancelled)

    def note(self, role: str, facts: Mapping[str, object]) -> None:
        """Remember what the engine in ``role`` says about its work."""
        self.notes[role] = {**self.notes.get(role, {}), **facts}
