"""Dice rolled again from the page, and the rolls seen beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.io import fits_bytes
from tests.browser.tab import Tab
from tests.browser.test_review_in_browser import enter, job_of, leave
from tests.gemini.mind import Mind
from tests.gemini.service import Service
from tests.http.support import Live, start
from tests.synthetic import Scene, donut_flat


@pytest.fixture
def scene() -> Scene:
    return donut_flat(11, shape=(240, 320), count=5, radii=(8, 20), depths=(0.03, 0.12))


@pytest.fixture
def service(scene: Scene) -> Iterator[Service]:
    """A stand-in for the paid service."""
    with Service(mind=Mind(scene.transmission, scene.signal)) as service:
        yield service


@pytest.fixture
def paying(service: Service, tmp_path: Path) -> Iterator[Live]:
    """A bridge that asks it."""
    command = ("-m", "bridge", "serve", "--port=0")
    live = start(tmp_path / "state", command=command, **service.environment())
    yield live
    live.kill()


def test_the_dice_are_rolled_again_after_a_question_and_the_rolls_compared(
    tab: Tab, paying: Live, service: Service, scene: Scene, tmp_path: Path
) -> None:
    frame = paying.send(fits_bytes(scene.flat[None].astype(np.float32)))
    asked = {"operation": "correct", "frame": frame, "options": {"engine": "gemini"}}
    first = paying.finish(paying.ask("POST", "/v1/jobs", asked)[1]["id"], seconds=60)
    assert first["state"] == "succeeded", first
    sent = len(service.requests)
    enter(tab, paying, f"/jobs/{first['id']}")
    tab.wait("document.querySelector('#everything') !== null")
    assert tab.ask("document.querySelector('#compare')") is None

    # no: nothing is sent
    tab.consents = [False]
    tab.click("#roll")
    tab.wait("document.querySelector('#told').textContent === 'Nothing was sent.'")
    assert "2 paid calls and costs up to 0.1" in tab.questions[0]
    assert len(service.requests) == sent

    # yes: the same with another seed
    tab.consents = [True]
    tab.click("#roll")
    leave(tab, first)
    second = job_of(tab, paying)
    assert (first["options"]["seed"], second["options"]["seed"]) == (0, 1)
    assert second["options"] == {**first["options"], "seed": 1}
    assert len(service.requests) == sent + 2
    assert [request.faults for request in service.requests] == [[]] * (sent + 2)

    # beside each other
    choices = tab.ask("[...document.querySelector('#compare').options].map((one) => one.text)")
    assert len(choices) == 2
    assert choices[1].endswith(", roll 1")
    tab.ask(
        f"(() => {{ const one = document.querySelector('#compare'); one.value = '{first['id']}';"
        "one.dispatchEvent(new Event('change')); })()"
    )
    tab.wait("document.querySelectorAll('.pairs figure').length >= 8")
    captions = tab.ask(
        "[...document.querySelectorAll('.pairs figcaption')].map((one) => one.textContent)"
    )
    assert "Dust factor, this job, roll 2" in captions
    assert any(
        one.startswith("Dust factor, the other of") and one.endswith("roll 1") for one in captions
    )
    tab.picture(tmp_path / "rolls.png")
    assert tab.troubles == []
