"""Clients of a bridge that do whatever comes to their minds, and count what is answered."""

from __future__ import annotations

import base64
import http.client
import json
import random
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

from bridge.io import fits_bytes
from tests.synthetic import donut_flat

SIDES = (120, 200, 320, 600)


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
