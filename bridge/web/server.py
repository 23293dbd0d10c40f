"""The HTTP server: cheroot, taught to answer before a body is read.

What it adds:

* a request whose body was not read to its end gets its answer at once, then the connection is
  closed (cheroot would read the rest into memory first); what is still under way is received and
  forgotten for a moment, since closing a socket with unread bytes destroys the answer;
* ``100 Continue`` goes out when the body is first read, so never to a refused request;
* chunked bodies are decoded without holding a chunk in memory;
* headers that leave doubt about the host or about where a request ends are refused;
* a client has to keep up a pace or is dropped, and occupies no thread before it says something;
* faults below the application are answered with problem documents too.
"""

from __future__ import annotations

import logging
import socket
import time
from typing import TYPE_CHECKING, Any, Final

from cheroot import wsgi
from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HeaderReader, HTTPConnection, HTTPRequest

from bridge import config
from bridge.errors import BridgeError
from bridge.jobs.errors import InternalError
from bridge.web.bodies import Body
from bridge.web.problems import MEDIA_TYPE, BadRequest, TooLarge, TooSlow, body_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

THREADS: Final = 16
IDLE: Final = 30
"""Seconds until a connection that says nothing, or takes no answer, is closed."""

GRACE: Final = 10.0
PACE: Final = 64 * 1024
"""A request may take `GRACE` seconds, and one more for each `PACE` bytes of it that came."""

HEADER_BYTES: Final = 64 * 1024
FORGET: Final = 2.0
FORGET_IDLE: Final = 0.3
"""Seconds for which the rest of a refused body is received, in all and without a byte coming."""

ONCE: Final = (b"Host", b"Origin", b"Content-Length", b"Authorization", b"Upload-Offset")


class _Headers(dict[bytes, bytes]):
    """Headers of which the ones that decide something may come only once.

    Names with an underscore are left out: WSGI could not tell them from others with a hyphen.
    """

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if b"_" in name:
            return
        if name in ONCE and name in self:
            raise ValueError(f"{name.decode()} is given twice")
        super().__setitem__(name, value)


class _HeaderReader(HeaderReader):
    """Takes ``Expect`` out, so that cheroot does not answer it before anyone has judged."""

    expects = False

    def __call__(self, rfile: Any, hdict: Any = None) -> Any:
        read = super().__call__(rfile, hdict)
        self.expects = read.pop(b"Expect", b"").lower() == b"100-continue"
        return read


class _Pace(socket.SocketIO):
    """Reading from a socket that must not dawdle."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock, "rb")
        self._socket = sock
        self.begin()

    def begin(self) -> None:
        """Start counting: a new request."""
        self._since = time.monotonic()
        self._count = 0

    def readinto(self, buffer: Any) -> int | None:
        """Fill ``buffer`` by one call; raise `TimeoutError` if the request is too slow."""
        left = GRACE + self._count / PACE - (time.monotonic() - self._since)
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)
        try:
            count = super().readinto(buffer)
        finally:
            self._socket.settimeout(IDLE)
        self._count += count or 0
        return count


class _Reader(StreamReader):
    """cheroot's reader on a paced socket."""

    def __init__(self, pace: _Pace, bufsize: int) -> None:
        super(StreamReader, self).__init__(pace, bufsize)
        self.bytes_read = 0


class _Request(HTTPRequest):
    def __init__(self, server: Any, conn: _Connection) -> None:
        super().__init__(server, conn)
        self.inheaders = _Headers()
        self.header_reader = _HeaderReader()
        conn.pace.begin()

    def read_request_headers(self) -> bool:
        """Read the headers; refuse those from which a body's end cannot be told."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        length = self.inheaders.get(b"Content-Length")
        if length is not None and not length.isdigit():
            self.simple_response("400 Bad Request", "Malformed Content-Length")
        elif b"Transfer-Encoding" in self.inheaders and (length or not self.chunked_read):
            self.simple_response("400 Bad Request", "Two lengths, or none that can be told")
        else:
            return True
        return False

    def respond(self) -> None:
        """Let the application answer."""
        length = None if self.chunked_read else int(self.inheaders.get(b"Content-Length", 0))
        self.rfile = Body(self.conn.rfile, length, self._invite)
        self.server.gateway(self).respond()
        self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")

    def send_headers(self) -> None:
        """Begin the answer; it is the connection's last if the body was not read to its end."""
        if not self.rfile.finished:
            self.close_connection = self.conn.unread = True
        super().send_headers()

    def simple_response(self, status: str, msg: str = "") -> None:
        """Answer a request that never reached the application; the connection's last answer."""
        self.close_connection = self.conn.unread = True
        problem = _below(int(status[:3]), msg)
        body = body_of(problem)
        head = (
            f"HTTP/1.1 {problem.status} {problem.title}\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.conn.wfile.write(head.encode("latin-1") + body)

    def _invite(self) -> None:
        if self.header_reader.expects:
            self.conn.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request
    unread = False
    """Whether the client may still be sending what nobody will read."""

    def __init__(self, server: Any, sock: socket.socket, _makefile: Any = None) -> None:
        self.pace = _Pace(sock)
        super().__init__(server, sock, self._file)

    def close(self) -> None:
        """Close the connection, giving the client the time to read its answer."""
        if self.unread:
            self._forget_rest()
        super().close()

    def _file(self, sock: socket.socket, mode: str, bufsize: int) -> Any:
        return StreamWriter(sock, mode, bufsize) if "w" in mode else _Reader(self.pace, bufsize)

    def _forget_rest(self) -> None:
        deadline = time.monotonic() + FORGET
        scratch = bytearray(2**18)
        try:
            self.socket.shutdown(socket.SHUT_WR)
            while (left := deadline - time.monotonic()) > 0:
                self.socket.settimeout(min(left, FORGET_IDLE))
                if not self.socket.recv_into(scratch):
                    return
        except OSError:
            return


class Server(wsgi.Server):
    """An HTTP server on one loopback address; ``wsgi_app`` may be set after `prepare`."""

    ConnectionClass = _Connection
    max_request_header_size = HEADER_BYTES
    keep_alive_conn_limit = 32

    def __init__(self, host: str, port: int, app: WSGIApplication | None = None) -> None:
        super().__init__(
            (host, port),
            app,
            numthreads=THREADS,
            max=THREADS,
            server_name="FlatBridge",
            request_queue_size=64,
            timeout=IDLE,
            shutdown_timeout=5,
        )

    def prepare(self) -> None:
        """Listen on the address given, never on a socket that the environment tells of instead."""
        config.forget_offered_socket()  # cheroot would take descriptor 3, whatever that is
        super().prepare()

    def process_conn(self, conn: Any) -> None:
        """Give a thread to a connection that has something to say; let a new one wait for it."""
        if conn.last_used is None:
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Write cheroot's messages to the log."""
        log.log(level, "%s", msg, exc_info=traceback)


def _below(status: int, message: str) -> BridgeError:
    """Return the problem for a fault that cheroot found."""
    if status == 408:
        return TooSlow("The request did not come to its end in time.")
    if status in (413, 414):
        return TooLarge(f"The headers may have {HEADER_BYTES} bytes at most.", limit=HEADER_BYTES)
    if status >= 500 and status != 501 and status != 505:
        return InternalError("FlatBridge made a mistake; the log in its state folder tells more.")
    return BadRequest(f"{message or 'The request is not proper HTTP'}.")
