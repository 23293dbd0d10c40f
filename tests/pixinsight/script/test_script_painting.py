"""The mask changed in the preview by drawn circles; before and after in turn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.pixinsight.script.conftest import ROOT, SHAPE, Play, Told, perform, serving
from tests.synthetic import Scene


def disk(circle: dict[str, float]) -> NDArray[np.float32]:
    """Return how far each pixel lies in a circle whose edge is one pixel soft."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    reach = circle["radius"] + 0.5 - np.hypot(x - circle["x"], y - circle["y"])
    return np.clip(reach, 0, 1).astype(np.float32)


@pytest.fixture(scope="module")
def circles(scene: Scene) -> dict[str, dict[str, float]]:
    """Return a circle on clean ground, and one about the deepest shadow."""
    depth = 1 - scene.transmission
    y, x = np.unravel_index(depth.argmax(), depth.shape)
    around = np.hypot(*(np.mgrid[: SHAPE[0], : SHAPE[1]] - np.array([y, x])[:, None, None]))
    erase = {"x": int(x), "y": int(y), "radius": 30}
    free = [
        {"x": cx, "y": cy, "radius": 6}
        for cy in range(30, SHAPE[0] - 30, 10)
        for cx in range(30, SHAPE[1] - 30, 10)
        if depth[cy - 16 : cy + 16, cx - 16 : cx + 16].max() < 1e-3 and around[cy, cx] > 50
    ]
    return {"add": free[0], "erase": erase}


@pytest.fixture(scope="module")
def told(
    bridge: Path,
    flat: NDArray[np.float32],
    circles: dict[str, dict[str, float]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Told:
    folder = tmp_path_factory.mktemp("painting")
    return perform(folder, "painting", bridge, {"flat": flat}, **circles, ending="close")


def test_the_pixel_under_the_mouse_tells_its_factor(
    told: Told, circles: dict[str, dict[str, float]]
) -> None:
    x, y = circles["erase"]["x"], circles["erase"]["y"]
    place, factor = told["point"].split(", factor ")
    assert place.startswith(f"x {x}, y {y}: ")
    value, unsure = (float(text) for text in factor.split(" \u00b1 "))
    assert value == pytest.approx(told.factor()[0, y, x], abs=1e-4)
    assert 0 < unsure < 0.01


def fates(told: Told, when: int) -> list[str]:
    return [row.rsplit(" | ", 1)[1] for row in told["rows"][when][1:]]


def test_circles_change_the_mask_and_undo_takes_them_back(
    told: Told, circles: dict[str, dict[str, float]]
) -> None:
    found, added, erased = (told.plane(f"mask_{name}")[0] for name in ("found", "added", "erased"))
    add, erase = disk(circles["add"]), disk(circles["erase"])
    assert (found[add > 0] == 0).all()
    np.testing.assert_allclose(added, np.maximum(found, add), atol=1e-6)
    np.testing.assert_allclose(erased, np.minimum(added, 1 - erase), atol=1e-6)
    np.testing.assert_array_equal(told.plane("mask_undone")[0], added)
    np.testing.assert_array_equal(told.plane("mask_sent")[0], erased)
    assert told["undo"] == [False, True]
    assert told["faults"] == []


def test_the_list_follows_the_mask(told: Told) -> None:
    assert fates(told, 0).count("left out") == 1
    assert fates(told, 1) == ["yes"] * 3


def test_correct_takes_the_changed_mask(told: Told, circles: dict[str, dict[str, float]]) -> None:
    before, after = told.factor(), told.factor("flat_dustfactor1")
    add, erase = disk(circles["add"]) > 0.5, disk(circles["erase"]) == 1
    assert (before[0][add] == 1).all()
    assert (after[0][add] != 1).mean() > 0.9
    assert (before[0][erase] != 1).any()
    assert (after[0][erase] == 1).all()
    drawn = told["rows"][2][4].split(" | ")
    assert drawn[0].endswith("4")
    x, y = (float(text) for text in drawn[1].split(", "))
    assert np.hypot(x + 0.5 - circles["add"]["x"], y + 0.5 - circles["add"]["y"]) < 1
    assert sorted(fates(told, 2)) == ["left out", "yes", "yes", "yes"]


def test_before_and_after_blink_in_one_scale(told: Told) -> None:
    def picture(name: str) -> NDArray[np.int16]:
        with Image.open(told.folder / f"{name}.png") as shown:
            return np.asarray(shown.convert("RGB")).astype(np.int16)

    flat, clean = "Flat, light divided out", "Dust-free flat, light divided out"
    assert told["shown"] == [flat, flat, clean, flat]
    before, after, again = (picture(name) for name in ("before", "after", "before_again"))
    np.testing.assert_array_equal(before, again)
    changed = (before != after).any(axis=2)
    assert 0 < changed.sum() < 3 * (told.plane("mask_found") > 0).sum()
    off = [abs(shown[changed].mean() - 127.5) for shown in (before, after)]
    assert off[1] < off[0] / 5


def test_a_mask_closed_meanwhile_is_told(told: Told) -> None:
    gone = "flat_dustmask is no longer open."
    assert told["status"][1] == gone
    assert told["status"][2] == gone


def test_a_bridge_killed_while_the_preview_is_open_is_missed_by_nobody(
    play: Play, flat: NDArray[np.float32], circles: dict[str, dict[str, float]], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    with serving(state) as process:
        told = play(
            "painting", state, {"flat": flat}, **circles, killBridge=process.pid,
            host={"environment": {"PYTHONPATH": str(ROOT)}},
        )  # fmt: skip
    assert told["shown"][-1] == "Dust-free flat, light divided out"
    assert told["status"][0] == told["status"][1]  # nothing went wrong meanwhile
    assert fates(told, 3).count("left out") == 2
    assert "Done." in told["status"][2]
    assert told["detached"] == 1
    left_out = told.plane("mask_sent")[0] > told.plane("mask_without_bridge")[0]
    assert left_out.any()
    assert (told.factor("flat_dustfactor2")[0][left_out] == 1).all()
    assert fates(told, 4).count("left out") == 2
