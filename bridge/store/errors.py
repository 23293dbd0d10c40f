"""What the store can refuse, each refusal with its slug."""

from __future__ import annotations

from bridge.errors import BridgeError


class NotFound(BridgeError):
    """Nothing has this id, name or address."""

    slug = "not-found"
    title = "There is nothing here"
    status = 404


class NoRoom(BridgeError):
    """The disk that holds the state folder is full."""

    slug = "no-room"
    title = "The disk is full"
    status = 507


class DamagedStore(BridgeError):
    """A file in the state folder in which FlatBridge keeps its books cannot be used."""

    slug = "damaged-store"
    title = "The state folder cannot be used"
    status = 500


class WrongOffset(BridgeError):
    """A piece came twice, or one before it is missing; ``offset`` says where to go on."""

    slug = "wrong-offset"
    title = "This piece does not follow the last one"
    status = 409


class BadUpload(BridgeError):
    """A piece cannot be decoded, or goes beyond what was announced."""

    slug = "bad-upload"
    title = "This piece cannot be used"
    status = 422


class DigestMismatch(BridgeError):
    """What arrived is not what was announced; the upload is dropped."""

    slug = "digest-mismatch"
    title = "The image was damaged on its way"
    status = 422


class TooManyUploads(BridgeError):
    """Too many uploads are unfinished."""

    slug = "too-many-uploads"
    title = "Too many images are on their way"
    status = 429
