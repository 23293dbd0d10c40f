"""What can go wrong between us and the model, each with the sentence that says what to do."""

from __future__ import annotations

from bridge.errors import EngineError


class BadKey(EngineError):
    """The service does not accept the key, or not for this."""

    slug = "gemini-key"
    title = "The Gemini service does not accept the key"
    status = 409


class ModelGone(EngineError):
    """The service does not know the model."""

    slug = "gemini-model"
    title = "The Gemini service does not know this model"
    status = 409


class QuotaUsedUp(EngineError):
    """The key's quota is used up; ``retry_after_ms`` where the service says when it resets."""

    slug = "gemini-quota"
    title = "The quota of the Gemini key is used up"
    status = 429


class Overloaded(EngineError):
    """The service or the way to it failed again and again, or took too long."""

    slug = "gemini-unavailable"
    title = "The Gemini service cannot be reached or is overloaded"
    status = 503


class RequestRefused(EngineError):
    """The service understood nothing of the request, or serves no one in this place."""

    slug = "gemini-request"
    title = "The Gemini service refused the request"
    status = 502


class Blocked(EngineError):
    """A filter of the service stopped the question or the answer."""

    slug = "gemini-blocked"
    title = "The Gemini service blocked this picture"
    status = 502


class NoPicture(EngineError):
    """The model answered in words."""

    slug = "gemini-no-picture"
    title = "The model sent no picture"
    status = 502


class EmptyAnswer(EngineError):
    """The answer holds nothing."""

    slug = "gemini-empty"
    title = "The model sent nothing"
    status = 502


class Garbage(EngineError):
    """The answer is not what such an answer looks like."""

    slug = "gemini-garbage"
    title = "The answer of the Gemini service cannot be read"
    status = 502


class Misaligned(EngineError):
    """The picture cannot be laid over the one that was sent."""

    slug = "gemini-misaligned"
    title = "The model's picture does not fit the one that was sent"
    status = 502


class Implausible(EngineError):
    """The picture fits, but cannot be true."""

    slug = "gemini-implausible"
    title = "The model's picture cannot be true"
    status = 502


class TooExpensive(EngineError):
    """The work would exceed the limits set; nothing was sent."""

    slug = "gemini-limit"
    title = "The work would cost more than allowed"
    status = 409
