"""Counting what a role's calls cost and how their pictures came back."""

from __future__ import annotations

from bridge.config import Settings
from bridge.engines.base import Run
from bridge.engines.gemini import prices
from bridge.engines.gemini.client import ask
from bridge.engines.gemini.question import Question
from bridge.engines.gemini.reply import Reply


class Account:
    """Asks for one role, and says in the run's notes what came of each call.

    Parameters
    ----------
    role
        ``detector`` or ``inpainter``.
    settings, run
        Those of the work.
    """

    def __init__(self, role: str, settings: Settings, run: Run) -> None:
        self._role = role
        self._settings = settings
        self._run = run
        self._calls: list[dict[str, object]] = []

    def ask(self, question: Question) -> Reply:
        """Return the answer; raise an `EngineError` or `Cancelled`."""
        if question.schema is None:
            price = prices.of_picture(question.model, str(question.size))
        else:
            price = prices.of_words(question.model)
        reply, asked = ask(question, self._settings, self._run)
        self._calls.append({"model": reply.model or question.model, "cost": price * asked})
        self.tell()
        return reply

    def tell(self, **facts: object) -> None:
        """Add ``facts`` to the last call, and say so."""
        if self._calls:
            self._calls[-1].update(facts)
        self._run.note(self._role, {"calls": [dict(call) for call in self._calls]})
