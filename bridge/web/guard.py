"""Who may ask, and how much they may send: decided from the headers, before any body is read."""

from __future__ import annotations

import hmac
import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from bridge.errors import BridgeError
from bridge.settings import is_loopback
from bridge.web.problems import BadRequest, TooLarge, Unauthorized, WrongHost, WrongOrigin, answer

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

JSON_BYTES: Final = 2**20
NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
OPEN: Final = re.compile(r"/|/jobs/[^/]+|/v1/health|/static/[^/]+")
"""What may be asked for without the token; none of it holds data."""


class Guard:
    """A WSGI application that lets through what may pass to another one.

    Parameters
    ----------
    app
        The application behind.
    host, port, token
        The bridge's own.
    frame_bytes, chunk_bytes
        The largest image, and the largest piece of one, in bytes.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        host: str,
        port: int,
        token: str,
        frame_bytes: int,
        chunk_bytes: int,
    ) -> None:
        self._app = app
        self._hosts = frozenset(f"{name}:{port}" for name in names(host))
        self._token = token.encode()
        self._frame_bytes = frame_bytes
        self._piece_bytes = -(-chunk_bytes // 3) * 4

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a refused request; pass on any other."""
        try:
            self._check(environ)
        except BridgeError as problem:
            return answer(problem)(environ, start_response)
        return self._app(environ, start_response)

    def _check(self, environ: WSGIEnvironment) -> None:
        host = environ.get("HTTP_HOST", "").lower()
        if host not in self._hosts:
            raise WrongHost("The bridge answers to its own address with its own port only.")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin.lower() != f"http://{host}":
            raise WrongOrigin("The bridge answers to its own page and to programs, no other page.")
        self._check_size(environ)
        if not self._is_open(environ) and not self._knows_token(environ):
            raise Unauthorized(
                "Send the token from server.json in the state folder as Authorization: Bearer."
            )

    def _check_size(self, environ: WSGIEnvironment) -> None:
        limit = self._limit(environ)
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            raise BadRequest("Content-Length is not a number.")
        if int(length) > limit:
            raise _too_large(limit)
        if "HTTP_TRANSFER_ENCODING" in environ:  # no length is declared: count while reading
            environ["wsgi.input"] = Limited(environ["wsgi.input"], limit)

    def _limit(self, environ: WSGIEnvironment) -> int:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST":
            if path == "/v1/frames":
                return self._frame_bytes
            if path.startswith("/v1/uploads/"):
                return self._piece_bytes
        return JSON_BYTES

    def _is_open(self, environ: WSGIEnvironment) -> bool:
        return environ["REQUEST_METHOD"] in ("GET", "HEAD") and bool(
            OPEN.fullmatch(environ["PATH_INFO"])
        )

    def _knows_token(self, environ: WSGIEnvironment) -> bool:
        scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("latin-1", "replace"), self._token)
        return same and scheme.lower() == "bearer"


def names(host: str) -> set[str]:
    """Return what a client may call a bridge that listens on ``host``.

    Never a name that someone else's name server could lend to it: on this computer the ones that
    always mean it, elsewhere the one address.
    """
    own = f"[{host}]" if ":" in host else host
    return {*NAMES, own} if is_loopback(host) else {own}


class Limited(io.RawIOBase):
    """A body of unknown length that may not exceed ``limit`` bytes."""

    def __init__(self, source: InputStream, limit: int) -> None:
        self._source = source
        self._limit = limit
        self._left = limit

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` as far as bytes are there; raise `TooLarge` beyond the limit."""
        view = memoryview(buffer)
        data = self._source.read(len(view))
        if len(data) > self._left:
            raise _too_large(self._limit)
        self._left -= len(data)
        view[: len(data)] = data
        return len(data)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body may have {limit} bytes at most.", limit=limit)
