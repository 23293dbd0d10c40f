"""Whatever is wrong with a file is said in one sentence, and nothing half-written stays."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from tests.e2e.cli_support import FlatBridge, dusty, tree, write
from tests.shared_data import odd_files


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def text(path: Path) -> None:
    path.write_text("exposure 12 s, gain 100\n" * 300, encoding="utf-8")


def cut_short(path: Path) -> None:
    write(path, dusty())
    path.write_bytes(path.read_bytes()[:20000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def table(path: Path) -> None:
    columns = [fits.Column("a", "J", array=np.arange(5))]
    fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns)]).writeto(path)


def one_axis(path: Path) -> None:
    write(path, np.ones(100, np.uint16))


def four_axes(path: Path) -> None:
    write(path, np.ones((1, 1, 20, 20), np.uint16))


def two_images(path: Path) -> None:
    fits.HDUList([fits.PrimaryHDU(dusty()), fits.ImageHDU(dusty())]).writeto(path)


def all_nan(path: Path) -> None:
    write(path, np.full((20, 20), np.nan, np.float32))


def missing(path: Path) -> None:
    pass


def folder(path: Path) -> None:
    path.mkdir()


FAULTS = {
    text: "no FITS, TIFF, XISF, PNG or JPEG image",
    cut_short: "cut short",
    empty: "is empty",
    table: "tables only",
    one_axis: "1-dimensional",
    four_axes: "4-dimensional",
    two_images: "2 images",
    all_nan: "no finite pixel",
    missing: "does not exist",
    folder: "is a folder",
}


@pytest.mark.parametrize("make", FAULTS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("role", ["flat", "mask", "correction", "frame"])
def test_a_bad_file_is_named_with_its_fault(flatbridge, tmp_path, make, role):
    bad = tmp_path / "bad.fits"
    make(bad)
    good = write(tmp_path / "good.fits", dusty())
    factor = write(tmp_path / "factor.fits", np.ones((150, 200), np.float32), FBSCALE=1.0)
    out = tmp_path / "out"
    before = tree(tmp_path)
    said = flatbridge.refuses(
        *{
            "flat": ["correct", bad, "-o", out],
            "mask": ["correct", good, "--mask", bad, "-o", out],
            "correction": ["apply", bad, good, "-o", out],
            "frame": ["apply", factor, bad, "-o", out],
        }[role]
    )
    assert "bad.fits" in said
    fault = FAULTS[make]
    assert fault in said or (role == "correction" and "not a correction" in said)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("command", ["correct", "apply"])
def test_a_bad_place_for_the_output_is_told_before_work(flatbridge, tmp_path, command):
    flat = write(tmp_path / "flat.fits", dusty())
    factor = write(tmp_path / "factor.fits", np.ones((150, 200), np.float32), FBSCALE=1.0)
    inputs = [flat] if command == "correct" else [factor, flat]
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "taken").mkdir()
    taken = "mask.fits" if command == "correct" else "flat.fits"
    (tmp_path / "taken" / taken).write_bytes(b"mine")
    (tmp_path / "dir" / taken).mkdir(parents=True)
    before = tree(tmp_path)
    for place, fault in {
        "file": "is a file, not a folder",
        "file/deeper/still": "is a file, not a folder",
        "taken": "exists already; use --force",
        "dir": "it is a folder",
    }.items():
        assert fault in flatbridge.refuses(command, *inputs, "-o", tmp_path / place)
        assert tree(tmp_path) == before
    said = flatbridge.refuses(command, *inputs, "-o", flat)
    assert said == f"{flat} is a file, not a folder."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user who may not write")
def test_a_folder_that_cannot_be_written_is_told(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert "cannot be written" in flatbridge.refuses("correct", flat, "-o", locked)


NO_CLUSTER = [path for path in odd_files() if not path.name.startswith("m13")]
"""Without the star clusters, which are neither odd nor flats."""


@pytest.mark.parametrize("path", NO_CLUSTER, ids=lambda path: path.name)
def test_odd_files_are_corrected_or_refused(flatbridge, tmp_path, path):
    out = tmp_path / "out"
    done = flatbridge("correct", path, "-o", out)
    if done.code == 0:
        assert (out / "correction.fits").exists()
    else:
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
        assert path.name in done.err
        assert not out.exists()


@pytest.mark.parametrize("command", ["correct", "serve"])
def test_a_damaged_state_folder(flatbridge, tmp_path, command):
    flat = write(tmp_path / "flat.fits", dusty())
    index = flatbridge.home / "store" / "index.sqlite"
    index.parent.mkdir()
    index.write_bytes(b"garbage" * 1000)
    before = tree(tmp_path)
    arguments = ["correct", flat, "-o", tmp_path / "out"] if command == "correct" else ["serve"]
    assert str(index) in flatbridge.refuses(*arguments)
    assert tree(tmp_path) == before
    assert not (flatbridge.home / "server.json").exists()


def test_a_mask_that_is_none_is_named(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    for name, values in {"levels": dusty() * 1.0, "color": np.ones((3, 150, 200))}.items():
        mask = write(tmp_path / f"{name}.fits", values.astype(np.float32))
        said = flatbridge.refuses("correct", flat, "-o", tmp_path / "out", "--mask", mask)
        assert said.startswith(f"{name}.fits is not a mask")
    small = write(tmp_path / "small.fits", np.ones((2, 3), np.float32))
    said = flatbridge.refuses("correct", flat, "-o", tmp_path / "out", "--mask", small)
    assert said.startswith(f"{flat}: The mask has 3 x 2 pixels")


@pytest.mark.parametrize("command", ["correct", "serve"])
def test_a_state_folder_that_cannot_be(flatbridge, tmp_path, monkeypatch, command):
    flat = write(tmp_path / "flat.fits", dusty())
    (tmp_path / "file").write_bytes(b"")
    arguments = ["correct", flat, "-o", tmp_path / "out"] if command == "correct" else ["serve"]
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("FLATBRIDGE_HOME", str(home))
        assert str(home) in flatbridge.refuses(*arguments)
    assert not (tmp_path / "out").exists()
