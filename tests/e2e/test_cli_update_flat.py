"""A stale flat brought up to date by a night's frames."""

from __future__ import annotations

import json

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import read_correction
from tests.benchmarks.nights import night
from tests.e2e.cli_support import FlatBridge, tree, write


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture(scope="module")
def made():
    return night(
        3, shape=(320, 460), subs=12, level=3000.0, donuts=5, dither=20, radii=(9, 22)
    )  # fmt: skip


def stale(made, folder):
    noisy = made.stale * (1 + 0.001 * np.random.default_rng(0).standard_normal(made.stale.shape))
    values = np.rint(65535 * noisy).astype(np.uint16)
    return write(folder / "flat.fits", values, IMAGETYP="Master Flat", FILTER="L")


def frames(subs, folder, **cards):
    return [write(folder / f"sub{n}.fits", sub, **cards) for n, sub in enumerate(subs)]


def test_the_flat_is_current_afterwards_and_keeps_its_keywords(flatbridge, tmp_path, made):
    flat = stale(made, tmp_path)
    before = tree(tmp_path)
    out = tmp_path / "out"
    done = flatbridge("update-flat", flat, *frames(made.subs, tmp_path / "lights"), "-o", out)
    assert (done.code, done.err) == (0, "")
    with fits.open(out / "flat_updated.fits") as hdus:
        header, values = hdus[0].header, hdus[0].data.astype(np.float64)
    assert header["IMAGETYP"] == "Master Flat"
    assert header["FILTER"] == "L"
    assert "12 frames" in str(header["HISTORY"])
    was, now = made.error(made.stale), made.error(values)
    assert was > 0.02
    assert now < was / 6
    # What was applied is new over old dust; the current dust may still be divided out.
    assert header["FBCORR"] != read_correction(out / "correction.fits").digest
    assert fits.getheader(out / "correction.fits")["FILTER"] == "L"
    assert "update your flat" in done.out
    assert "Current master flat" in done.out
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["figures"]["shadows"]
    (told,) = [one["message"] for one in report["warnings"] if one["code"] == "updated"]
    assert told.startswith("flat.fits was multiplied by what changed since it was taken, as 12 ")
    assert "update your flat" in told
    assert "shadows are known" in told
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "flat.fits was multiplied by what changed" in page
    assert {name: data for name, data in tree(tmp_path).items() if name in before} == before


def test_frames_that_hold_the_flats_own_dust_are_refused(flatbridge, tmp_path, made):
    subs = [(sub * made.stale * made.before / made.after).astype(np.float32) for sub in made.subs]
    call = "update-flat", stale(made, tmp_path), *frames(subs, tmp_path / "lights")
    said = flatbridge.refuses(*call, "-o", tmp_path / "out")
    assert "divide them by the flat first" in said
    assert not (tmp_path / "out").exists()


REFUSED = {
    "registered": ({"HISTORY": "StarAlignment"}, "was registered"),
    "raw": ({"IMAGETYP": "LIGHT"}, "looks raw"),
    "another filter": ({"FILTER": "OIII"}, "another filter"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_frames_that_cannot_tell_are_refused(flatbridge, tmp_path, made, kind):
    cards, words = REFUSED[kind]
    lights = frames(made.subs[:6], tmp_path / "lights", **cards)
    said = flatbridge.refuses("update-flat", stale(made, tmp_path), *lights, "-o", tmp_path / "out")
    assert words in said
    assert not (tmp_path / "out").exists()


def test_too_few_frames_and_other_sizes_are_refused(flatbridge, tmp_path, made):
    flat, out = stale(made, tmp_path), tmp_path / "out"
    lights = frames(made.subs[:6], tmp_path / "lights")
    few = flatbridge("update-flat", flat, *lights[:4], "-o", out)
    assert few.code == 2
    assert "At least 5 frames" in few.err
    other = write(tmp_path / "other.fits", made.subs[0][:100])
    said = flatbridge.refuses("update-flat", flat, *lights, other, "-o", out)
    assert said.startswith("other.fits is 460 x 100 gray, the flat 460 x 320 gray")
    assert not out.exists()
