"""A question to a model, as a value, and the key under which its answer is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bridge.config import Settings


@dataclass(frozen=True, slots=True)
class Question:
    """What one call asks.

    Parameters
    ----------
    model
        The model's id.
    parts
        Words, and pictures as the bytes of PNG files, in order.
    ratio, size
        Of the picture to be drawn, such as ``3:2`` and ``2K``; None if words are wanted.
    schema
        JSON schema of the words that are wanted; None if a picture is.
    roll
        Number of the throw: another number asks again, though nothing else differs.
    """

    model: str
    parts: tuple[str | bytes, ...]
    ratio: str | None = None
    size: str | None = None
    schema: str | None = None
    roll: int = 0

    def key(self, settings: Settings) -> str:
        """Return the SHA-256 of all that the answer depends on, hexadecimal."""
        whole = hashlib.sha256()
        address = settings.gemini_base_url, settings.gemini_api_version, settings.gemini_vertexai
        rest = [self.model, self.ratio, self.size, self.schema, self.roll, *address]
        whole.update(json.dumps(rest).encode())
        for part in self.parts:
            data = part.encode() if isinstance(part, str) else part
            whole.update(hashlib.sha256(data).digest())
        return whole.hexdigest()
