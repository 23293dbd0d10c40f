"""What a failed call means, and whether to try again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.config import Settings
from bridge.engines.gemini.errors import (
    BadKey,
    EmptyAnswer,
    Garbage,
    ModelGone,
    Overloaded,
    QuotaUsedUp,
    RequestRefused,
)
from bridge.engines.gemini.prices import IMAGES, WORDS
from bridge.errors import EngineError

PASSING: Final = {408, 500, 502, 503, 504}
"""Status codes that may be gone in a moment."""

PATIENCE: Final = 60.0
"""Seconds at most that are waited for a quota of the minute."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A failure as the user is told, whether to try again, and after how many seconds.

    ``wait`` is None where the service does not say.
    """

    error: EngineError
    again: bool = False
    wait: float | None = None


def judge(trouble: Exception, model: str, settings: Settings) -> Verdict:
    """Return what an exception of the client library means; others than its own pass through."""
    from google.genai import errors

    def quoted(text: object) -> str:
        plain = " ".join(str(text or "").split())
        return (plain.replace(settings.gemini_key, "***") if settings.gemini_key else plain)[:300]

    if isinstance(trouble, errors.APIError):
        return _by_status(trouble, model, quoted)
    name = type(trouble).__name__
    if type(trouble).__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "httpcore2"):
        if name == "ReadTimeout":  # it may be at it still, and would be paid twice
            return Verdict(Overloaded("The Gemini service took too long. Try again later."))
        error = Overloaded(f"The Gemini service cannot be reached ({name}). Is there a network?")
        return Verdict(error, again=True)
    if isinstance(trouble, ValueError | TypeError):  # what its parsing raises, by version
        return Verdict(Garbage("The answer of the Gemini service cannot be read. Try again later."))
    raise trouble


def _by_status(trouble: Any, model: str, quoted: Any) -> Verdict:
    code, message = int(trouble.code or 0), quoted(trouble.message)
    details = list(_details(trouble.details))
    reasons = {str(part.get("reason")) for part in details}
    if code in (401, 403) or (code == 400 and "API_KEY_INVALID" in reasons):
        says = "not valid" if code == 400 else "not allowed to do this"
        return Verdict(
            BadKey(f"The Gemini key is {says} ({message}). Correct gemini.key or GEMINI_API_KEY.")
        )
    if code == 404:
        known = ", ".join([*IMAGES, *WORDS])
        return Verdict(
            ModelGone(
                f"The service has no model {model}. Set gemini.image_model or gemini.vision_model "
                f"to one that it has; known to work are {known}."
            )
        )
    if code == 429:
        return _quota(str(trouble.details), message, details)
    if code in PASSING:
        error = Overloaded(f"The Gemini service is overloaded or failed ({code}). Try again later.")
        return Verdict(error, again=True)
    if code == 204 or (200 <= code < 300):
        return Verdict(EmptyAnswer("The Gemini service answered with nothing. Try again later."))
    if 300 <= code < 400:
        return Verdict(
            RequestRefused(
                "The Gemini service points to another address, which is not followed, since the "
                "key would go there; is gemini.base_url right?"
            )
        )
    return Verdict(RequestRefused(f"The Gemini service refused the request: {message}"))


def _quota(whole: str, message: str, details: list[Mapping[str, Any]]) -> Verdict:
    waits = [seconds for part in details if (seconds := _seconds(part.get("retryDelay"))) >= 0]
    wait = max(waits, default=None)
    if re.search(r"limit: 0\b", whole):
        return Verdict(
            QuotaUsedUp(
                "This key has no quota for this model: image models have no free tier. "
                "Turn on billing for the key's project."
            )
        )
    members: dict[str, object] = {} if wait is None else {"retry_after_ms": int(wait * 1000)}
    when = "later" if wait is None else f"in {_told(wait)}"
    if "PerDay" in whole:
        text = f"The day's quota of the Gemini key is used up; it resets {when}."
        if wait is None:
            text = "The day's quota of the Gemini key is used up; it resets at midnight Pacific."
        return Verdict(QuotaUsedUp(text, **members))
    error = QuotaUsedUp(f"The Gemini key asks too often ({message}). Try again {when}.", **members)
    return Verdict(error, again=wait is None or wait <= PATIENCE, wait=wait)


def _told(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _details(body: object) -> Iterator[Mapping[str, Any]]:
    error = body.get("error") if isinstance(body, dict) else None
    listed = error.get("details") if isinstance(error, dict) else None
    if isinstance(listed, list):
        yield from (part for part in listed if isinstance(part, dict))


def _seconds(text: object) -> float:
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]+)?)s", str(text))
    return float(found[1]) if found else -1.0
