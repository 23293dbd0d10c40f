"""A bridge that is killed at random moments, again and again, on one state folder.

    python -m tests.fuzz.crashes --rounds 100

Each round starts the bridge on what the last kill left, looks whether all is whole, sends a new
flat, asks for its correction by a stand-in of the paid service, and kills the bridge at a random
moment. Whole means: finished jobs are still finished and their planes have the digests they had,
unfinished ones have failed as interrupted, nothing that was paid for is asked again, no unfinished
files of the dead remain, both SQLite files pass their integrity check. Exit status 1 if not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import numpy as np

from bridge.io import fits_bytes
from tests.gemini.mind import Mind
from tests.gemini.service import Service
from tests.synthetic import donut_flat

LONGEST = 4.0
"""Seconds within which a kill comes, counted from the question for work."""


class Bridge:
    """A real bridge on ``home``, asked over HTTP."""

    def __init__(self, home: Path, service: Service) -> None:
        found = home / "server.json"
        found.unlink(missing_ok=True)
        variables = {**os.environ, **service.environment(), "FLATBRIDGE_HOME": str(home)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bridge", "serve", "--port", "0"],
            env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not found.exists():
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.process.kill()
                said = self.process.communicate()[1]
                raise RuntimeError(f"the bridge did not start: {said}")
            time.sleep(0.02)
        self.found = json.loads(found.read_text(encoding="utf-8"))

    def ask(self, method: str, path: str, data: object = None) -> bytes:
        body = data if isinstance(data, bytes) or data is None else json.dumps(data).encode()
        kind = "application/fits" if isinstance(data, bytes) else "application/json"
        request = urllib.request.Request(
            self.found["url"] + path, body, method=method,
            headers={"Authorization": "Bearer " + self.found["token"], "Content-Type": kind},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def jobs(self) -> dict[str, dict[str, object]]:
        return {job["id"]: job for job in json.loads(self.ask("GET", "/v1/jobs"))["jobs"]}

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


class Rounds:
    """What is known of one state folder from one round to the next."""

    def __init__(self, home: Path, seed: int) -> None:
        self.home = home
        self.rng = np.random.default_rng(seed)
        self.digests: dict[str, str] = {}
        self.states: Counter[str] = Counter()
        self.faults: list[str] = []
        self.kept_before = 0

    def look(self, bridge: Bridge) -> None:
        """Note every fault of what the last kill left."""
        jobs = bridge.jobs()
        self.states = Counter(str(job["state"]) for job in jobs.values())
        for job in jobs.values():
            problem = dict(job.get("problem") or {})  # type: ignore[call-overload]
            if job["state"] in ("queued", "running"):
                self.faults.append(f"job {job['id']} runs by itself")
            if job["state"] == "failed" and problem.get("type") != "/problems/interrupted":
                self.faults.append(f"job {job['id']}: {problem}")
            if job["state"] == "succeeded":
                for name, plane in dict(job["results"]).items():  # type: ignore[call-overload]
                    digest = hashlib.sha256(bridge.ask("GET", plane["url"])).hexdigest()
                    if self.digests.setdefault(plane["url"], digest) != digest:
                        self.faults.append(f"{name} of job {job['id']} changed")
        known = {url.split("/")[3] for url in self.digests}
        self.faults += [f"job {job} is lost" for job in known - set(jobs)]
        left = [path.name for path in (self.home / "store" / "unfinished").iterdir()]
        if len(left) > 2:  # the living bridge's folder and its lock
            self.faults.append(f"unfinished files remain: {left}")
        for name in ("jobs.sqlite", "store/index.sqlite"):
            with sqlite3.connect(self.home / name, timeout=30) as database:
                (said,) = database.execute("PRAGMA integrity_check").fetchone()
            database.close()
            if said != "ok":
                self.faults.append(f"{name}: {said}")

    def work(self, bridge: Bridge, service: Service, number: int) -> None:
        """Ask for a correction, and kill the bridge while it is at it.

        Each flat is asked for twice in a row: what the first time was answered is not sent again.
        """
        scene = donut_flat(
            number // 2, shape=(160, 200), count=2, radii=(6, 12), depths=(0.05, 0.1)
        )
        service.mind = Mind(scene.transmission, scene.signal)
        if number % 2 == 0:
            self.kept_before = self.kept()
        allowed, sent = 2 - (self.kept() - self.kept_before), len(service.requests)
        until = time.monotonic() + self.rng.uniform(0, LONGEST)
        try:
            frame = json.loads(bridge.ask("POST", "/v1/frames", fits_bytes(scene.flat)))["id"]
            job = {"operation": "correct", "frame": frame, "options": {"engine": "gemini"}}
            bridge.ask("POST", "/v1/jobs", job)
        except (OSError, urllib.error.URLError) as trouble:
            self.faults.append(f"round {number}: {trouble}")
        time.sleep(max(0.0, until - time.monotonic()))
        bridge.kill()
        if len(service.requests) - sent > allowed:
            self.faults.append(f"round {number}: paid twice")

    def kept(self) -> int:
        """Return how many answers there are."""
        return len(list((self.home / "store" / "answers").iterdir()))


def run(rounds: int, seed: int, home: Path) -> Rounds:
    """Play the rounds; the faults are in what is returned."""
    played = Rounds(home, seed)
    with Service() as service:
        for number in range(rounds):
            bridge = Bridge(home, service)
            played.look(bridge)
            played.work(bridge, service, number)
        bridge = Bridge(home, service)
        played.look(bridge)
        bridge.kill()
        sent = len(service.requests)
    print(f"{rounds} kills: {dict(played.states)}; {len(played.digests)} planes whole; "
          f"{played.kept()} answers kept of {sent} asked for; "
          f"{len(played.faults)} faults")  # fmt: skip
    return played


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = run(given.rounds, given.seed, Path(folder)).faults
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
