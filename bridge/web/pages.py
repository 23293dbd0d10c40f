"""The page for people: a shell without data; its script asks for them with the token."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from flask import Blueprint, Response

from bridge.store.errors import NotFound

SCRIPTS: Final = (
    "page.js", "api.js", "cleaning.js", "elements.js", "review.js", "painter.js", "mask.js",
    "zip.js",
)  # fmt: skip

TYPES: Final = {
    "page.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    **dict.fromkeys(SCRIPTS, "text/javascript; charset=utf-8"),
    "mark.svg": "image/svg+xml",
}

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@blueprint.get("/jobs/<word:identity>")
def page(identity: str = "") -> Response:  # noqa: ARG001  (the script reads it from the address)
    """Give the shell."""
    return _file("page.html")


@blueprint.get("/static/<name>")
def static(name: str) -> Response:
    """Give what the shell needs."""
    if name not in TYPES or name == "page.html":
        raise NotFound("There is nothing at this address.")
    return _file(name)


def _file(name: str) -> Response:
    data = files("bridge.web").joinpath("static", name).read_bytes()
    return Response(data, content_type=TYPES[name])
