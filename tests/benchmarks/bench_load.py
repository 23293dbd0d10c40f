"""A bridge under load: errors counted, the slope of its memory, how soon its health answers.

    python -m tests.benchmarks.bench_load --minutes 10

First so many clients, in a process of their own, send images of all sizes whole and in pieces, ask
for work, follow it with short and long polls, cancel some of it, fetch results, and make mistakes.
Then one large image is corrected while nobody else asks. All the while health is asked for ten
times a second, each time on a connection of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np

from bridge.io import fits_bytes
from tests.benchmarks.bench_server import Bridge
from tests.benchmarks.bench_speed import flat_of
from tests.benchmarks.clients import clients

EVERY = 0.1
WARM = 0.2
"""The share of the time after which memory must no longer grow."""

STORE = "300MB"
"""Little enough that the store evicts all the time."""


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
