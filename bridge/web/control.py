"""Is it there, and make it end."""

from __future__ import annotations

from flask import Blueprint

from bridge import __version__
from bridge.web.requests import read_bytes
from bridge.web.services import services

API = 1

blueprint = Blueprint("control", __name__)


@blueprint.get("/v1/health")
def health() -> dict[str, object]:
    """Say who answers here."""
    return {"name": "flatbridge", "version": __version__, "api": API}


@blueprint.post("/v1/shutdown")
def shutdown() -> tuple[dict[str, object], int]:
    """End the bridge, cleanly; the body counts for nothing."""
    read_bytes()
    services().stop()
    return {"state": "stopping"}, 202
