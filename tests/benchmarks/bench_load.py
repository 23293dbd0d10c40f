"""A bridge under load: errors counted, the slope of its memory, how soon its health answers.

    python -m tests.benchmarks.bench_load --minutes 10

First so many clients, in a process of their own, send images of all sizes whole and in pieces, ask
for work, follow it with short and long polls, cancel some of it, fetch results, and make mistakes.
Then one large image is corrected while nobody else asks. All the while health is asked for ten
times a second, each time on a connection of its own.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import platform
import random
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from bridge.io import fits_bytes
from tests.benchmarks.bench_server import Bridge
from tests.benchmarks.bench_speed import flat_of
from tests.synthetic import donut_flat

EVERY = 0.1
WARM = 0.2
"""The share of the time after which memory must no longer grow."""

SIDES = (120, 200, 320, 600)
STORE = "300MB"
"""Little enough that the store evicts all the time."""


class Client:
    """One client that does what comes to its mind."""

    def __init__(self, url: str, token: str, seed: int, counts: Counter[str]) -> None:
        self.address = urlsplit(url)
        self.token = token
        self.rng = random.Random(seed)
        self.counts = counts
        self.frames: list[str] = []
        self.jobs: list[str] = []

    def ask(self, method, path, body=None, kind="application/json", token=None, **headers):
        """Return status and body; a failure to answer is counted as an error."""
        if isinstance(body, dict):
            body = json.dumps(body)
        sent = {"Authorization": f"Bearer {token or self.token}", "Content-Type": kind, **headers}
        connection = http.client.HTTPConnection(
            self.address.hostname, self.address.port, timeout=60
        )
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def expect(self, what, expected, status, data):
        """Count an answer: as asked for, as refused for want of room, or as an error."""
        if status in expected:
            self.counts[what] += 1
        elif status == 429:
            self.counts["429, asked to wait"] += 1
        else:
            self.counts[f"ERROR {what}: {status} {data[:120]!r}"] += 1
        return json.loads(data) if status in expected and data[:1] == b"{" else {}

    def image(self):
        side = self.rng.choice(SIDES)
        seed = self.rng.randrange(10**6)
        return fits_bytes(donut_flat(seed, shape=(side, side + 40), count=2, radii=(5, 12)).flat)

    def whole(self):
        answer = self.ask("POST", "/v1/frames", self.image(), "application/fits")
        self.note(self.expect("image", (200, 201), *answer).get("id"))

    def pieces(self):
        data = self.image()
        begun = self.expect(
            "upload begun", (200, 201), *self.ask("POST", "/v1/uploads", {"size": len(data)})
        )
        step, at, last = self.rng.choice((30_000, 300_000)), 0, {}
        while begun and at < len(data):
            piece = base64.b64encode(data[at : at + step])
            answer = self.ask("POST", f"/v1/uploads/{begun['upload']}", piece, "text/plain",
                              **{"Upload-Offset": str(at)})  # fmt: skip
            last = self.expect("piece", (200,), *answer)
            if not last or self.rng.random() < 0.02:  # gives up in the middle
                return
            at = last["offset"]
        self.note(last.get("frame", {}).get("id"))

    def note(self, frame):
        self.frames = [*self.frames, *([frame] if frame else [])][-4:]

    def work(self):
        if not self.frames:
            return self.whole()
        members = {
            "operation": self.rng.choice(("detect", "correct", "correct")),
            "frame": self.rng.choice(self.frames),
            "options": {"threshold": self.rng.choice((5, 6, 7)), "seed": self.rng.randrange(3)},
        }
        # 422: this image has been evicted meanwhile
        answer = self.expect("job", (202, 422), *self.ask("POST", "/v1/jobs", members))
        if "id" in answer:
            self.jobs = [*self.jobs, answer["id"]][-3:]
        return None

    def follow(self):
        if self.jobs:
            wait = self.rng.choice(("", "?wait=1", "?wait=20"))
            job = self.rng.choice(self.jobs)
            found = self.expect("poll", (200,), *self.ask("GET", f"/v1/jobs/{job}{wait}"))
            problem = (found.get("problem") or {}).get("type")
            if problem not in (None, "/problems/unknown-frame"):
                self.counts[f"ERROR job: {found['problem']}"] += 1

    def cancel(self):
        if self.jobs:
            job = self.rng.choice(self.jobs)
            self.expect("cancel", (202,), *self.ask("POST", f"/v1/jobs/{job}/cancel"))

    def fetch(self):
        if self.jobs:
            job, end = self.rng.choice(self.jobs), self.rng.choice(("mask.fits", "mask.png"))
            # 404, 409: evicted, not ready
            answer = self.ask("GET", f"/v1/jobs/{job}/{end}")
            self.expect("result", (200, 404, 409), *answer)

    def look(self):
        path = self.rng.choice(("/v1/jobs", "/v1/engines", "/", "/v1/health"))
        self.expect("look", (200,), *self.ask("GET", path))

    def mistake(self):
        ways = (
            ((401,), ("GET", "/v1/jobs", None, "application/json", "wrong")),
            ((404,), ("GET", "/v1/jobs/nothing")),
            ((422,), ("POST", "/v1/frames", b"no image" * 500, "application/fits")),
            ((422,), ("POST", "/v1/jobs", {"operation": "nonsense"})),
            ((400,), ("POST", "/v1/jobs", "{")),
        )
        expected, asked = self.rng.choice(ways)
        self.expect("mistake", expected, *self.ask(*asked))

    def live(self, until):
        """Do things until then."""
        ways = (
            (self.whole, 2), (self.pieces, 2), (self.work, 4), (self.follow, 8), (self.cancel, 1),
            (self.fetch, 3), (self.look, 2), (self.mistake, 1),
        )  # fmt: skip
        does, weights = zip(*ways, strict=True)
        while time.monotonic() < until:
            try:
                self.rng.choices(does, weights)[0]()
            except (OSError, http.client.HTTPException) as trouble:
                self.counts[f"ERROR {type(trouble).__name__}: {trouble}"] += 1


def clients(url, token, number, seconds, told) -> None:
    """Let ``number`` clients live; put what they counted."""
    counts = [Counter() for _ in range(number)]
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=Client(url, token, seed, count).live, args=(until,))
        for seed, count in enumerate(counts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.put(sum(counts, Counter()))


class Watch:
    """Asks for health and looks at memory, until ``over`` says so."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.delays: list[float] = []
        self.memory: list[tuple[float, float]] = []
        self.errors = 0

    def run(self, over) -> None:
        began = time.monotonic()
        while not over():
            start = time.perf_counter()
            try:
                status, _ = self.bridge.ask("GET", "/v1/health")
                self.errors += status != 200
            except OSError:
                self.errors += 1
            self.delays.append(time.perf_counter() - start)
            self.memory.append((time.monotonic() - began, self.bridge.memory()[0]))
            time.sleep(max(0.0, EVERY - self.delays[-1]))

    def print_health(self) -> None:
        half, most, all_ = np.percentile(self.delays, (50, 99, 100)) * 1000
        print(f"  health: {half:.0f} ms at the median, {most:.0f} ms at the 99th percentile, "
              f"{all_:.0f} ms at worst, of {len(self.delays)}; {self.errors} errors")  # fmt: skip

    def print_memory(self) -> None:
        times, sizes = np.transpose(self.memory)
        late = times > WARM * times[-1]
        slope = np.polyfit(times[late] / 60, sizes[late], 1)[0]
        thirds = [np.median(part) for part in np.array_split(sizes[late], 3)]
        print(f"  memory: {thirds[0]:.0f}, {thirds[1]:.0f}, {thirds[2]:.0f} MB at the median of "
              f"each third, {sizes.max():.0f} MB at most; slope {slope:+.1f} MB a minute after "
              f"the first {WARM:.0%}")  # fmt: skip


