"""Images: sent in one piece, looked at, sent back."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response

from bridge.store import Facts
from bridge.store.errors import NotFound
from bridge.store.files import remove
from bridge.web.pixels import fits_answer, picture_answer
from bridge.web.requests import read_file, require_type
from bridge.web.services import services

blueprint = Blueprint("frames", __name__)


@blueprint.post("/v1/frames")
def receive() -> tuple[dict[str, object], int]:
    """Take a FITS file, sent as it is."""
    require_type("application/fits", "image/fits")
    store = services().store
    path = store.scratch()
    try:
        identity = read_file(path)
        status = 201 if store.frame(identity) is None else 200
        return store.add_frame(path, identity).to_json(), status
    finally:
        remove(path)


@blueprint.get("/v1/frames/<word:identity>")
def facts(identity: str) -> dict[str, object]:
    """Tell what is known of an image."""
    return _held(identity)[0].to_json()


@blueprint.get("/v1/frames/<word:identity>.fits")
def pixels(identity: str) -> Response:
    """Give an image back, byte for byte."""
    return fits_answer(_held(identity)[1])


@blueprint.get("/v1/frames/<word:identity>.png")
def picture(identity: str) -> Response:
    """Show an image."""
    return picture_answer(_held(identity)[1], "flat")


def _held(identity: str) -> tuple[Facts, Path]:
    found = services().store.frame(identity)
    if found is None:
        raise NotFound("The bridge holds no image with this id.")
    return found
