"""A job at one moment, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.store.facts import Json

State = Literal["queued", "running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Job:
    """One request for work, as it stands.

    Parameters
    ----------
    id, number
        Its name, and its place in the order of asking.
    key
        Under which the store keeps its result.
    frame, mask
        Ids of the images it works on; None where there is none.
    options
        As `Options.to_json` gives them.
    created
        Seconds since the epoch.
    stage, progress, message
        What is being done, 0 to 1 of the whole, and the sentence for people.
    problem
        Why a failed job failed: a problem document.
    """

    id: str
    number: int
    operation: str
    key: str
    frame: str | None
    mask: str | None
    options: Json
    created: float
    state: State = "queued"
    stage: str = ""
    progress: float = 0.0
    message: str = "Waiting"
    problem: Json | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing about it changes any more."""
        return self.state in ("succeeded", "failed", "cancelled")
