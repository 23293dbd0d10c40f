"""Images in files, cleaned by the bridge for the script: kept whole, each told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from bridge.io.rewrite import read_recording
from tests.pixinsight.script.conftest import Planes, Play
from tests.synthetic import Scene, record
from tests.xisf_files import written

Pixels = NDArray[Any]


@pytest.fixture
def night(tmp_path: Path, light: NDArray[np.float32]) -> Path:
    """Return a folder with images of the flat's dust, and an empty one beside."""
    folder = tmp_path / "night"
    folder.mkdir()
    (tmp_path / "clean").mkdir()
    counts = np.rint(light * 65535).astype(np.uint16)
    fits.PrimaryHDU(counts, fits.Header({"OBJECT": "M 31"})).writeto(folder / "a.fits")
    written(folder / "b.xisf", counts[None])
    return folder


def test_files_are_cleaned_whole_and_never_twice(
    play: Play, bridge: Path, flat: NDArray[np.float32], night: Path, expected: Planes
) -> None:
    out = night.parent / "clean"
    (night / "bad.fits").write_bytes((night / "a.fits").read_bytes()[:5000])
    names = ["a.fits", "b.xisf", "bad.fits"]
    first = {"add": [str(night / name) for name in names], "folder": str(out), "remove": ["bad"]}
    rounds = [first, {"add": [str(night / "bad.fits"), str(night / "a.fits")]}]
    told = play("files", bridge, {"flat": flat}, rounds=rounds)
    assert told["before"] is False
    assert told["faults"] == []
    assert told["notes"][0] == "Add the images to clean."
    assert told["notes"][1].startswith("2 files. Keywords")
    assert told["notes"][3].startswith("3 files.")
    assert told["status"][0].startswith("2 files cleaned. 2 frames: matches")
    assert told["status"][1].startswith("0 files cleaned, 2 done before, 1 failed.")
    assert "bad.fits" in told["status"][1]
    assert {path.name for path in out.iterdir()} == {"a.fits", "b.xisf"}
    for name in ("a.fits", "b.xisf"):
        source, done = (read_recording(folder / name) for folder in (night, out))
        quotient = source.values.astype(np.float64) / expected["correction"]
        np.testing.assert_array_equal(done.values, np.rint(quotient))
        assert len(done.stamps) == 1
    assert fits.getheader(out / "a.fits")["OBJECT"] == "M 31"


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_what_speaks_against_it_is_asked(
    play: Play, bridge: Path, flat: NDArray[np.float32], night: Path, scene: Scene, answer: str
) -> None:
    stale = record(0.2 / scene.transmission, 0.05, np.random.default_rng(6)).astype(np.float32)
    none = record(np.full(flat.shape, 0.2), 0.05, np.random.default_rng(7)).astype(np.float32)
    for name, pixels in (("stale", stale), ("none", none)):
        fits.PrimaryHDU(pixels).writeto(night / f"{name}.fits")
    out = night.parent / "clean"
    rounds = [
        {"add": [str(night / "stale.fits")], "folder": str(out), "answers": [answer]},
        {"add": [str(night / "none.fits")], "remove": ["stale"], "answers": [answer]},
    ]
    told = play("files", bridge, {"flat": flat}, rounds=rounds)
    assert "Multiply by the dust factor" in told["questions"][0]
    assert told["questions"][1].endswith("Divide all the same?")
    assert "--" not in told["questions"][1]
    made = {path.name for path in out.iterdir()}
    assert made == (set() if answer == "No" else {"stale.fits", "none.fits"})
    if answer == "No":
        assert told["status"] == ["Cancelled."] * 2
        return
    back = fits.getdata(out / "stale.fits")
    inside = scene.transmission < 0.97
    assert (back[inside] < stale[inside]).mean() > 0.99


def test_what_cannot_be_is_told_before_anything_is_sent(
    play: Play, bridge: Path, flat: NDArray[np.float32], night: Path
) -> None:
    (night / "sub").mkdir()
    (night / "sub" / "A.fits").write_bytes((night / "a.fits").read_bytes())
    rounds = [
        {"add": [str(night / "a.fits")], "folder": str(night)},
        {"add": [str(night / "sub" / "A.fits")], "folder": str(night.parent / "clean")},
    ]
    told = play("files", bridge, {"flat": flat}, rounds=rounds)
    assert told["notes"][1].startswith("a.fits lies in that folder itself")
    assert told["notes"][3].startswith("Two files are called a.fits")
    assert told["status"] == []
