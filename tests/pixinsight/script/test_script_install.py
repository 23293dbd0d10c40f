"""A computer without the bridge: the script installs it, with the user's consent."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import ROOT, Play

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its stand-in for Python is a link")

STAND_IN = """
import os, sys
def main():
    os.execv({python!r}, [{python!r}, "-m", "bridge", *sys.argv[1:]])
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a package file that needs no other, whose program is the bridge of these tests."""
    path = tmp_path / "flatbridge-9.9-py3-none-any.whl"
    facts = "flatbridge-9.9.dist-info"
    files = {
        "flatbridge_stand_in.py": STAND_IN.format(python=sys.executable),
        f"{facts}/METADATA": "Metadata-Version: 2.1\nName: flatbridge\nVersion: 9.9\n",
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{facts}/entry_points.txt": "[console_scripts]\nflatbridge = flatbridge_stand_in:main\n",
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{facts}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{facts}/RECORD": record}.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return an empty state folder, on a computer whose user has a Python."""
    own = tmp_path / "home" / ".local" / "bin"
    own.mkdir(parents=True)
    (own / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    (own / "python3").chmod(0o755)
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


HOST = {"environment": {"PYTHONPATH": str(ROOT)}}


def test_an_environment_of_its_own_is_made(
    play: Play, state: Path, package: Path, flat: NDArray[np.float32]
) -> None:
    told = play(
        "one_button", state, {"flat": flat}, button="Run", answers=["Yes"], host=HOST,
        beside=str(package),
    )  # fmt: skip
    assert f"into {state}/python alone?" in told["questions"][0]
    assert (state / "python" / "bin" / "flatbridge").exists()
    assert "flat_dustfactor" in told["ids"]
    assert told["detached"] == 1


def test_without_consent_nothing_is_made(
    play: Play, state: Path, package: Path, flat: NDArray[np.float32]
) -> None:
    told = play(
        "one_button", state, {"flat": flat}, button="Run", answers=["No", "No"], host=HOST,
        beside=str(package),
    )  # fmt: skip
    assert not (state / "python").exists()
    assert any("flatbridge install-script" in text for text in told["texts"])
    assert told["detached"] == 0


def test_a_package_that_cannot_be_installed_is_told(
    play: Play, state: Path, package: Path, flat: NDArray[np.float32]
) -> None:
    package.write_bytes(package.read_bytes()[:300])
    told = play(
        "one_button", state, {"flat": flat}, button="Run", answers=["Yes"], host=HOST,
        beside=str(package),
    )  # fmt: skip
    assert any("Installing the bridge failed: " in text for text in told["texts"])
    assert told["detached"] == 0
    assert told["ids"] == ["flat"]


def test_a_program_that_says_much_is_read_to_its_end(
    play: Play, state: Path, package: Path, flat: NDArray[np.float32]
) -> None:
    python = state.parent / "home" / ".local" / "bin" / "python3"
    much = (
        'case "$2" in venv) head -c 300000 /dev/zero | tr "\\0" "x"; echo; echo full; exit 1;; esac'
    )
    python.write_text(f"#!/bin/sh\n{much}\n", encoding="utf-8")
    told = play(
        "one_button", state, {"flat": flat}, button="Run", answers=["Yes"], host=HOST,
        beside=str(package),
    )  # fmt: skip
    (status,) = [text for text in told["texts"] if "private Python environment failed: " in text]
    assert status.endswith("| full.")
    assert len(status) < 400
