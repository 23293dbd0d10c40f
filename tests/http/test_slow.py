"""Clients that dawdle, against the server alone."""

import socket
import threading
import time

import pytest

from bridge.web import server as module
from bridge.web.server import Server


@pytest.fixture
def address(monkeypatch):
    """A server that reads a body and says how long it was; a request may take 0.3 s."""
    monkeypatch.setattr(module, "GRACE", 0.3)

    def app(environ, start_response):
        count = len(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Length", str(len(str(count))))])
        return [str(count).encode()]

    server = Server("127.0.0.1", 0, app)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server.bind_addr
    server.stop()
    thread.join(10)


def drip(address, parts, pause):
    """Send ``parts`` with pauses; return all that comes back, and the seconds it took."""
    start = time.monotonic()
    with socket.create_connection(address, timeout=10) as sock:
        try:
            for part in parts:
                sock.sendall(part)
                time.sleep(pause)
        except OSError:
            pass
        seen = b""
        try:
            while data := sock.recv(4096):
                seen += data
        except OSError:
            pass
    return seen, time.monotonic() - start


BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\nConnection: close\r\n\r\n"


def test_headers_that_drip_are_given_up(address):
    seen, took = drip(address, [b"GET / HTTP/1.1\r\n", *[b"A: b\r\n"] * 30], 0.05)
    assert b"408" in seen.splitlines()[0]
    assert b"/problems/too-slow" in seen
    assert took < 5


def test_a_body_that_drips_is_given_up(address):
    seen, took = drip(address, [BODY, *[b"x"] * 30], 0.05)
    assert b"200" not in seen.splitlines()[0]
    assert took < 5


def test_a_body_that_keeps_up_is_read(address):
    seen, _ = drip(address, [BODY, *[b"x" * 10] * 4], 0.01)
    assert seen.endswith(b"40")


def test_a_large_body_may_take_longer(address, monkeypatch):
    monkeypatch.setattr(module, "PACE", 100)
    head = BODY.replace(b"40", b"400")
    seen, took = drip(address, [head, *[b"x" * 100] * 4], 0.15)
    assert took > 0.5
    assert seen.endswith(b"400")
