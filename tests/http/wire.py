"""HTTP spoken by hand, for requests that no client would send."""

import contextlib
import json
import socket


@contextlib.contextmanager
def connected(live, timeout=15):
    address = (live.address.hostname, live.address.port)
    with socket.create_connection(address, timeout=timeout) as sock:
        yield sock


def head(live, method, path, *lines, token=None):
    sent = [
        f"{method} {path} HTTP/1.1",
        f"Host: {live.address.netloc}",
        f"Authorization: Bearer {token or live.found['token']}",
        *lines,
    ]
    return "\r\n".join([*sent, "", ""]).encode("latin-1")


def answer(sock):
    """Return status, headers and body of one answer."""
    stream = sock.makefile("rb")
    status = int(stream.readline().split()[1])
    headers = {}
    while (line := stream.readline().strip()) != b"":
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, stream.read(int(headers.get("content-length", 0)))


def slug(body):
    return json.loads(body)["type"].removeprefix("/problems/")


def closed(sock):
    """Return whether the other side has ended the connection."""
    try:
        return sock.recv(1) == b""
    except ConnectionError:
        return True
