"""What is dear is made once in a run, by whichever of its processes asks first."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object], seconds: float = 400
) -> Path:
    """Return the run's folder of a name, once ``make`` has filled it here or in another worker.

    Whoever waits for more than ``seconds``, or for a ``make`` that fails, fails too.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made, failed = folder.with_suffix(".made"), folder.with_suffix(".failed")
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + seconds
        while not made.exists():
            assert not failed.exists(), f"{name} could not be made; the test that tried tells why"
            assert time.monotonic() < deadline, f"{name} is not made after {seconds} s"
            time.sleep(0.1)
        return folder
    try:
        make(folder)
    except BaseException:
        failed.touch()
        raise
    made.touch()
    return folder
