"""A process icon holds a correction: dropped on an image it applies it, without a dialog."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import Play

AROUND = {"factor-open": {}, "factor-closed": {"factorClosed": True}, "preview": {"preview": True}}


@pytest.mark.parametrize("settings", AROUND.values(), ids=list(AROUND))
def test_an_icon_applies_its_factor(
    play: Play,
    bridge: Path,
    flat: NDArray[np.float32],
    light: NDArray[np.float32],
    settings: dict[str, bool],
) -> None:
    told = play("icon", bridge, {"flat": flat, "light": light}, **settings)
    assert told["error"] is None
    (step,) = told["history"]
    assert step["process"] == "PixelMath"
    expected = (light / told.factor().astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("applied"), expected, rtol=1.3e-7)


def test_an_icon_without_a_factor_says_so(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play("icon", bridge, {"flat": flat, "light": light}, empty=True)
    assert "holds no dust factor" in told["error"]
    np.testing.assert_array_equal(told.plane("applied"), light[None])


def test_an_image_closed_before_its_turn_is_told(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play("icon", bridge, {"flat": flat, "light": light}, closeWhen="Applying")
    assert told["error"] == "light is no longer open."


def test_the_consoles_abort_is_heard(
    play: Play, bridge: Path, flat: NDArray[np.float32], light: NDArray[np.float32]
) -> None:
    told = play(
        "icon", bridge, {"flat": flat, "light": light}, factorClosed=True, abortWhen="Fetching"
    )
    assert told["error"] == "Cancelled."
    np.testing.assert_array_equal(told.plane("applied"), light[None])


def test_the_self_test_finds_all_well(play: Play, bridge: Path, flat: NDArray[np.float32]) -> None:
    told = play("self_test", bridge, {"flat": flat})
    assert told["report"].endswith("All is well.\n"), told["report"]
    assert told["ids"] == ["flat"]
