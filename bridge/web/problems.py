"""What a request itself can do wrong, and how every failure is answered: RFC 9457."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bridge.errors import BridgeError
from bridge.jobs.errors import told
from bridge.store.errors import NotFound

MEDIA_TYPE: Final = "application/problem+json"

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}
"""Sent with every answer: nothing is kept, framed, sniffed, or loaded from elsewhere."""


class WrongHost(BridgeError):
    """The request was addressed to another name: a web page could stand behind it."""

    slug = "wrong-host"
    title = "This is not the address asked for"
    status = 421


class WrongOrigin(BridgeError):
    """The request comes from a web page of someone else's."""

    slug = "wrong-origin"
    title = "Web pages of others are not served"
    status = 403


class TooLarge(BridgeError):
    """The body is larger than ``limit`` bytes."""

    slug = "too-large"
    title = "The request is too large"
    status = 413


class Unauthorized(BridgeError):
    """The token is missing or wrong."""

    slug = "unauthorized"
    title = "The token is missing or wrong"
    status = 401


class BadRequest(BridgeError):
    """The request is not proper HTTP, or a header it needs is missing."""

    slug = "bad-request"
    title = "The request cannot be understood"
    status = 400


class BadJson(BridgeError):
    """The body is not a JSON object."""

    slug = "bad-json"
    title = "The body is not JSON"
    status = 400


class TooSlow(BridgeError):
    """The request stopped coming."""

    slug = "too-slow"
    title = "The request came too slowly"
    status = 408


class WrongMethod(BridgeError):
    """The address exists, but not for this method."""

    slug = "wrong-method"
    title = "This address takes another method"
    status = 405


class WrongMediaType(BridgeError):
    """The body is of a type that this address does not take."""

    slug = "wrong-media-type"
    title = "The body is of the wrong type"
    status = 415


def body_of(problem: BridgeError) -> bytes:
    """Return the problem document as it is sent."""
    return json.dumps(problem.problem(), ensure_ascii=False).encode()


def answer(problem: BridgeError) -> Response:
    """Return the answer that tells of ``problem``."""
    response = Response(body_of(problem), problem.status, HEADERS, content_type=MEDIA_TYPE)
    if isinstance(problem, Unauthorized):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, WrongMethod):
        response.headers["Allow"] = ", ".join(problem.members["allowed"])  # type: ignore[arg-type]
    return response


def register(app: Flask) -> None:
    """Let ``app`` answer every failure with a problem document."""

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        return answer(_http(error) if isinstance(error, HTTPException) else told(error))


def _http(error: HTTPException) -> BridgeError:
    if isinstance(error, MethodNotAllowed):
        allowed = sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"})
        return WrongMethod(f"This address takes {' and '.join(allowed)} only.", allowed=allowed)
    if error.code == HTTPStatus.NOT_FOUND:
        return NotFound("There is nothing at this address.")
    return BadRequest("The request cannot be understood.")
