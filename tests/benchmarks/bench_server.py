"""How long the bridge's doors take: refusals, raw and chunked uploads, downloads, memory.

python tests/benchmarks/bench_server.py [--which refusals|raw|pieces|all] [--megabytes 100]
"""

import argparse
import base64
import hashlib
import http.client
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from bridge.io import fits_bytes

START = (
    "import sys; from bridge import config, serve; "
    "say = lambda url, token: print(url, flush=True); "
    "sys.exit(serve.serve(config.load({'port': 0}), announce=say))"
)


class Bridge:
    """A real bridge in a process of its own, with an empty state folder."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", START],
            env={**os.environ, "FLATBRIDGE_HOME": str(home)},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdout.readline()
        found = json.loads((home / "server.json").read_text(encoding="utf-8"))
        self.address = urlsplit(found["url"])
        self.token = found["token"]

    def ask(self, method, path, body=None, headers=None, token=None):
        connection = http.client.HTTPConnection(
            self.address.hostname, self.address.port, timeout=60
        )
        sent = {"Authorization": f"Bearer {token or self.token}", **(headers or {})}
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def memory(self) -> tuple[float, float]:
        """Resident megabytes now and at most (Linux)."""
        try:
            lines = (
                Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
            )
        except OSError:
            return float("nan"), float("nan")
        values = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM")))
        return tuple(int(values[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))

    def forget_peak(self) -> None:
        """Let the peak of `memory` begin anew (Linux)."""
        with suppress(OSError):
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def end(self) -> None:
        self.ask("POST", "/v1/shutdown")
        self.process.wait(20)
        self.process.stdout.close()


def best(count, work):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def image(megabytes: int, seed: int) -> bytes:
    side = int((megabytes * 1e6 / 4) ** 0.5)
    random = np.random.default_rng(seed)
    return fits_bytes(random.random((side, side), dtype=np.float32))


def refusals(bridge: Bridge) -> None:
    cases = {
        "413, declared 3 GB": ("/v1/frames", 3 * 10**9, bridge.token),
        "401, declared 1 GB": ("/v1/frames", 10**9, "wrong"),
        "413, declared 1 GB to /v1/jobs": ("/v1/jobs", 10**9, bridge.token),
    }
    for name, (path, size, token) in cases.items():

        def silent(path=path, size=size, token=token):
            with socket.create_connection((bridge.address.hostname, bridge.address.port)) as sock:
                sock.sendall(
                    f"POST {path} HTTP/1.1\r\nHost: {bridge.address.netloc}\r\n"
                    f"Authorization: Bearer {token}\r\nContent-Length: {size}\r\n\r\n".encode()
                )
                assert sock.recv(4096)

        print(f"  {name}, nothing sent: {1000 * best(20, silent):.1f} ms")
    megabyte = bytes(2**20)

    def pouring():
        status, _ = bridge.ask(
            "POST",
            "/v1/frames",
            (megabyte for _ in range(1000)),
            {"Content-Length": str(1000 * 2**20)},
            token="wrong",
        )
        assert status == 401

    start = time.perf_counter()
    try:
        pouring()
        print(f"  401, 1 GB poured: answer read after {time.perf_counter() - start:.2f} s")
    except OSError as trouble:
        print(f"  401, 1 GB poured: {trouble!r} after {time.perf_counter() - start:.2f} s")
    print("  memory: {:.0f} MB, at most {:.0f} MB".format(*bridge.memory()))


def loopback(data: bytes) -> float:
    """Seconds to push ``data`` through a loopback socket and read it back in."""
    listener = socket.create_server(("127.0.0.1", 0))

    def sink():
        connection, _ = listener.accept()
        buffer = bytearray(2**18)
        with connection:
            while connection.recv_into(buffer):
                pass

    thread = threading.Thread(target=sink)
    thread.start()
    start = time.perf_counter()
    with socket.create_connection(listener.getsockname()) as sock:
        sock.sendall(data)
    thread.join()
    listener.close()
    return time.perf_counter() - start


def raw(bridge: Bridge, megabytes: int) -> None:
    times = []
    for seed in range(5):
        data = image(megabytes, seed)
        bridge.forget_peak()
        before, _ = bridge.memory()
        start = time.perf_counter()
        status, answer = bridge.ask(
            "POST", "/v1/frames", data, {"Content-Type": "application/fits"}
        )
        took = time.perf_counter() - start
        assert status == 201, answer
        _, most = bridge.memory()
        plain = best(3, lambda data=data: loopback(data))
        times.append((took, plain))
        print(f"  POST {len(data) / 1e6:.0f} MB: {took:.3f} s, {took / plain:.1f} x loopback")
        growth = (most - before) * 2**20
        print(f"  memory: {before:.0f} MB, at most {growth / len(data):.2f} x the image more")
        identity = json.loads(answer)["id"]
        again = best(
            2,
            lambda data=data: bridge.ask(
                "POST", "/v1/frames", data, {"Content-Type": "application/fits"}
            ),
        )
        print(f"  the same again (held already): {again:.3f} s")
        down = best(3, lambda identity=identity: bridge.ask("GET", f"/v1/frames/{identity}.fits"))
        print(f"  GET .fits: {down:.3f} s")
        bridge.forget_peak()
        picture = best(1, lambda identity=identity: bridge.ask("GET", f"/v1/frames/{identity}.png"))
        print(f"  GET .png: {picture:.3f} s")
        print("  memory: {:.0f} MB, at most {:.0f} MB".format(*bridge.memory()))
    posted, plain = (min(column) for column in zip(*times, strict=True))
    print(f"  best POST {posted:.3f} s, best loopback {plain:.3f} s: {posted / plain:.1f} x")


def pieces(bridge: Bridge, megabytes: int) -> None:
    data = image(megabytes, 10)
    encode = best(1, lambda: base64.b64encode(data))
    start = time.perf_counter()
    announced = json.dumps({"size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    status, answer = bridge.ask(
        "POST", "/v1/uploads", announced, {"Content-Type": "application/json"}
    )
    assert status == 201, answer
    upload = json.loads(answer)
    at, step = 0, upload["chunk_bytes"]
    while at < len(data):
        status, answer = bridge.ask(
            "POST",
            f"/v1/uploads/{upload['upload']}",
            base64.b64encode(data[at : at + step]),
            {"Content-Type": "text/plain", "Upload-Offset": str(at)},
        )
        assert status == 200, answer
        at = json.loads(answer)["offset"]
    took = time.perf_counter() - start
    print(f"  {len(data) / 1e6:.0f} MB in pieces: {took:.3f} s (encoding alone {encode:.3f} s)")
    print("  memory: {:.0f} MB, at most {:.0f} MB".format(*bridge.memory()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--which", choices=("refusals", "raw", "pieces", "all"), default="all")
    parser.add_argument("--megabytes", type=int, default=100)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.system()}")
    with tempfile.TemporaryDirectory() as home:
        for name, work in (
            ("refusals", refusals),
            ("raw", lambda bridge: raw(bridge, given.megabytes)),
            ("pieces", lambda bridge: pieces(bridge, given.megabytes)),
        ):
            if given.which in (name, "all"):
                bridge = Bridge(Path(home) / name)
                print(name)
                try:
                    work(bridge)
                finally:
                    bridge.end()


if __name__ == "__main__":
    main()
