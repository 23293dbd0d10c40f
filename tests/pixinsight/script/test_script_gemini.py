"""Gemini from the dialog: the reason it cannot run, the question before anything is sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.gemini.mind import Mind
from tests.gemini.service import Service
from tests.pixinsight.script.conftest import Play, serving
from tests.synthetic import Scene

Flat = NDArray[np.float32]


def test_without_a_key_the_dialog_says_why(play: Play, bridge: Path, flat: Flat) -> None:
    told = play("gemini", bridge, {"flat": flat}, answers=[])
    for shown in (told["chosen"], told["texts"]):
        assert any("There is no key" in text for text in shown)
    assert told["ids"] == ["flat"]


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_the_user_is_asked_first(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scene: Scene, answer: str
) -> None:
    with Service(mind=Mind(scene.transmission, scene.signal)) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        state = tmp_path / "state"
        state.mkdir()
        with serving(state):
            told = play("gemini", state, {"flat": scene.flat}, answers=[answer])
    (question,) = told["questions"]
    assert question.startswith("One picture of this flat will be sent to Google's Gemini service")
    assert "at most 0.06 USD" in question
    assert any("each costs money" in text for text in told["chosen"])
    if answer == "No":
        assert service.requests == []
        assert told["ids"] == ["flat"]
        assert any("Cancelled" in text for text in told["texts"])
    else:
        assert [request.faults for request in service.requests] == [[]]
        factor = told.factor()
        assert abs(factor[0] - scene.transmission)[scene.transmission < 0.9].max() < 0.03


def test_again_rolls_anew_and_earlier_rolls_stay(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scene: Scene
) -> None:
    with Service(mind=Mind(scene.transmission, scene.signal)) as service:
        for name, value in service.environment().items():
            monkeypatch.setenv(name, value)
        state = tmp_path / "state"
        state.mkdir()
        with serving(state):
            told = play("gemini", state, {"flat": scene.flat}, answers=["Yes"], again=2)
    assert told["again"][0] is True
    assert told["again"][1] == "flat_dustfactor"
    assert told["again"][-1] is False
    assert len(service.requests) == 3
    rolls = {name.removeprefix("flat_"): roll for name, roll in told["rolls"].items()}
    assert rolls == {
        f"{plane}{number or ''}": f"{number}." if number else None
        for number in range(3)
        for plane in ("dustmask", "dustfactor", "dustfree")
    }
