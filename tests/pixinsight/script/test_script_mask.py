"""Detect, review, Correct: the window remembers after the dialog, and the bridge, have ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import Planes, Play, serving

BOX = {"x": 20, "y": 150, "size": 12}


def test_an_unedited_mask_gives_what_run_gives(
    play: Play, bridge: Path, flat: NDArray[np.float32], expected: Planes
) -> None:
    told = play("detect_edit_correct", bridge, {"flat": flat})
    assert told["afterDetect"] == ["flat", "flat_dustmask"]
    np.testing.assert_array_equal(told.plane("mask_found"), told.plane("mask_sent"))
    np.testing.assert_array_equal(told.plane("mask_found"), expected["mask"])
    np.testing.assert_array_equal(told.factor(), expected["correction"])


@pytest.mark.parametrize("active", ["flat", "flat_dustmask"])
def test_what_was_painted_is_what_is_corrected(
    play: Play, bridge: Path, flat: NDArray[np.float32], active: str
) -> None:
    told = play("detect_edit_correct", bridge, {"flat": flat}, paint=BOX, active=active)
    factor, mask = told.plane("flat_dustfactor")[0], told.plane("mask_sent")[0]
    clean = factor[mask == 0]
    assert (clean == clean[0]).all()
    box = factor[BOX["y"] : BOX["y"] + BOX["size"], BOX["x"] : BOX["x"] + BOX["size"]]
    assert (box != clean[0]).mean() > 0.9


def test_it_goes_on_after_the_bridge_has_ended(
    play: Play, flat: NDArray[np.float32], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.mkdir()
    with serving(state) as process:
        told = play("detect_edit_correct", state, {"flat": flat}, killBridge=process.pid)
    assert (told.plane("flat_dustfactor") < 1).any()
    assert len(told["keywords"]["FBJOB"].strip("'")) >= 8
