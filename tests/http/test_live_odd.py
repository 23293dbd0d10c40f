"""Odd bodies and odd headers, on a real socket."""

import contextlib
import hashlib
import json
import socket

import pytest

from tests.http.stub import fits
from tests.http.wire import answer, closed, connected, head, slug


def chunked(data, size):
    for at in range(0, len(data), size):
        piece = data[at : at + size]
        yield b"%x;x=y\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\nTrailer: x\r\n\r\n"


CHUNKED = ["Transfer-Encoding: chunked", "Content-Type: application/fits"]


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_a_body_in_chunks_is_the_body(live, size):
    data = fits(2)
    with connected(live) as sock:
        sock.sendall(head(live, "POST", "/v1/frames", *CHUNKED))
        sock.sendall(b"".join(chunked(data, size)))
        status, headers, body = answer(sock)
        assert status in (200, 201)
        assert json.loads(body)["id"] == hashlib.sha256(data).hexdigest()
        assert "connection" not in headers
        sock.sendall(head(live, "GET", "/v1/health"))
        assert answer(sock)[0] == 200


def test_chunks_beyond_the_limit_are_refused(live):
    with connected(live) as sock:
        sock.sendall(
            head(
                live,
                "POST",
                "/v1/jobs",
                "Transfer-Encoding: chunked",
                "Content-Type: application/json",
            )
        )
        with contextlib.suppress(OSError):
            sock.sendall(b"".join(chunked(bytes(3 * 2**20), 2**16)))
        status, _, body = answer(sock)
        assert (status, slug(body)) == (413, "too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"x\r\n",
        b"-1\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhellox\r\n",
        b"\r\n",
        b"1_0\r\n",
        b"5\nhello\n",
        b"f" * 2000 + b"\r\n",
        b"0x5\r\nhello\r\n",
        b"0\r\n" + b"a: b\r\n" * 1000,
    ],
)
def test_chunks_that_are_none_are_refused(live, body):
    with connected(live) as sock:
        sock.sendall(head(live, "POST", "/v1/frames", *CHUNKED) + body)
        status, headers, body = answer(sock)
        assert (status, slug(body)) == (400, "bad-request")
        assert headers["connection"] == "close"


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: +5"],
        ["Content-Length: -5"],
        ["Content-Length: 1_0"],
        ["Content-Length: five"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: gzip"],
        ["Host: 127.0.0.1"],
        ["Authorization: Bearer x"],
        ["Origin: http://127.0.0.1", "Origin: http://127.0.0.1"],
        ["no colon here"],
    ],
)
def test_headers_that_leave_doubt_are_refused(live, lines):
    with connected(live) as sock:
        sock.sendall(head(live, "POST", "/v1/jobs", *lines))
        status, headers, body = answer(sock)
        assert (status, slug(body)) == (400, "bad-request")
        assert headers["content-type"] == "application/problem+json"
        assert closed(sock)


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/9.9",
        b"nonsense",
        b"GET http://evil/ HTTP/1.1",
        b"get / HTTP/1.1",
        b"GET v1/health HTTP/1.1",
        b"CONNECT evil:80 HTTP/1.1",
    ],
)
def test_what_is_no_proper_request_is_refused(live, line):
    with connected(live) as sock:
        sock.sendall(line + b"\r\nHost: x\r\n\r\n")
        status, _, body = answer(sock)
        assert status == 400
        assert slug(body) == "bad-request"


def test_headers_without_end_are_refused(live):
    with connected(live) as sock:
        with contextlib.suppress(OSError):
            sock.sendall(b"GET / HTTP/1.1\r\n" + b"A: " + b"a" * 200_000)
        status, _, body = answer(sock)
        assert (status, slug(body)) == (413, "too-large")


def test_a_name_with_an_underscore_is_no_name_with_a_hyphen(live):
    with connected(live) as sock:
        data = fits(3)
        lines = [
            "Content-Type: application/fits",
            f"Content-Length: {len(data)}",
            "Content_Length: 1",
        ]
        sock.sendall(head(live, "POST", "/v1/frames", *lines) + data)
        assert answer(sock)[0] == 201


def test_a_body_that_ends_early_leaves_nothing(live):
    with connected(live) as sock:
        lines = ["Content-Type: application/fits", "Content-Length: 100000"]
        sock.sendall(head(live, "POST", "/v1/frames", *lines) + fits(4)[:3000])
        sock.shutdown(socket.SHUT_WR)
        status, _, body = answer(sock)
        assert (status, slug(body)) == (400, "bad-request")
    identity = hashlib.sha256(fits(4)[:3000]).hexdigest()
    assert live.ask("GET", f"/v1/frames/{identity}")[0] == 404
