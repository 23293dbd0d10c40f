"""``flatbridge fit`` on files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bridge.io import fits_bytes
from tests.e2e.cli_support import FlatBridge, dust, dusty, write


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture(scope="module")
def correction(tmp_path_factory):
    """Return a correction of the dust that `dusty` has."""
    path = tmp_path_factory.mktemp("made") / "correction.fits"
    path.write_bytes(fits_bytes(dust(), cards={"FBSCALE": 1.0}))
    return path


def test_each_frame_gets_its_verdict(flatbridge, tmp_path, correction):
    there = write(tmp_path / "there.fits", dusty())
    gone = write(tmp_path / "gone.fits", dusty(with_dust=False))
    done = flatbridge("fit", correction, there, gone)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("there.fits: matches (k = 1.0")
    assert lines[1].startswith("gone.fits: not-in-target (k = ")


def test_json_is_a_list_and_nothing_else(flatbridge, tmp_path, correction):
    there = write(tmp_path / "there.fits", dusty())
    moved = write(tmp_path / "moved.fits", np.roll(dusty(), (3, -5), (0, 1)))
    done = flatbridge("fit", correction, there, moved, "--json")
    rows = json.loads(done.out)
    assert [row["file"] for row in rows] == [str(there), str(moved)]
    assert [row["verdict"] for row in rows] == ["matches", "not-in-target"]
    assert [row["offset"] for row in rows] == [[0, 0], [-5, 3]]
    assert abs(rows[0]["k"] - 1) < 0.1
    assert 0 < rows[0]["k_error"] < 0.1


def test_a_frame_without_light_is_too_faint(flatbridge, tmp_path, correction):
    black = write(tmp_path / "black.fits", np.zeros((150, 200), np.uint16))
    row = json.loads(flatbridge("fit", correction, black, "--json").out)[0]
    assert (row["k"], row["k_error"], row["verdict"]) == (None, None, "too-faint")


def test_what_does_not_fit_is_told_and_the_others_are_measured(flatbridge, tmp_path, correction):
    small = write(tmp_path / "small.fits", np.ones((20, 30), np.uint16))
    there = write(tmp_path / "there.fits", dusty())
    done = flatbridge("fit", correction, small, there)
    assert done.code == 1
    assert "small.fits is 30 x 20 gray" in done.err
    assert "there.fits: matches" in done.out
