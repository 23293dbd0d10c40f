"""Several open images cleaned at once: chosen from a list, each told of, none stopping the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import Play
from tests.synthetic import Scene, record

CARD = ("name", "value", "comment")


def kind(value: str) -> dict[str, object]:
    return {"keywords": [dict(zip(CARD, ("IMAGETYP", f"'{value}'", ""), strict=True))]}


def test_the_ticked_ones_are_divided_one_undo_each(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    other = (light * np.float32(0.5)).astype(np.float32)
    images = {"flat": flat, "light": light, "other": other}
    opened = {"a": "light", "b": "other", "c": "light", "masterDark_300": "light", "d": "light"}
    told = play(
        "several", bridge, images, open=opened,
        more={"d": kind("Master Flat"), "c": kind("Light Frame")},
        untick=["c", "masterDark_300", "d | "],
    )  # fmt: skip
    assert told["before"] is False
    assert told["faults"] == []
    assert told["lists"][0][1:] == [
        "\u2611 a | ", "\u2611 b | ", "\u2611 c | ",
        "\u2610 masterDark_300 | dark frame", "\u2610 d | flat frame",
    ]  # fmt: skip
    assert told["none"] == ["Tick the images to clean.", False]
    assert told["note"].startswith("2 images. ")
    assert told["status"] == "2 images cleaned; one Undo each takes it back."
    for name, before in (("a", light), ("b", other)):
        expected = (before / told.factor().astype(np.float64)).clip(0, 1)
        np.testing.assert_allclose(told.plane(name), expected, rtol=1.3e-7)
        assert told["histories"][name] == ["PixelMath"]
    for name in ("c", "masterDark_300", "d"):
        np.testing.assert_array_equal(told.plane(name)[0], light)


def test_one_that_fails_does_not_stop_the_rest(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play(
        "several", bridge, {"flat": flat, "light": light},
        open={"a": "light", "b": "light", "c": "light"}, closed="b",
    )  # fmt: skip
    assert told["status"].startswith("2 images cleaned, 1 failed; one Undo each takes it back.")
    assert "b: b is no longer open." in told["status"]
    assert told["histories"] == {"a": ["PixelMath"], "c": ["PixelMath"]}


def test_a_cancel_says_what_was_not_reached(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play(
        "several", bridge, {"flat": flat, "light": light},
        open={"a": "light", "b": "light", "c": "light"}, cancelAt="to b",
    )  # fmt: skip
    assert told["status"].startswith("2 images cleaned, 1 not reached")
    assert told["histories"] == {"a": ["PixelMath"], "b": ["PixelMath"], "c": []}


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_what_speaks_against_it_is_asked_once_for_all_alike(
    play: Play,
    bridge: Path,
    flat: NDArray[np.float32],
    light: NDArray[np.float32],
    dustless: NDArray[np.float32],
    scene: Scene,
    answer: str,
) -> None:
    stale = record(0.2 / scene.transmission, 0.05, np.random.default_rng(6))
    told = play(
        "several", bridge, {"flat": flat, "light": light, "stale": stale, "none": dustless},
        open={"a": "light", "b": "stale", "c": "stale", "d": "none", "e": "light"},
        more={"e": kind("Master Light")}, answers=[answer, answer],
    )  # fmt: skip
    assert "was divided into b, c when the dust had gone" in told["questions"][0]
    assert "d: not-in-target" in told["questions"][1]
    assert "e was stacked from several frames" in told["questions"][1]
    factor = told.factor().astype(np.float64)
    np.testing.assert_allclose(told.plane("a"), (light / factor).clip(0, 1), rtol=1.3e-7)
    if answer == "Yes":
        np.testing.assert_allclose(told.plane("c"), (stale * factor).clip(0, 1), rtol=1.3e-7)
        assert told["status"].startswith("5 images cleaned; one Undo")
    else:
        assert told["status"].startswith("1 image cleaned, 4 left alone; one Undo")
        assert told["histories"] == {"a": ["PixelMath"], "b": [], "c": [], "d": [], "e": []}
