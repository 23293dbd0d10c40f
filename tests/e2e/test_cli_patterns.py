"""Names with wildcards, as shells hand them over that do not fill them in."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.e2e.cli_support import FlatBridge, dusty, tree, write


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture
def night(tmp_path):
    """Return a folder of frames, made in another order than that of their names."""
    for name in ("light3", "light1", "light2", "other"):
        write(tmp_path / "night" / f"{name}.fits", dusty(seed=len(name)))
    return tmp_path / "night"


@pytest.mark.parametrize("pattern", ["light*.fits", "light?.fits", "l*[1-3].fits"])
def test_a_pattern_stands_for_its_files_in_the_order_of_their_names(
    flatbridge, tmp_path, night, monkeypatch, pattern
):
    monkeypatch.chdir(night)
    write(tmp_path / "ones.fits", np.ones((150, 200), np.float32), FBSCALE=1.0)
    done = flatbridge("apply", tmp_path / "o*s.fits", pattern, "-o", tmp_path / "out", "--force")
    assert (done.code, done.err) == (0, "")
    names = re.findall(r"^(\S+) -> ", done.out, re.MULTILINE)
    assert names == ["light1.fits", "light2.fits", "light3.fits"]


@pytest.mark.parametrize(
    "command",
    [("correct", "no*.fits", "-o", "out"), ("median", "no*.fits", "-o", "m.fits"),
     ("apply", "other.fits", "no*.fits", "-o", "out"), ("fit", "no*.fits", "other.fits"),
     ("fit", "other.fits", "no*.fits"), ("compare", "other.fits", "no*.fits"),
     ("update-flat", "other.fits", "no*.fits", "-o", "out"), ("batch", "no*.fits", "-o", "out")],
)  # fmt: skip
def test_a_pattern_without_files_is_told(flatbridge, night, monkeypatch, command):
    monkeypatch.chdir(night)
    before = tree(night)
    assert flatbridge.refuses(*command) == "No file matches no*.fits."
    assert tree(night) == before


def test_one_file_is_not_several(flatbridge, night, monkeypatch):
    monkeypatch.chdir(night)
    said = flatbridge.refuses("fit", "light*.fits", "other.fits")
    assert said == "3 files match light*.fits; name one of them."


def test_a_file_of_that_very_name_is_meant(flatbridge, night):
    own = write(night / "light[12].fits", dusty(with_dust=False))
    assert flatbridge("median", own, "-o", night / "m.fits").out.startswith("light[12].fits: 1 ")
