"""What a correction does not belong to is refused at every door: one table, a frame for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from tests.e2e.cli_support import FlatBridge
from tests.http.support import Live, start
from tests.pixinsight.script.conftest import SHAPE, perform
from tests.real_frames import by_command
from tests.synthetic import Scene, donut_flat, record

Plane = NDArray[np.float32]
Seen = Callable[[Scene], NDArray[Any]]

FLAT = {"FILTER": "Ha", "INSTRUME": "Camera 7", "XBINNING": 1, "YBINNING": 1, "ROTATANG": 1.0}


def noisy(light: NDArray[Any]) -> Plane:
    return record(0.2 * light, 0.02, np.random.default_rng(6))


def dusty(scene: Scene) -> Plane:
    return noisy(scene.transmission)


@dataclass(frozen=True)
class Guard:
    """A frame that is to be refused: what is in it, the rule, and the words at each door.

    ``script`` holds the words of the dialog, ``asks`` those of a question that it asks instead.
    """

    rule: str
    words: str
    seen: Seen = dusty
    cards: Mapping[str, object] = field(default_factory=dict)
    history: str = ""
    script: str = ""
    asks: str = ""


GUARDS = {
    "corrected before": Guard(
        "not-in-target", "does not hold this dust", lambda one: noisy(np.ones(SHAPE)),
        script="not-in-target",
    ),
    "turned by 180 degrees": Guard(
        "not-in-target", "would fit rotated by 180 degrees",
        lambda one: noisy(one.transmission[::-1, ::-1]), script="would fit rotated by 180 degrees",
    ),
    "rows flipped": Guard(
        "not-in-target", "would fit with its rows flipped",
        lambda one: noisy(one.transmission[::-1]), script="would fit with its rows flipped",
    ),
    "moved": Guard(
        "not-in-target", "would fit with --offset=-6,4",
        lambda one: noisy(np.roll(one.transmission, (4, -6), (0, 1))),
        script="would fit moved by -6,4 px",
    ),
    "the wrong direction": Guard(
        "stale-flat", "use --multiply", lambda one: noisy(1 / one.transmission),
        asks="was divided into light when the dust had gone",
    ),
    "a bias left in": Guard(
        "pedestal-or-gamma", "give it with --pedestal", lambda one: dusty(one) + np.float32(0.1),
        script="an offset (bias, dark) is left in",
    ),
    "raw": Guard(
        "pedestal-or-gamma", "it looks raw", lambda one: dusty(one) + np.float32(0.1),
        cards={"IMAGETYP": "LIGHT"}, script="an offset (bias, dark) is left in",
    ),
    "registered": Guard(
        "registered", "was registered", history="StarAlignment.pixelInterpolation: Lanczos-3",
        script="light was registered",
    ),
    "integrated": Guard(
        "integrated", "was stacked", history="ImageIntegration.numberOfImages: 30",
        script="light was stacked",
    ),
    "drizzled": Guard(
        "drizzled", "was drizzled", history="DrizzleIntegration.scale: 2.00",
        script="light was drizzled",
    ),
    "stretched": Guard(
        "stretched", "was stretched", history="HistogramTransformation with shadows clipping",
        script="light was stretched",
    ),
    "another filter": Guard(
        "filter", "another filter than the flat (OIII, not Ha)", cards={"FILTER": "OIII"},
        script="another filter than the flat (OIII, not Ha)",
    ),
    "another camera": Guard(
        "camera", "another camera than the flat", cards={"INSTRUME": "Camera 8"},
        script="another camera than the flat",
    ),
    "another binning": Guard(
        "binning", "another binning than the flat", cards={"XBINNING": 2, "YBINNING": 2},
        script="another binning than the flat",
    ),
    "turned by the rotator": Guard(
        "rotator", "another rotator angle than the flat", cards={"ROTATANG": 181.0},
        script="another rotator angle than the flat",
    ),
    "an X-Trans mosaic": Guard(
        "x-trans", "is an X-Trans mosaic", cards={"BAYERPAT": "GGRGGBGGBGGRBRGRBG" * 2},
        script="is an X-Trans mosaic",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def scene() -> Scene:
    return donut_flat(5, shape=SHAPE, count=3, depths=(0.05, 0.2), radii=(8, 14))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    bridge = start(tmp_path_factory.mktemp("state"), command=("-m", "bridge", "serve", "--port=0"))
    yield bridge
    bridge.kill()


@pytest.fixture(scope="module")
def flat(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("flat") / "flat.fits", scene.flat, FLAT)


@pytest.fixture(scope="module")
def factor(flat: Path) -> Path:
    """Return the correction that the command makes of the flat, once for all frames."""
    by_command(flat, flat.parent / "made")
    return flat.parent / "made" / "correction.fits"


def written(
    path: Path, pixels: NDArray[Any], cards: Mapping[str, object], history: str = ""
) -> Path:
    hdu = fits.PrimaryHDU(pixels)
    hdu.header.update(cards)
    if history:
        hdu.header.add_history(history)
    hdu.writeto(path)
    return path


@pytest.fixture(params=GUARDS)
def guard(request: pytest.FixtureRequest) -> Guard:
    return GUARDS[request.param]


@pytest.fixture
def frame(guard: Guard, scene: Scene, tmp_path: Path) -> Path:
    return written(tmp_path / "light.fits", guard.seen(scene), guard.cards, guard.history)


@pytest.fixture
def flatbridge(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> FlatBridge:
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def test_on_the_command_line(
    flatbridge: FlatBridge, guard: Guard, factor: Path, frame: Path, tmp_path: Path
) -> None:
    call = "apply", factor, frame, "-o", tmp_path / "out"
    done = flatbridge(*call)
    assert done.code == 1
    assert guard.words in done.err
    assert "--force" in done.err
    assert not (tmp_path / "out" / "light.fits").exists()
    assert flatbridge(*call, "--force").code == 0


def test_over_http(live: Live, guard: Guard, flat: Path, frame: Path, tmp_path: Path) -> None:
    asked = {"operation": "correct", "frame": live.send(flat.read_bytes())}
    made = live.finish(live.ask("POST", "/v1/jobs", asked)[1]["id"], seconds=120)
    (tmp_path / "out").mkdir()
    asked = {
        "operation": "apply", "correction": made["id"], "paths": [str(frame)],
        "output": str(tmp_path / "out"),
    }  # fmt: skip
    job = live.finish(live.ask("POST", "/v1/jobs", asked)[1]["id"])
    assert job["state"] == "failed"
    assert (job["problem"]["type"], job["problem"]["rule"]) == (
        "/problems/target-refused", guard.rule,
    )  # fmt: skip
    assert guard.words in job["problem"]["detail"]
    assert not list((tmp_path / "out").iterdir())
    forced = {**asked, "options": {"force": True}}
    assert live.finish(live.ask("POST", "/v1/jobs", forced)[1]["id"])["state"] == "succeeded"


def test_in_the_script(live: Live, guard: Guard, scene: Scene, tmp_path: Path) -> None:
    light = guard.seen(scene)
    given = {
        "light": {"keywords": keywords(guard.cards, guard.history)},
        "flat": {"keywords": keywords(FLAT)},
        **({"answers": ["No"]} if guard.asks else {}),
    }
    told = perform(
        tmp_path, "run_and_apply", live.home, {"flat": scene.flat, "light": light}, **given
    )
    if guard.asks:
        assert guard.asks in told["questions"][0]
    else:
        assert guard.script in told["console"]
        assert "Nothing was changed" in told["console"]
    assert told["history"] == []
    np.testing.assert_array_equal(told.plane("applied"), light[None])


def keywords(cards: Mapping[str, object], history: str = "") -> list[dict[str, str]]:
    """Return cards as PixInsight shows them."""
    shown = [
        {
            "name": name,
            "value": f"'{value}'" if isinstance(value, str) else str(value),
            "comment": "",
        }
        for name, value in cards.items()
    ]
    return shown + ([{"name": "HISTORY", "value": "", "comment": history}] if history else [])
