"""Run and Apply: what the script does is what `flatbridge correct` and numpy do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import Planes, Play, by_command, rimmed
from tests.synthetic import Scene, record

CARD = ("name", "value", "comment")
OWN = {"flat_dustmask", "flat_dustfactor", "flat_dustfree"}


def test_run_gives_what_the_command_gives(
    play: Play, bridge: Path, flat: NDArray[np.float32], expected: Planes
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat})
    assert set(told["results"]) == OWN
    assert told["hidden"] == []
    np.testing.assert_array_equal(told.plane("flat_dustmask"), expected["mask"])
    np.testing.assert_array_equal(told.factor(), expected["correction"])
    np.testing.assert_array_equal(told.plane("flat_dustfree"), expected["clean_flat"])
    assert told.factor().min() < 0.97
    np.testing.assert_array_equal(told.plane("flat_after"), flat[None])
    assert told["flatHistory"] == []


def test_apply_divides_and_undo_restores(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat, "light": light})
    expected = (light / told.factor().astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("applied"), expected, rtol=1.3e-7)
    np.testing.assert_array_equal(told.plane("undone"), light[None])
    (step,) = told["history"]
    assert step["process"] == "PixelMath"
    assert step["stray"] == []
    assert step["parameters"]["expression"] in told["console"]


def test_an_image_without_the_dust_is_left_alone_until_asked_again(
    play: Play, bridge: Path, flat: NDArray[np.float32], dustless: NDArray[np.float32]
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat, "light": dustless})
    np.testing.assert_array_equal(told.plane("applied"), dustless[None])
    assert told["history"] == []
    assert "light: not-in-target" in told["console"]
    assert "Nothing was changed" in told["console"]
    told = play("run_and_apply", bridge, {"flat": flat, "light": dustless}, insist=True)
    assert [step["process"] for step in told["history"]] == ["PixelMath"]


def test_the_same_factor_is_not_divided_in_twice(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat, "light": light}, insist=True)
    assert "Dust fit: matches" in str(told["texts"])
    assert len(told["history"]) == 1
    assert "light: not-in-target" in told["console"]


PASTS = {
    "registered": ([("HISTORY", "", "StarAlignment.pixelInterpolation: Lanczos-3")], "registered"),
    "a stack": ([("IMAGETYP", "'Master Light'", "")], "stacked from several frames"),
    "another filter": ([("FILTER", "'OIII'", "")], "another filter than the flat (OIII, not Ha)"),
}


@pytest.mark.parametrize("kind", PASTS)
def test_what_the_keywords_speak_against_is_told_and_overruled(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32], kind: str
) -> None:
    cards, words = PASTS[kind]
    images = {"flat": flat, "light": light}
    how = {
        "light": {"keywords": [dict(zip(CARD, card, strict=True)) for card in cards]},
        "flat": {"keywords": [dict(zip(CARD, ("FILTER", "'Ha'", ""), strict=True))]},
    }
    told = play("run_and_apply", bridge, images, **how)
    assert words in told["console"]
    assert "Nothing was changed" in told["console"]
    assert told["history"] == []
    told = play("run_and_apply", bridge, images, insist=True, **how)
    assert [step["process"] for step in told["history"]] == ["PixelMath"]


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_stale_flat_is_multiplied_back_if_the_user_says_so(
    play: Play, bridge: Path, flat: NDArray[np.float32], scene: Scene, answer: str
) -> None:
    rng = np.random.default_rng(6)
    stale = record(0.2 / scene.transmission, 0.05, rng)
    told = play("run_and_apply", bridge, {"flat": flat, "light": stale}, answers=[answer])
    assert "was divided into light when the dust had gone" in told["questions"][0]
    if answer == "No":
        np.testing.assert_array_equal(told.plane("applied"), stale[None])
        assert told["history"] == []
        return
    expected = (stale * told.factor().astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("applied"), expected, rtol=1.3e-7)
    np.testing.assert_array_equal(told.plane("undone"), stale[None])


def test_a_rim_above_one_survives(play: Play, bridge: Path, light: NDArray[np.float32]) -> None:
    told = play("run_and_apply", bridge, {"flat": rimmed(), "light": light}, insist=True)
    assert told.factor().max() > 1.02
    assert told.plane("flat_dustfactor").max() <= 1
    rim = told.factor() > 1.02
    assert (told.plane("applied")[rim] < light[None][rim]).all()


def test_saturated_and_negative_pixels(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    pixels = light.copy()
    pixels[::7, ::5] = 1
    pixels[3, 3:8] = -0.01
    told = play("run_and_apply", bridge, {"flat": flat, "light": pixels})
    applied = told.plane("applied")[0]
    assert (applied[::7, ::5] == 1).all()
    assert (applied[3, 3:8] == 0).all()
    assert "5 negative values became 0." in told["console"]


def test_the_targets_own_mask_is_out_of_the_way_and_comes_back(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat, "light": light}, mask="black")
    assert (told.plane("applied") != light).any()
    assert told["maskEnabled"] is True


AROUND: dict[str, dict[str, Any]] = {
    "a preview is active": {"preview": True},
    "an id is taken": {"clash": "flat_dustfactor"},
    "files are bottom-up and of another range": {
        "host": {"preferences": {"fits": {"upperRange": 65535, "bottomUp": True}}}
    },
    "a file's range is asked for": {
        "host": {"preferences": {"fits": {"outOfRange": "AskAlways", "useRowOrder": False}}}
    },
    "controls tell of what the script sets": {
        "host": {"quirks": {"programmaticEvents": "always", "responseCodeType": "string"}}
    },
    "windows are other objects than assumed": {
        "host": {"quirks": {"freshWrappers": True, "noActiveWindow": "null", "closedIsNull": False}}
    },
    "windows are the same objects each time": {
        "host": {"quirks": {"freshWrappers": False, "noActiveWindow": "isNull"}}
    },
    "samples come in their own units, a bad expression throws": {
        "host": {"quirks": {"integerArrays": "native", "pixelMathMissing": "throw"}}
    },
    "a selection was left on the flat": {"selected": True},
    "it is Windows": {"host": {"platform": "Windows"}, "stateInHome": True},
    "it is a Mac": {"host": {"platform": "macOS"}, "stateInHome": True},
    "answers come in small pieces": {
        "host": {"quirks": {"chunkBytes": 1000, "expectContinue": True}}
    },
}


@pytest.mark.parametrize("settings", AROUND.values(), ids=list(AROUND))
def test_nothing_around_changes_the_result(
    play: Play,
    bridge: Path,
    flat: NDArray[np.float32],
    expected: Planes,
    settings: dict[str, Any],
) -> None:
    told = play("run_and_apply", bridge, {"flat": flat}, **settings)
    name = "flat_dustfactor1" if "clash" in settings else "flat_dustfactor"
    assert name in told["results"]
    assert f"opened {name}\n" in told["console"]
    np.testing.assert_array_equal(told.factor(name), expected["correction"])


def test_a_16_bit_flat_and_light(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32], tmp_path: Path
) -> None:
    flat16, light16 = (np.rint(image * 65535).astype(np.uint16) for image in (flat, light))
    told = play("run_and_apply", bridge, {"flat": flat16, "light": light16})
    np.testing.assert_array_equal(told.factor(), by_command(flat16, tmp_path)["correction"])
    expected = light16 / told.factor().astype(np.float64)
    assert np.abs(told.plane("applied") - expected.clip(0, 65535)).max() <= 0.51


def test_transparency_is_left_behind(
    play: Play, bridge: Path, flat: NDArray[np.float32], expected: Planes
) -> None:
    told = play("run_and_apply", bridge, {"flat": np.stack([flat, np.full_like(flat, 0.7)])})
    np.testing.assert_array_equal(told.factor(), expected["correction"])


def test_an_rgb_flat_corrects_rgb_alone(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    levels = np.array([1, 0.8, 0.6], np.float32)[:, None, None]
    color_flat, color_light = flat * levels, light * levels
    told = play("run_and_apply", bridge, {"flat": color_flat, "light": color_light})
    assert told.plane("flat_dustfactor").shape == color_flat.shape
    expected = color_light / told.factor().astype(np.float64)
    np.testing.assert_allclose(told.plane("applied"), expected.clip(0, 1), rtol=1.3e-7)
