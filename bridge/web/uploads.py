"""Images sent in pieces, for clients that can send text only.

PixInsight's ``NetworkTransfer.post`` carries strings, so each piece is base64, padded, without line
breaks, and its Content-Type is text/plain or application/octet-stream.
"""

from __future__ import annotations

import binascii
import re

import pybase64
from flask import Blueprint

from bridge.errors import BadOption
from bridge.store.errors import BadUpload
from bridge.web.problems import TooLarge
from bridge.web.requests import read_bytes, read_members, require_type, whole_header
from bridge.web.services import services

blueprint = Blueprint("uploads", __name__)


@blueprint.post("/v1/uploads")
def begin() -> tuple[dict[str, object], int]:
    """Announce an image of ``size`` bytes; nothing needs to be sent if it is held already."""
    members = read_members(("size",), ("sha256",))
    size, sha256 = members["size"], members.get("sha256")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise BadOption("The member 'size' must be a number of bytes, at least 1.")
    if sha256 is not None and not re.fullmatch("[0-9a-f]{64}", str(sha256)):
        raise BadOption("The member 'sha256' must be 64 hexadecimal digits, in lower case.")
    settings = services().settings
    if size > settings.frame_bytes:
        limit = settings.frame_bytes
        raise TooLarge(f"An image may have {limit} bytes at most.", limit=limit)
    digest = None if sha256 is None else str(sha256)
    held = services().store.frame(digest) if digest else None
    if held is not None:
        return {"frame": held[0].to_json()}, 200
    upload = services().uploads.begin(size, digest)
    return {"upload": upload, "offset": 0, "chunk_bytes": settings.chunk_bytes}, 201


@blueprint.post("/v1/uploads/<word:identity>")
def append(identity: str) -> dict[str, object]:
    """Take the next piece; with the last one comes the frame."""
    require_type("text/plain", "application/octet-stream")
    offset = whole_header("Upload-Offset")
    reached, frame = services().uploads.append(identity, offset, _decoded(read_bytes()))
    answer: dict[str, object] = {"offset": reached}
    if frame is not None:
        answer["frame"] = frame.to_json()
    return answer


def _decoded(piece: bytearray) -> bytes:
    try:
        return pybase64.b64decode(piece, validate=True)
    except binascii.Error:
        raise BadUpload("The piece is not base64.") from None
