"""One case: a broken file, made from its number, and what a reader makes of it."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
import time
import tracemalloc
import warnings
from functools import cache
from pathlib import Path

import numpy as np

from bridge.engines.base import Quiet
from bridge.errors import BridgeError, UnsupportedFrame
from bridge.io import read_image
from bridge.io.rewrite import read_recording
from bridge.io.ser import is_ser, open_ser
from bridge.median import median_of
from tests.fuzz.bombs import bombs
from tests.fuzz.corpus import corpus, odd_files
from tests.fuzz.damage import damaged
from tests.shared_data import DATA

SECONDS = 10
"""A case that takes longer hangs."""

TIMES, ROOM = 4, 8 * 2**20
"""Memory may be so many times the file or its honest pixels, and so many bytes for the reader."""

_UNIT = 1 if sys.platform == "darwin" else 1024

CAP = 3 * 2**30
"""Address space of a child."""


def limited() -> None:
    """Cap this process's memory, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (CAP, CAP))


@cache
def files() -> dict[str, list[bytes]]:
    """Return the whole files by format."""
    found = corpus()
    found["fits"] += odd_files(DATA / "odd-fits")
    for kind, some in bombs().items():
        found[kind] += some.values()
    return found


def made(number: int) -> tuple[str, bytes]:
    """Return the format and the bytes of a case."""
    rng = np.random.default_rng([7, number])
    kinds = sorted(files())
    kind = kinds[number % len(kinds)]
    return kind, damaged(kind, files()[kind], rng)


def outcome(number: int) -> dict[str, object]:
    """Return what a reader made of a case."""
    kind, data = made(number)
    return {"number": number, "kind": kind, **judged(data)}


def judged(data: bytes) -> dict[str, object]:
    """Return what a reader made of a file."""
    case: dict[str, object] = {"bytes": len(data)}
    before = _resident()
    began = time.monotonic()
    tracemalloc.start()
    pixels = 0
    try:
        with _alarm(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = _read(data)
        case["end"] = "read"
    except BridgeError as refusal:
        case["end"] = "refused"
        if "\n" in refusal.detail or not refusal.detail.endswith((".", "?")):
            case["said"] = f"no sentence: {refusal.detail!r}"
    except BaseException as error:
        case["said"] = f"{type(error).__name__}: {error}"[:300]
    peak = max(tracemalloc.get_traced_memory()[1], _resident() - before)
    tracemalloc.stop()
    if peak > TIMES * max(len(data), 4 * pixels) + ROOM:
        case["said"] = f"took {peak} bytes of memory"
    if time.monotonic() - began > SECONDS:
        case["said"] = "hung"
    case["bad"] = "said" in case
    return case


def _resident() -> int:
    """Return the most memory that this process ever held, where the system tells.

    Unlike what Python counts, it holds what libraries take for themselves.
    """
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return 0


def _read(data: bytes) -> int:
    """Read a file as the product does, and return how many pixels it has."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case"
        path.write_bytes(data)
        if is_ser(path):
            values = median_of(open_ser(path), run=Quiet()).pixels
        else:
            values = read_image(path).pixels
            _give_back(path)
        known = values[np.isfinite(values)]
        if np.isinf(values).any() or (known.size and not 0 <= known.min() <= known.max() <= 1):
            raise ValueError("values beyond [0, 1]")
        return values.size


def _give_back(path: Path) -> None:
    """Write an image that can be read as `apply` does, and read that again."""
    with contextlib.suppress(UnsupportedFrame):  # pictures are not given back
        recording = read_recording(path)
        path.write_bytes(recording.encode(recording.values, digest="0" * 64, history="fuzz"))
        if read_recording(path).stamps[-1:] != ("0" * 64,):
            raise ValueError("the correction is not recorded")


@contextlib.contextmanager
def _alarm():  # type: ignore[no-untyped-def]
    if sys.platform == "win32":
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError("hung")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
