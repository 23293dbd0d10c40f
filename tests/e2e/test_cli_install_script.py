"""``flatbridge install-script``: a copy of the script, whole, over nothing but an earlier copy."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bridge.cli import install_script
from tests.e2e.cli_support import FlatBridge, tree

SCRIPT = Path(__file__).parents[2] / "pjsr"


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def test_the_copy_is_whole_and_it_is_said_what_to_click(flatbridge, tmp_path):
    done = flatbridge("install-script", tmp_path / "deep" / "here")
    assert (done.code, done.err) == (0, "")
    assert str(tmp_path / "deep" / "here") in done.out
    assert "Feature Scripts" in done.out
    assert tree(tmp_path / "deep" / "here") == tree(SCRIPT)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["here"]


def test_the_script_can_start_the_bridge_from_then_on(flatbridge, tmp_path):
    flatbridge("install-script", tmp_path / "here")
    launch = json.loads((flatbridge.home / "launch.json").read_text("utf-8"))
    told = subprocess.run(
        [launch["python"], *launch["args"], "--help"], cwd=SCRIPT.parent, capture_output=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert b"--port" in told.stdout


def test_without_a_folder_it_goes_where_doctor_looks(flatbridge):
    flatbridge("install-script")
    assert (flatbridge.home / "pixinsight" / "FlatBridge.js").is_file()
    assert f"PixInsight script: {flatbridge.home / 'pixinsight'}" in flatbridge("doctor").out


def test_an_earlier_copy_is_replaced_with_all_that_was_in_it(flatbridge, tmp_path):
    flatbridge("install-script", tmp_path / "here")
    (tmp_path / "here" / "core" / "old.js").write_text("old", encoding="utf-8")
    assert flatbridge("install-script", tmp_path / "here").code == 0
    assert tree(tmp_path / "here") == tree(SCRIPT)


@pytest.mark.parametrize("what", ["file", "full"])
def test_what_is_not_the_scripts_is_left_alone(flatbridge, tmp_path, what):
    target = tmp_path / "mine"
    if what == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.mkdir()
        (target / "mine.txt").write_text("mine", encoding="utf-8")
    before = tree(tmp_path)
    assert "name another folder" in flatbridge.refuses("install-script", target)
    assert tree(tmp_path) == before


def test_a_failing_copy_leaves_the_earlier_one(flatbridge, tmp_path, monkeypatch):
    flatbridge("install-script", tmp_path / "here")

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    assert "No space left" in flatbridge.refuses("install-script", tmp_path / "here")
    assert tree(tmp_path / "here") == tree(SCRIPT)
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_an_installation_without_the_script_says_so(flatbridge, tmp_path, monkeypatch):
    monkeypatch.setattr(install_script, "ENTRY", "none.js")
    assert "install FlatBridge anew" in flatbridge.refuses("install-script", tmp_path / "here")
