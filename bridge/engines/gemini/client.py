"""The only module that talks to the service: one question, bounded retries, every failure named."""

from __future__ import annotations

import ipaddress
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from bridge.config import Settings
from bridge.engines.base import Run
from bridge.engines.gemini.errors import Overloaded
from bridge.engines.gemini.failures import judge
from bridge.engines.gemini.pixels import check_picture
from bridge.engines.gemini.question import Question
from bridge.engines.gemini.reply import Reply, read_reply

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""How often at most a question is asked before the service counts as overloaded."""

PAUSE: Final = 1.0
"""Seconds before the second attempt, where the service does not say; doubled for each further."""


def ask(question: Question, settings: Settings, run: Run) -> tuple[Reply, bool]:
    """Return the answer to ``question``, and whether it was asked for now, not kept from before.

    Raises
    ------
    EngineError
        Of `bridge.engines.gemini.errors`.
    Cancelled
        The answer on its way is kept when it comes.
    """
    asked: list[bool] = []

    def fly(alone: Callable[[], bool]) -> bytes:
        asked.append(True)
        return _asked(question, settings, alone).dump()

    try:
        data = run.answer(question.key(settings), fly, settings.gemini_timeout)
    except TimeoutError:
        raise _too_late(settings) from None
    return Reply.parse(data), bool(asked)


def _asked(question: Question, settings: Settings, alone: Callable[[], bool]) -> Reply:
    deadline = time.monotonic() + settings.gemini_timeout
    pause = PAUSE
    for attempt in range(1, ATTEMPTS + 1):
        left = deadline - time.monotonic()
        if left <= 0:
            raise _too_late(settings)
        try:
            body = _sent(question, settings, left)
        except Exception as trouble:
            verdict = judge(trouble, question.model, settings)
        else:
            reply = read_reply(body, drawn=question.schema is None)
            if reply.picture is not None:
                check_picture(reply.picture)
            return reply
        log.info("attempt %d: %s", attempt, verdict.error.slug)
        wait = pause if verdict.wait is None else verdict.wait
        left = deadline - time.monotonic()
        if not verdict.again or attempt == ATTEMPTS or wait > left or not _slept(wait, alone):
            raise verdict.error from None
        pause *= 2
    raise AssertionError("the last attempt returns or raises")


def _slept(seconds: float, alone: Callable[[], bool]) -> bool:
    """Sleep; return False at once if nobody waits any longer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if alone():
            return False
        time.sleep(min(0.1, max(0.0, until - time.monotonic())))
    return not alone()


def _sent(question: Question, settings: Settings, seconds: float) -> str:
    """Send the question and return the body of the answer."""
    from google import genai
    from google.genai import types

    options: dict[str, Any] = {
        "api_version": settings.gemini_api_version or None,
        "timeout": max(1, int(seconds * 1000)),
        # A redirect would carry the key to another server; a proxy has no business on this machine.
        "client_args": {
            "follow_redirects": False,
            "trust_env": not _on_this_machine(settings.gemini_base_url),
        },
    }
    if settings.gemini_base_url:
        options["base_url"] = settings.gemini_base_url
    with genai.Client(
        api_key=settings.gemini_key,
        vertexai=settings.gemini_vertexai,
        http_options=types.HttpOptions(**options),
    ) as client:
        answer = client.models.generate_content(
            model=question.model,
            contents=[
                types.Part.from_text(text=part)
                if isinstance(part, str)
                else types.Part.from_bytes(data=part, mime_type="image/png")
                for part in question.parts
            ],  # type: ignore[arg-type]
            config=_config(question),
        )
    return (answer.sdk_http_response.body if answer.sdk_http_response else None) or ""


def _config(question: Question) -> Any:
    from google.genai import types

    fields: dict[str, Any] = {
        # The raw body: what the client library makes of it differs from version to version.
        "should_return_http_response": True,
        "automatic_function_calling": types.AutomaticFunctionCallingConfig(disable=True),
    }
    if question.schema is None:
        fields["response_modalities"] = ["IMAGE"]
        fields["image_config"] = types.ImageConfig(
            aspect_ratio=question.ratio, image_size=question.size
        )
    else:
        fields["response_mime_type"] = "application/json"
        fields["response_json_schema"] = json.loads(question.schema)
    if "automatic_continuation" in types.GenerateContentConfig.model_fields:
        fields["automatic_continuation"] = False  # each continuation would be paid for
    return types.GenerateContentConfig(**fields)


def _too_late(settings: Settings) -> Overloaded:
    return Overloaded(
        f"The Gemini service did not answer within {settings.gemini_timeout:g} s "
        "(gemini.timeout). Try again later; an answer that still comes is kept."
    )


def _on_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
