"""Questions that cost money: each is asked once, however many wait for the answer or walk away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from bridge.store import Store

TURN: Final = 0.1
"""Seconds between two looks at whether the work was cancelled."""


class _Flight:
    """A question on its way."""

    def __init__(self) -> None:
        self.landed = threading.Event()
        self.waiting = 1
        self.answer: bytes | None = None
        self.trouble: BaseException | None = None


class Paid:
    """Asks, keeps what comes, and lets all who ask the same share it; for any thread.

    Parameters
    ----------
    store
        Where answers are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._flights: dict[str, _Flight] = {}

    def answer(
        self,
        key: str,
        ask: Callable[[Callable[[], bool]], bytes],
        seconds: float,
        check_cancelled: Callable[[], None],
    ) -> bytes:
        """Return the answer kept under ``key``; if there is none, ask.

        Parameters
        ----------
        key
            Hexadecimal digest of the question.
        ask
            Asks the question, in a thread of its own, and returns the answer. It is given a
            function that tells whether nobody waits any longer; then it shall not begin again.
        seconds
            How long to wait.
        check_cancelled
            Called several times a second; what it raises ends the waiting, not the question.

        Raises
        ------
        TimeoutError
            If no answer came in time; one that comes later is kept.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                flight.waiting += 1
            else:
                known = self._store.answers.read(key)
                if known is not None:
                    return known
                flight = self._flights[key] = _Flight()
                threading.Thread(
                    target=self._fly, args=(key, flight, ask), name="question", daemon=True
                ).start()
        deadline = time.monotonic() + seconds
        try:
            while not flight.landed.wait(TURN):
                check_cancelled()
                if time.monotonic() > deadline:
                    raise TimeoutError
        finally:
            with self._lock:
                flight.waiting -= 1
        if flight.trouble is not None:
            raise flight.trouble
        assert flight.answer is not None
        return flight.answer

    @property
    def busy(self) -> bool:
        """Whether a question is on its way."""
        return bool(self._flights)

    def settle(self, seconds: float) -> None:
        """Wait for questions on their way, since they are paid for, but no longer than that."""
        deadline = time.monotonic() + seconds
        for flight in list(self._flights.values()):
            flight.landed.wait(max(0.0, deadline - time.monotonic()))

    def _fly(self, key: str, flight: _Flight, ask: Callable[[Callable[[], bool]], bytes]) -> None:
        try:
            answer = ask(lambda: flight.waiting == 0)
            self._store.answers.keep(key, answer, self._store.scratch())
            flight.answer = answer
        except BaseException as trouble:
            flight.trouble = trouble
        finally:
            with self._lock:
                del self._flights[key]
            flight.landed.set()
