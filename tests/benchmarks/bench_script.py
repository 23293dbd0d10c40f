"""How long each leg of the PixInsight script takes with a large frame, and the doors it uses.

    python -m tests.benchmarks.bench_script [--size 9576x6388] [--megabytes 100]

The script runs in the emulated PixInsight: export, writing and PixelMath are the emulator's speed,
not PixInsight's. Memory is the bridge's growth during a leg, in planes of the frame.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import platform
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.bench_server import Bridge, image, loopback
from tests.benchmarks.bench_speed import flat_of
from tests.pixinsight.script.conftest import perform, serving

SECONDS = 3600


@dataclass(frozen=True)
class Leg:
    """A part of the way, in seconds of the clock."""

    name: str
    start: float
    end: float


class Memory(threading.Thread):
    """Notes the resident memory of a process ten times a second (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.path = Path(f"/proc/{pid}/status")
        self.noted: list[tuple[float, float]] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            try:
                lines = self.path.read_text(encoding="ascii").splitlines()
            except OSError:
                return
            (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS"))
            self.noted.append((time.time(), 1024.0 * int(kilobytes)))

    def growth(self, leg: Leg) -> float:
        """Return by how many bytes it grew within a leg at most; not a number if unknown."""
        before = [value for when, value in self.noted if when <= leg.start]
        within = [value for when, value in self.noted if leg.start <= when <= leg.end]
        return max(within) - before[-1] if before and within else float("nan")


def legs(seen: list[dict[str, Any]]) -> Iterator[Leg]:
    """Yield the legs of what the script showed: each stage lasts until the next begins.

    The first word of a sending is shown before the image is written, the second when it is there.
    """
    for one, following in pairwise(seen):
        start, end = one["times"][0], following["times"][0]
        if one["text"].startswith("done"):
            continue
        if one["text"].startswith("Sending") and len(one["times"]) > 1:
            written = one["times"][1]
            yield Leg(f"export of {one['text'].split()[-1]}", start, written)
            yield Leg(f"upload of {one['text'].split()[-1]}", written, end)
        else:
            yield Leg(one["text"], start, end)


def script(size: str) -> None:
    """Run a flat and clean a light; print every leg."""
    width, height = (int(part) for part in size.split("x"))
    flat = flat_of(width, height)
    light = (0.4 * flat).astype(np.float32)
    with tempfile.TemporaryDirectory() as name:
        folder, state = Path(name), Path(name) / "state"
        state.mkdir()
        with serving(state) as process:
            memory = Memory(process.pid)
            memory.start()
            told = perform(
                folder, "legs", state, {"flat": flat, "light": light}, limit=SECONDS,
                host={"seconds": SECONDS},
            )  # fmt: skip
            memory.over.set()
    assert told["history"] == ["PixelMath"]
    print(f"{width} x {height}, float32, {flat.nbytes / 1e6:.0f} MB a plane")
    for leg in legs(told["seen"]):
        grown = memory.growth(leg) / flat.nbytes
        print(f"  {leg.name:45s} {leg.end - leg.start:7.2f} s   bridge +{grown:.2f} planes")


def in_pieces(bridge: Bridge, data: bytes) -> float:
    """Return how long ``data`` takes as the script sends it: base64, piece by piece."""
    start = time.perf_counter()
    kind = {"Content-Type": "application/json"}
    status, answer = bridge.ask("POST", "/v1/uploads", json.dumps({"size": len(data)}), kind)
    assert status == 201, answer
    upload = json.loads(answer)
    at = 0
    while at < len(data):
        piece = base64.b64encode(data[at : at + upload["chunk_bytes"]])
        headers = {"Content-Type": "text/plain", "Upload-Offset": str(at)}
        status, answer = bridge.ask("POST", f"/v1/uploads/{upload['upload']}", piece, headers)
        assert status == 200, answer
        at = json.loads(answer)["offset"]
    return time.perf_counter() - start


def whole(bridge: Bridge, data: bytes) -> float:
    """Return how long ``data`` takes as one body."""
    start = time.perf_counter()
    status, answer = bridge.ask(
        "POST", "/v1/frames", data, {"Content-Type": "application/fits"}
    )  # fmt: skip
    assert status == 201, answer
    return time.perf_counter() - start


def doors(megabytes: int) -> None:
    """Print what the upload costs against one body, and that against a loopback socket."""
    with tempfile.TemporaryDirectory() as name:
        bridge = Bridge(Path(name))
        try:
            whole(bridge, image(1, 0))
            before = bridge.memory()[0]
            size = len(image(megabytes, 1))
            pieces = min(in_pieces(bridge, image(megabytes, seed)) for seed in (1, 2, 3))
            frames = min(whole(bridge, image(megabytes, seed)) for seed in (4, 5, 6))
            plain = min(loopback(image(megabytes, 7)) for _ in range(3))
            grown = (bridge.memory()[1] - before) * 2**20 / size
        finally:
            bridge.end()
    print(f"{size / 1e6:.0f} MB, best of three")
    print(
        f"  upload in pieces     {pieces:.3f} s = {pieces / frames:.1f} x POST /v1/frames (bar 4)"
    )
    print(f"  POST /v1/frames      {frames:.3f} s = {frames / plain:.1f} x loopback (bar 8)")
    print(f"  plain loopback       {plain:.3f} s")
    print(f"  bridge grew by {grown:.2f} of the frame at most (bar 2)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", default="9576x6388", help="WIDTHxHEIGHT")
    parser.add_argument("--megabytes", type=int, default=100)
    given = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}")
    doors(given.megabytes)
    script(given.size)


if __name__ == "__main__":
    main()
