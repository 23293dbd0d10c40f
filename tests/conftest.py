"""What holds for every test: no user's folder, no keys, no network but loopback, no chance."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.once import once
from tests.shared_data import shared

# Tests run side by side: linear algebra that takes all cores for itself would slow every one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

hypothesis.settings.register_profile("flatbridge", deadline=None, database=None, derandomize=True)
hypothesis.settings.load_profile("flatbridge")


@pytest.fixture(scope="session", autouse=True)
def _own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the run a state folder of its own, and close the way out of this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("FLATBRIDGE_") or name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
                patch.delenv(name)
        patch.setenv("FLATBRIDGE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def whole_sun(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return a function that gives the folder of what the command makes of the whole solar frame.

    Over a minute of work, so it is done once in a run, when it is first asked for.
    """

    def made() -> Path:
        from tests.real_frames import whole  # what it imports is for those who ask

        shared("solar-median")
        return once(tmp_path_factory, "whole-sun", lambda folder: whole("solar", folder)) / "out"

    return made


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
