"""The real server on a real socket: what it does before a body is read, and with odd bodies."""

import contextlib
import hashlib
import json
import threading
import time

import pytest

from tests.http.stub import fits
from tests.http.wire import answer, closed, connected, head, slug

GIGABYTE = 10**9


REFUSED = {
    "too-large": (413, "/v1/frames", [f"Content-Length: {GIGABYTE}"], None),
    "unauthorized": (401, "/v1/frames", ["Content-Length: 30000000"], "wrong"),
    "wrong-origin": (
        403,
        "/v1/frames",
        ["Content-Length: 1000", "Origin: https://evil.example"],
        None,
    ),
}


@pytest.mark.parametrize("expect", [[], ["Expect: 100-continue"]])
@pytest.mark.parametrize("expected", REFUSED)
def test_a_refusal_does_not_wait_for_the_body(live, expected, expect):
    status, path, lines, token = REFUSED[expected]
    with connected(live) as sock:
        start = time.monotonic()
        sock.sendall(head(live, "POST", path, *lines, *expect, token=token))
        found, headers, body = answer(sock)
        assert time.monotonic() - start < 2
        assert (found, slug(body)) == (status, expected)
        assert headers["connection"] == "close"
        assert closed(sock)


def test_a_refused_body_costs_no_memory_and_the_answer_arrives(live):
    before = live.memory()
    with connected(live) as sock:
        sock.sendall(head(live, "POST", "/v1/frames", "Content-Length: 400000000"))
        piece = bytes(2**20)
        with contextlib.suppress(OSError):
            for _ in range(380):
                sock.sendall(piece)
        status, _, body = answer(sock)
        assert (status, slug(body)) == (413, "too-large")
    if before is not None:
        assert live.memory() - before < 20e6
    assert live.ask("GET", "/v1/health")[0] == 200


def test_a_client_that_sends_all_before_it_listens_gets_its_answer(live):
    # closing while bytes are under way would break the connection under the client's hands
    status, problem = live.ask("POST", "/v1/frames", bytes(60_000_000))
    assert (status, problem["type"]) == (413, "/problems/too-large")


def test_continue_is_said_when_the_body_is_wanted(live):
    data = fits(1)
    with connected(live) as sock:
        lines = [
            "Content-Type: application/fits",
            f"Content-Length: {len(data)}",
            "Expect: 100-continue",
        ]
        sock.sendall(head(live, "POST", "/v1/frames", *lines))
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(data)
        status, _, body = answer(sock)
        assert status == 201
        assert json.loads(body)["id"] == hashlib.sha256(data).hexdigest()


def test_silent_connections_take_no_thread(live):
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connected(live))
        start = time.monotonic()
        assert live.ask("GET", "/v1/health")[0] == 200
        assert time.monotonic() - start < 5


def test_long_polls_never_take_the_last_threads(live):
    hold = live.home / "hold"
    hold.touch()
    frame = live.send(fits(5))
    _, job = live.ask("POST", "/v1/jobs", {"operation": "detect", "frame": frame})
    try:
        live.finish(job["id"], states=("running",))
        polls = [
            threading.Thread(target=live.ask, args=("GET", f"/v1/jobs/{job['id']}?wait=20"))
            for _ in range(14)
        ]
        for poll in polls:
            poll.start()
        time.sleep(0.3)
        start = time.monotonic()
        assert live.ask("GET", "/v1/health")[0] == 200
        assert live.ask("GET", f"/v1/jobs/{job['id']}?wait=20")[1]["state"] == "running"
        assert time.monotonic() - start < 5
    finally:
        hold.unlink()
    for poll in polls:
        poll.join(15)
        assert not poll.is_alive()


def test_requests_follow_each_other_on_one_connection(live):
    with connected(live) as sock:
        sock.sendall(head(live, "GET", "/v1/health") * 3)
        stream = sock.makefile("rb")
        seen = b""
        while seen.count(b'"flatbridge"') < 3:
            seen += stream.read1(4096)
    assert seen.count(b"HTTP/1.1 200 OK") == 3


def test_the_token_and_what_is_sent_stay_out_of_the_log(live):
    token = live.found["token"]
    for path in (f"/v1/{token}", f"/v1/jobs?token={token}", "/v1/jobs%0aforged-line"):
        live.ask("GET", path)
    log = live.log()
    assert "GET '/v1/***' 404" in log
    assert token not in log
    assert "\nforged-line" not in log
    assert str(live.home) not in log


def test_planes_by_http_are_the_stored_ones(live):
    frame = live.send(fits(6))
    _, job = live.ask("POST", "/v1/jobs", {"operation": "correct", "frame": frame})
    done = live.finish(job["id"])
    assert done["state"] == "succeeded"
    for name, entry in done["results"].items():
        _, data = live.ask("GET", entry["url"], raw=True)
        assert list((live.home / "store" / "results").glob(f"*/{name}.fits"))
        assert data.startswith(b"SIMPLE  =")
