"""Every failure a user can meet, each with the slug, title and HTTP status of its problem document.

Anything raised that is not a `BridgeError` is a bug.
"""

from __future__ import annotations


class BridgeError(Exception):
    """A failure told in one sentence that names what is at fault and, where possible, the fix.

    Parameters
    ----------
    detail
        The sentence.
    **members
        Further members of the problem document (RFC 9457, section 3.2), such as ``offset``.
    """

    slug = "failed"
    title = "The work failed"
    status = 500

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    def problem(self) -> dict[str, object]:
        """Return the problem document (RFC 9457) as a JSON-ready mapping."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }


class UnreadableImage(BridgeError):
    """The bytes are not an image in a known format, or end before they should."""

    slug = "unreadable-image"
    title = "This file cannot be read as an image"
    status = 422


class UnsupportedFrame(BridgeError):
    """A readable image of a shape or kind that the calculation does not cover."""

    slug = "unsupported-frame"
    title = "This kind of image is not supported"
    status = 422


class TargetRefused(BridgeError):
    """A correction would harm this target, as far as one can see; the member ``rule`` says why."""

    slug = "target-refused"
    title = "The correction does not belong to this image"
    status = 409


class FileTrouble(BridgeError):
    """A file is missing, exists already, or cannot be written."""

    slug = "file-trouble"
    title = "A file is in the way or missing"
    status = 409


class BadOption(BridgeError):
    """An unknown option, or a value outside its range."""

    slug = "bad-option"
    title = "An option is unknown or out of range"
    status = 422


class BadConfiguration(BridgeError):
    """The configuration holds an unknown key or a value of the wrong kind."""

    slug = "bad-configuration"
    title = "The configuration is not usable"
    status = 500


class MaskGeometry(BridgeError):
    """A mask whose width or height differs from the flat's."""

    slug = "mask-geometry"
    title = "The mask does not fit the image"
    status = 422


class NoCleanPixels(BridgeError):
    """The mask leaves no pixel from which the dust-free level could be learnt."""

    slug = "no-clean-pixels"
    title = "The mask covers the whole image"
    status = 422


class OutOfMemory(BridgeError):
    """The computer has too little free memory for this image."""

    slug = "out-of-memory"
    title = "There is not enough memory"
    status = 507


class EngineError(BridgeError):
    """An engine could not do its part."""

    slug = "engine-failed"
    title = "The engine failed"
    status = 500


class EngineUnavailable(EngineError):
    """The engine named is known but cannot run here."""

    slug = "engine-unavailable"
    title = "This engine is not available"
    status = 409


class EngineBadOutput(EngineError):
    """An engine returned something that breaks the promise of its protocol."""

    slug = "engine-bad-output"
    title = "The engine returned something unusable"
    status = 500


class Cancelled(BridgeError):
    """The work was stopped because someone asked for it."""

    slug = "cancelled"
    title = "The work was cancelled"
    status = 409
