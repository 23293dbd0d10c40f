"""What can go wrong with a job, and how any failure becomes a problem document."""

from __future__ import annotations

import logging
import secrets

from bridge.errors import BridgeError, OutOfMemory
from bridge.store.errors import DamagedStore, NoRoom
from bridge.store.files import FULL

log = logging.getLogger(__name__)


class UnknownFrame(BridgeError):
    """Work was asked for on an image that the bridge does not hold."""

    slug = "unknown-frame"
    title = "The bridge does not hold this image"
    status = 422


class JobNotReady(BridgeError):
    """A result was asked for before its job succeeded."""

    slug = "job-not-ready"
    title = "The job has no result"
    status = 409


class QueueFull(BridgeError):
    """Too many jobs wait already."""

    slug = "queue-full"
    title = "Too many jobs are waiting"
    status = 429


class Stopping(BridgeError):
    """The bridge is about to end and takes no more work."""

    slug = "stopping"
    title = "The bridge is shutting down"
    status = 503


class Interrupted(BridgeError):
    """The bridge ended before the job did."""

    slug = "interrupted"
    title = "The work was interrupted"
    status = 500


class InternalError(BridgeError):
    """A fault in FlatBridge itself; the log has the details under the same id."""

    slug = "internal-error"
    title = "FlatBridge made a mistake"
    status = 500


def told(error: Exception) -> BridgeError:
    """Return ``error`` as something a user can be told; log it if it is none of ours."""
    if isinstance(error, BridgeError):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemory(
            "This image needs more memory than is free; close other programs and try again."
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return NoRoom("The disk with FlatBridge's state folder is full; make room and try again.")
    if isinstance(error, OSError) and error.filename is not None:
        log.error("a file cannot be used", exc_info=error)
        return DamagedStore(
            f"{error.filename} cannot be used: {error.strerror}; if the state folder was moved or "
            "cleared, stop the bridge and start it again."
        )
    identity = secrets.token_hex(4)
    log.error("internal error %s", identity, exc_info=error)
    return InternalError(
        f"FlatBridge made a mistake; the log in its state folder tells more under {identity}.",
        id=identity,
    )
