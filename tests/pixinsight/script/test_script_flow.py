"""The whole way through the dialog, for every kind of flat, under every behaviour in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import SHAPE, Play, Told
from tests.ser import ser_bytes
from tests.synthetic import Scene, record

Images = dict[str, NDArray[Any]]


def counts(pixels: NDArray[Any]) -> NDArray[np.uint16]:
    return np.rint(np.clip(pixels, 0, 1) * 65535).astype(np.uint16)


def mosaic() -> NDArray[np.float32]:
    """Return the levels of a color mosaic's sites."""
    return np.tile(np.array([[0.6, 1], [1, 0.8]], np.float32), (SHAPE[0] // 2, SHAPE[1] // 2))


@pytest.fixture(scope="session")
def lights(scene: Scene) -> Images:
    rng = np.random.default_rng(21)
    return {f"light{n}": record(0.2 * scene.transmission, 0.02, rng) for n in (1, 2)}


@pytest.fixture(scope="session")
def frames(scene: Scene) -> NDArray[np.uint16]:
    rng = np.random.default_rng(22)
    return counts(np.stack([record(0.4 * scene.transmission, 0.01, rng) for _ in range(9)]))


def asked(
    kind: str, flat: NDArray[np.float32], lights: Images, frames: NDArray[Any], folder: Path
) -> tuple[Images, list[str] | None]:
    """Return the windows to open, and the files whose median is the flat."""
    if kind in ("video", "frames"):
        if kind == "video":
            (folder / "sun.ser").write_bytes(ser_bytes(frames, depth=16))
            return lights, [str(folder / "sun.ser")]
        paths = [folder / f"frame{number}.fits" for number in range(len(frames))]
        for path, frame in zip(paths, frames, strict=True):
            fits.PrimaryHDU(frame).writeto(path)
        return lights, [str(path) for path in paths]
    images = {"flat": flat, **lights}
    if kind == "RGB":
        levels = np.array([1, 0.8, 0.6], np.float32)[:, None, None]
        images = {name: pixels * levels for name, pixels in images.items()}
    if kind == "mosaic":
        images = {name: counts(pixels * mosaic()) for name, pixels in images.items()}
    return images, None


def check(told: Told, images: Images, scene: Scene) -> None:
    """Compare what came out with numpy."""
    assert told["faults"] == []
    factor = told.factor(told["factor"]).astype(np.float64)
    mask = told.plane(told["mask"])[0]
    assert (factor[:, mask == 0] == 1).all()
    inside = mask == 1
    assert abs(factor - scene.transmission)[:, inside].max() < 0.04
    deepest = np.unravel_index((1 - scene.transmission).argmax(), SHAPE)
    assert mask[deepest] == 0  # the first of the list, left out
    for name, history in told["histories"].items():
        before = np.atleast_3d(images[name].T).T
        assert history == [["PixelMath", []]]
        after, undone = told.plane(name), told.plane(f"{name}_undone")
        expected = before / factor
        if before.dtype == np.uint16:
            assert np.abs(after - expected.clip(0, 65535)).max() <= 0.51
        else:
            np.testing.assert_allclose(after, expected.clip(0, 1), rtol=1.3e-7)
        np.testing.assert_array_equal(undone, before)
    master = f"masterFlat_{told['source']}_FB"
    flat = told.plane(told["source"]).astype(np.float64)
    full = 65535 if told["kept"][master]["dtype"] == "uint16" else 1
    off = np.abs(told.plane(master) - (flat / factor).clip(0, full)).max()
    assert off <= (0.51 if full > 1 else 1e-6)


@pytest.mark.parametrize("kind", ["gray", "RGB", "mosaic", "video", "frames"])
def test_the_whole_way(
    play: Play, bridge: Path, flat: NDArray[np.float32], lights: Images, scene: Scene,
    frames: NDArray[np.uint16], kind: str, tmp_path: Path,
) -> None:  # fmt: skip
    images, median = asked(kind, flat, lights, frames, tmp_path)
    told = play("flow", bridge, images, median=median)
    assert told["listed"] == ["\u2611 light1 | ", "\u2611 light2 | "]
    check(told, images, scene)


IN_DOUBT: dict[str, dict[str, Any]] = {
    "answers are told otherwise and come in tiny chunks, ids are taken": {
        "taken": ["flat_dustmask", "flat_dustfactor", "flat_dustfree"],
        "host": {
            "quirks": {
                "responseCodeType": "string",
                "chunkBytes": 61,
                "closeForgets": False,
                "expectContinue": True,
            }
        },
    },
    "windows are the same objects and do not say that they are closed, another range is set": {
        "host": {
            "quirks": {"noActiveWindow": "null", "freshWrappers": False, "closedIsNull": False},
            "preferences": {"fits": {"upperRange": 65535, "outOfRange": "AskIfOut"}},
        }
    },
    "a range is asked for, samples in their own units, files lie bottom-up": {
        "host": {
            "quirks": {"integerArrays": "native"},
            "preferences": {"fits": {"outOfRange": "AskAlways", "bottomUp": True}},
        }
    },
    "row order is ignored, a light has a mask, events while the dialog is built": {
        "masked": "light1",
        "host": {
            "quirks": {"programmaticEvents": "building"},
            "preferences": {"fits": {"bottomUp": True, "useRowOrder": False}},
        },
    },
    "events for every value set, on Windows": {
        "host": {"quirks": {"programmaticEvents": "always"}, "platform": "Windows"},
        "stateInHome": True,
    },
    "no events for values set, buttons are clicked twice, on a Mac": {
        "twice": True,
        "host": {"quirks": {"programmaticEvents": "never"}, "platform": "macOS"},
        "stateInHome": True,
    },
}


@pytest.mark.parametrize("settings", IN_DOUBT.values(), ids=list(IN_DOUBT))
def test_the_whole_way_under_what_is_in_doubt(
    play: Play, bridge: Path, flat: NDArray[np.float32], lights: Images, scene: Scene,
    settings: dict[str, Any],
) -> None:  # fmt: skip
    images = {"flat": flat, **lights}
    told = play("flow", bridge, images, **settings)
    check(told, images, scene)
    assert told["factor"] == ("flat_dustfactor1" if "taken" in settings else "flat_dustfactor")
    if "masked" in settings:
        assert told["maskEnabled"] is True


@pytest.mark.parametrize("windows", ["free", "locked"])
def test_windows_may_be_worked_in_meanwhile_or_not(
    play: Play, bridge: Path, flat: NDArray[np.float32], lights: Images, windows: str
) -> None:
    square = {"x": 200, "y": 20, "size": 12}
    how = {"quirks": {"windowsWhileModal": windows}}
    told = play("flow", bridge, {"flat": flat, **lights}, paint=square, host=how)
    assert told["painted"] is (windows == "free")
    touched = told.factor(told["factor"])[0, 20:32, 200:212] != 1
    assert touched.mean() > 0.9 if windows == "free" else not touched.any()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"faults": [{"operation": "execute", "path": "^light2$"}]}, "PixelMath could not change"),
        (
            {
                "faults": [{"operation": "execute", "path": "^light2$"}],
                "host": {"quirks": {"pixelMathMissing": "throw"}},
            },
            "a fault of the test",
        ),
        ({"closed": "light2"}, "light2 is no longer open."),
    ],
    ids=["PixelMath answers false", "PixelMath throws", "a view closed mid-way"],
)
def test_what_fails_is_told_and_stops_nothing_else(
    play: Play, bridge: Path, flat: NDArray[np.float32], lights: Images,
    settings: dict[str, Any], words: str,
) -> None:  # fmt: skip
    told = play("flow", bridge, {"flat": flat, **lights}, **settings)
    assert told["status"][2].startswith("1 image cleaned, 1 failed")
    assert words in told["status"][2]
    assert told["histories"]["light1"] == [["PixelMath", []]]
    assert told["histories"].get("light2", []) == []
    assert "masterFlat_flat_FB" in told["ids"]
