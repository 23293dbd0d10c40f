"""What came back, read with suspicion."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.engines.gemini.errors import Blocked, EmptyAnswer, Garbage, NoPicture

BLOCKED: Final = {
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
}  # fmt: skip
"""Reasons of the service to end an answer that mean a filter."""

SIGNATURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
"""How files of pictures begin, whatever type they are declared to be."""

QUOTED = 200
"""Letters of the model's words that are shown."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The useful part of an answer: a picture's file or None, words, and where they are from."""

    picture: bytes | None
    words: str
    model: str
    response: str

    def dump(self) -> bytes:
        """Return the reply as it is kept."""
        picture = None if self.picture is None else base64.b64encode(self.picture).decode()
        kept = {"picture": picture, "words": self.words, "model": self.model}
        return json.dumps({**kept, "response": self.response}).encode()

    @classmethod
    def parse(cls, data: bytes) -> Reply:
        """Return what `dump` gave."""
        kept = json.loads(data)
        picture = None if kept["picture"] is None else base64.b64decode(kept["picture"])
        return cls(picture, kept["words"], kept["model"], kept["response"])


def read_reply(body: str, *, drawn: bool) -> Reply:
    """Return the useful part of the body of a generateContent answer.

    Of several pictures the last that is no thought counts (interim drafts come first).

    Parameters
    ----------
    body
        JSON text.
    drawn
        Whether a picture is wanted, not words.

    Raises
    ------
    Blocked, EmptyAnswer, NoPicture, Garbage
    """
    content = _json(body)
    candidates = content.get("candidates")
    first = candidates[0] if isinstance(candidates, list) and candidates else None
    if not isinstance(first, dict):
        feedback = _mapping(content, "promptFeedback")
        reason = feedback.get("blockReason")
        if reason:
            raise Blocked(f"The service did not let the question pass ({reason}). {WHAT_NOW}")
        raise EmptyAnswer(f"The service answered without an answer. {WHAT_NOW}")
    reason = str(first.get("finishReason") or "")
    listed = _mapping(first, "content").get("parts")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    said = [part for part in parts if not part.get("thought")]
    words = "".join(part["text"] for part in said if isinstance(part.get("text"), str)).strip()
    model, response = (str(content.get(name) or "") for name in ("modelVersion", "responseId"))
    pictures = list(_pictures(said)) if drawn else []
    if pictures or (words and not drawn):
        return Reply(pictures[-1] if pictures else None, words, model, response)
    told = f" ({first['finishMessage']})" if first.get("finishMessage") else ""
    if reason in BLOCKED:
        raise Blocked(f"The service held the answer back: {reason}{told}. {WHAT_NOW}")
    if words or reason in ("NO_IMAGE", "IMAGE_OTHER") or any("fileData" in part for part in said):
        says = f'it says "{words[:QUOTED]}"' if words else f"the reason given is {reason}{told}"
        raise NoPicture(f"The model {model} sent no picture; {says}. {WHAT_NOW}")
    why = f": {reason}{told}" if reason else ""
    raise EmptyAnswer(f"The model {model} sent nothing{why}. {WHAT_NOW}")


WHAT_NOW: Final = "Ask again with another seed, or choose the offline engine."


def _pictures(parts: list[dict[str, Any]]) -> Iterator[bytes]:
    for part in parts:
        inline = part.get("inlineData", part.get("inline_data"))
        if not isinstance(inline, dict):
            continue
        text = inline.get("data")
        if not isinstance(text, str) or not text:
            continue
        data = _decoded(text)
        if not data.startswith(SIGNATURES):
            raise Garbage(f"The answer's picture is in no known format. {WHAT_NOW}")
        yield data


def _decoded(text: str) -> bytes:
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Garbage(f"The answer's picture is damaged. {WHAT_NOW}") from None


def _json(body: str) -> Mapping[str, Any]:
    if not body.strip():
        raise EmptyAnswer(f"The service answered with nothing at all. {WHAT_NOW}")
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Garbage("The answer is not from the Gemini service; is a proxy between, or is "
                      "gemini.base_url wrong?")  # fmt: skip
    return content


def _mapping(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}
