"""Several pieces of work as one: each is a run of its own that counts as one step of the whole."""

from __future__ import annotations

from bridge.engines.base import Quiet, Run
from bridge.jobs.watch import STAGES


class Part(Quiet):
    """The run of one of several equal pieces, told to the whole as so much of its stage.

    What it costs is not asked for here, as no paid engine takes part.
    """

    def __init__(self, whole: Run, number: int, of: int) -> None:
        super().__init__(whole.seed)
        self._whole, self._number, self._of = whole, number, of

    def progress(self, stage: str, fraction: float) -> None:
        """Tell how far all of them are."""
        self._whole.progress(stage, (self._number + fraction) / self._of)

    def check_cancelled(self) -> None:
        """Stop if the whole is stopped."""
        self._whole.check_cancelled()


class Steps:
    """The steps of a run, each of which goes through stages of its own.

    Parameters
    ----------
    whole
        Is told of the stage ``update``, and says when to stop.
    count
        How many steps there are.
    """

    def __init__(self, whole: Run, count: int) -> None:
        self._whole = whole
        self._count = count
        self._begun = 0

    def next(self) -> Run:
        """Return the run of the next step."""
        self._begun += 1
        return _Step(self._whole, self._begun - 1, self._count)


class _Step(Part):
    def progress(self, stage: str, fraction: float) -> None:
        begin, end, _ = STAGES.get(stage, (0.0, 0.0, ""))
        super().progress("update", begin + (end - begin) * fraction)
