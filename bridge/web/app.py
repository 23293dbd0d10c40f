"""The application: every route, every failure as a problem document, the guard in front."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.routing import BaseConverter

from bridge.web import control, engines, frames, jobs, pages, problems, results, uploads
from bridge.web.guard import Guard
from bridge.web.problems import HEADERS
from bridge.web.services import KEY, Services

log = logging.getLogger(__name__)


class Word(BaseConverter):
    """An id or a name within an address: no dot, no slash."""

    regex = "[0-9A-Za-z_-]{1,64}"


def create_app(services: Services, *, port: int, token: str) -> Flask:
    """Return the application of one bridge.

    Parameters
    ----------
    services
        What the routes work with.
    port
        The port that the bridge answers on.
    token
        What a client must send as ``Authorization: Bearer``.
    """
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # never a redirect: PixInsight does not follow one
    app.url_map.converters["word"] = Word
    app.extensions[KEY] = services
    for part in (control, engines, frames, uploads, jobs, results, pages):
        app.register_blueprint(part.blueprint)
    problems.register(app)
    app.after_request(_finish)
    settings = services.settings
    app.wsgi_app = Guard(  # type: ignore[method-assign]
        app.wsgi_app,
        host=settings.host,
        port=port,
        token=token,
        frame_bytes=settings.frame_bytes,
        chunk_bytes=settings.chunk_bytes,
    )
    return app


def _finish(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    quiet = request.method in ("GET", "HEAD") and response.status_code < 400
    level = logging.DEBUG if quiet else logging.INFO
    log.log(level, "%s %.200r %d", request.method, request.path, response.status_code)
    return response
