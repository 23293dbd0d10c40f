"""The dialog: laid out whole, remembering, with or without anything open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.options import OPTIONS
from tests.pixinsight.script.conftest import ROOT, Play

CHOSEN = {"7.5", "12 px", "Bayer mosaic"}
DEFAULT = {f"{OPTIONS['threshold'].default:.1f}", "auto", "Recognize"}


@pytest.mark.parametrize("events", ["building", "always", "never"])
def test_the_dialog(play: Play, tmp_path: Path, events: str) -> None:
    told = play("dialog", tmp_path, open=["flat"], host={"quirks": {"programmaticEvents": events}})
    assert told["faults"] == []
    assert "flat" in told["first"]
    assert "Press Run to find the dust in this flat." in told["first"]
    assert set(told["remembered"]) >= CHOSEN
    assert set(told["reset"]) >= DEFAULT
    assert set(told["fromIcon"]) >= CHOSEN
    (page,) = [url for shown in told["browsed"] for url in str(shown).split("'") if ".html" in url]
    assert (ROOT / "pjsr" / "doc" / "FlatBridge.html").exists()
    assert "doc/FlatBridge.html" in page


def test_the_help_is_found_on_a_windows_drive(play: Play, tmp_path: Path) -> None:
    told = play("dialog", tmp_path, open=["flat"], host={"platform": "Windows"})
    assert any(str(shown).startswith("file:///C:/") for shown in told["browsed"]), told["browsed"]


@pytest.mark.parametrize("active", ["isNull", "null"])
def test_with_nothing_open(play: Play, tmp_path: Path, active: str) -> None:
    quirks = {"noActiveWindow": active, "freshWrappers": active == "null"}
    told = play("dialog", tmp_path, open=[], host={"quirks": quirks})
    assert told["faults"] == []
    assert "no image is open" in told["first"]
    assert any(text.startswith("Open a master flat") for text in told["first"])
