"""A scene, and a stand-in of the service that the settings lead to."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from tests.benchmarks.scenes import Scene
from tests.gemini.service import Service
from tests.synthetic import donut_flat


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLATBRIDGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def loaded():
    """The service's own client: to load it the first time takes seconds, which no test times."""
    import_module("google.genai")


@pytest.fixture(scope="session")
def scene():
    made = donut_flat(11, shape=(240, 320), count=5, radii=(8, 20), depths=(0.03, 0.12))
    flat = made.flat[None].astype(np.float32)
    return Scene(flat, flat, made.signal[None], made.transmission)


@pytest.fixture
def serve(monkeypatch):
    """A function that starts a stand-in and leads the settings to it."""
    running = []

    def start(*answers, mind=None, **settings):
        service = Service(*answers, mind=mind)
        running.append(service.__enter__())
        for name, value in service.environment(**settings).items():
            monkeypatch.setenv(name, value)
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)