def many(bridge: Bridge, number: int, minutes: float) -> None:
    """Print what comes of ``number`` clients."""
    print(f"{number} clients, {minutes:g} minutes")
    spawn = multiprocessing.get_context("spawn")
    told = spawn.Queue()
    asked = (bridge.address.geturl(), bridge.token, number, 60 * minutes, told)
    process = spawn.Process(target=clients, args=asked)
    process.start()
    watch = Watch(bridge)
    watch.run(lambda: not told.empty() or not process.is_alive())
    counts = told.get(timeout=5)
    process.join()
    errors = {what: count for what, count in counts.items() if what.startswith("ERROR")}
    fine = ", ".join(
        f"{count} {what}" for what, count in counts.most_common() if what not in errors
    )
    print(f"  {sum(counts.values())} requests: {fine}")
    print(f"  {sum(errors.values())} errors")
    for what, count in errors.items():
        print(f"    {count} x {what}")
    watch.print_health()
    watch.print_memory()


def large(bridge: Bridge, megapixels: float) -> None:
    """Print how health answers while a large image is corrected."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    data = fits_bytes(flat_of(round(1.5 * height), height))
    print(f"one image of {megapixels:g} megapixels, {len(data) / 1e6:.0f} MB")
    idle = Watch(bridge)
    until = time.monotonic() + 5
    idle.run(lambda: time.monotonic() > until)
    print("  nothing to do:")
    idle.print_health()
    status, answer = bridge.ask("POST", "/v1/frames", data, {"Content-Type": "application/fits"})
    assert status == 201, answer
    job = {"operation": "correct", "frame": json.loads(answer)["id"]}
    status, answer = bridge.ask(
        "POST", "/v1/jobs", json.dumps(job), {"Content-Type": "application/json"}
    )
    assert status == 202, answer
    followed = f"/v1/jobs/{json.loads(answer)['id']}"
    begun, state, stages = time.monotonic(), {}, {}

    def over() -> bool:
        """Look now and then, and note in which stage the slowest answers come."""
        if watch.delays and "stage" in state:
            stages.setdefault(state["stage"], []).append(watch.delays[-1])
        if len(watch.delays) % 10 == 0:
            state.update(json.loads(bridge.ask("GET", followed)[1]))
        return state.get("state") in ("succeeded", "failed", "cancelled")

    watch = Watch(bridge)
    watch.run(over)
    print(f"  {state['state']} after {time.monotonic() - begun:.0f} s")
    watch.print_health()
    slow = {stage: f"{1000 * np.percentile(d, 99):.0f}" for stage, d in stages.items() if stage}
    print("  99th percentile by stage, ms:", ", ".join(f"{s} {d}" for s, d in slow.items()))
    print("  memory: {:.0f} MB, at most {:.0f} MB".format(*bridge.memory()))


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="0 leaves the clients out")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--megapixels", type=float, default=60, help="0 leaves the image out")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.system()}")
    with tempfile.TemporaryDirectory() as home:
        os.environ["FLATBRIDGE_STORE_BYTES"] = STORE
        if given.minutes:
            bridge = Bridge(Path(home) / "many")
            many(bridge, given.clients, given.minutes)
            bridge.end()
        os.environ["FLATBRIDGE_STORE_BYTES"] = "20GB"
        if given.megapixels:
            bridge = Bridge(Path(home) / "large")
            large(bridge, given.megapixels)
            bridge.end()


if __name__ == "__main__":
    main()
