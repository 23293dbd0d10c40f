"""``flatbridge correct`` from the command line to its files."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from bridge import pipeline
from bridge.io import read_correction
from tests.e2e.cli_support import FlatBridge, dusty, tree, write

ROOT = Path(__file__).parents[2]
FILES = {
    "seed_mask.fits",
    "mask.fits",
    "inpainted.fits",
    "clean_flat.fits",
    "correction.fits",
    "correction.tiff",
    "correction_as_flat.tiff",
    "report.json",
    "report.html",
}


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def test_one_flat_gives_every_file_and_the_dust_is_gone(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    done = flatbridge("correct", flat, "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert "1 shadow found" in done.out
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == FILES
    factor = read_correction(out / "correction.fits").planes[0]
    mask = fits.getdata(out / "mask.fits")
    assert mask.min() == 0
    assert 0.1 < mask[60, 62] <= 1
    assert (factor[mask == 0] == 1).all()
    assert factor[60, 62] == pytest.approx(0.8, abs=0.02)
    clean = fits.getdata(out / "clean_flat.fits") * 65535
    assert clean[60, 62] == pytest.approx(30000, rel=0.02)
    for name in FILES:
        if name.endswith(".fits"):
            with fits.open(out / name) as hdus:
                hdus.verify("exception")
                assert hdus[0].data.dtype == ">f4"
                assert 0 <= hdus[0].data.min() <= hdus[0].data.max() <= 1
                assert hdus[0].header["FBDETECT"].startswith("local")
    flat_form = tifffile.imread(out / "correction_as_flat.tiff")
    np.testing.assert_allclose(flat_form / 32768, factor, atol=2e-5)
    assert (out / "report.html").read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")


def test_json_is_the_report_and_the_only_output(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    done = flatbridge("correct", flat, "-o", tmp_path / "out", "--json")
    assert done.out == (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    content = json.loads(done.out)
    assert content["input"]["width"] == 200
    assert content["input"]["sample_format"] == "uint16"
    assert len(content["figures"]["shadows"]) == 1
    assert content["options"]["detector"] == "local"


def test_the_same_work_gives_the_same_bytes_whether_done_or_remembered(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    for name in ("a", "b"):
        assert flatbridge("correct", flat, "-o", tmp_path / name).code == 0
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_the_unedited_mask_gives_the_same_correction(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    out, again = tmp_path / "out", tmp_path / "again"
    flatbridge("correct", flat, "-o", out)
    assert flatbridge("correct", flat, "-o", again, "--mask", out / "mask.fits").code == 0
    first, second = (read_correction(path / "correction.fits").planes for path in (out, again))
    np.testing.assert_array_equal(first, second)
    assert not (again / "seed_mask.fits").exists()


def test_a_flat_without_dust_says_so_and_changes_nothing(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty(with_dust=False))
    done = flatbridge("correct", flat, "-o", tmp_path / "out")
    first, _, *rest = done.out.splitlines()
    look = f"  Look:   {tmp_path / 'out' / 'report.html'}"
    assert (first, rest) == ("flat.fits", ["  No dust found: nothing was changed.", look])
    assert (read_correction(tmp_path / "out" / "correction.fits").planes == 1).all()


def test_rgb_gives_one_factor_for_each_color(flatbridge, tmp_path):
    colors = np.stack([dusty(seed=seed) for seed in (1, 2, 3)])
    flat = write(tmp_path / "flat.fits", colors)
    assert flatbridge("correct", flat, "-o", tmp_path / "out").code == 0
    assert read_correction(tmp_path / "out" / "correction.fits").planes.shape == (3, 150, 200)
    assert fits.getdata(tmp_path / "out" / "mask.fits").shape == (150, 200)
    assert tifffile.imread(tmp_path / "out" / "correction.tiff").shape == (150, 200, 3)


def test_several_flats_go_into_folders_of_their_own(flatbridge, tmp_path):
    flats = [write(tmp_path / f"{name}.fits", dusty(seed=seed)) for seed, name in enumerate("ab")]
    done = flatbridge("correct", *flats, "-o", tmp_path / "out", "--json")
    assert done.code == 0
    deepest = [json.loads(line)["figures"]["shadows"][0] for line in done.out.splitlines()]
    assert [shadow["x"] for shadow in deepest] == pytest.approx([70, 70], abs=1)
    for name in "ab":
        assert {path.name for path in (tmp_path / "out" / name).iterdir()} == FILES


def test_one_of_several_may_fail(flatbridge, tmp_path):
    good = write(tmp_path / "good.fits", dusty())
    bad = tmp_path / "bad.fits"
    bad.write_text("notes", encoding="utf-8")
    done = flatbridge("correct", bad, good, "-o", tmp_path / "out")
    assert done.code == 1
    assert "bad.fits is no FITS" in done.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good"]


def test_all_of_several_may_fail(flatbridge, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.fits").write_text("notes", encoding="utf-8")
    done = flatbridge("correct", *sorted(tmp_path.glob("*.fits")), "-o", tmp_path / "out")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[2:] == ["flatbridge: All 2 inputs failed."]


def test_two_flats_of_one_base_name_are_refused_before_work(flatbridge, tmp_path):
    first = write(tmp_path / "one" / "flat.fits", dusty())
    second = write(tmp_path / "two" / "flat.fit", dusty())
    before = tree(tmp_path)
    said = flatbridge.refuses("correct", first, second, "-o", tmp_path / "out")
    assert "same base name" in said
    assert tree(tmp_path) == before


def test_existing_files_need_force_and_inputs_withstand_it(flatbridge, tmp_path):
    out = tmp_path / "out"
    flat = write(tmp_path / "flat.fits", dusty())
    flatbridge("correct", flat, "-o", out)
    before = tree(tmp_path)
    said = flatbridge.refuses("correct", flat, "-o", out, "--threshold", "7")
    also = f"exists already, and {len(FILES) - 1} more in {out}; use --force to overwrite them."
    assert said == f"{out / 'seed_mask.fits'} {also}"
    assert tree(tmp_path) == before
    assert flatbridge("correct", flat, "-o", out, "--threshold", "7", "--force").code == 0
    assert tree(tmp_path).keys() == before.keys()
    assert tree(tmp_path) != before
    own = tmp_path / "own.fits"
    own.write_bytes((out / "mask.fits").read_bytes())
    assert flatbridge("correct", flat, "-o", out, "--mask", own, "--force").code == 0
    assert {path.name for path in out.iterdir()} == FILES - {"seed_mask.fits"}
    before = tree(tmp_path)
    for arguments in ([out / "clean_flat.fits"], [flat, "--mask", out / "mask.fits"]):
        said = flatbridge.refuses("correct", *arguments, "-o", out, "--force")
        assert "is an input" in said
        assert tree(tmp_path) == before


def test_a_bias_is_a_number_or_a_file(flatbridge, tmp_path):
    light = dusty()
    flat = write(tmp_path / "flat.fits", light + 5000)
    bias = write(tmp_path / "bias.fits", np.full_like(light, 5000))
    factors, reports = {}, {}
    for name in ("5000", bias):
        out = tmp_path / f"out{len(factors)}"
        assert flatbridge("correct", flat, "-o", out, "--bias", name).code == 0
        factors[name] = read_correction(out / "correction.fits").planes[0]
        reports[name] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert factors["5000"][60, 62] == pytest.approx(0.8, abs=0.01)
    assert factors["5000"] == pytest.approx(factors[bias], abs=1e-5)
    assert reports["5000"]["options"]["bias"] == 5000
    assert "bias.fits was subtracted" in str(reports[bias]["warnings"])
    for one in reports.values():
        assert "pedestal" not in {warning["code"] for warning in one["warnings"]}


def test_an_unknown_pedestal_is_told_of(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty() + 5000)
    assert flatbridge("correct", flat, "-o", tmp_path / "out").code == 0
    report = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert "pedestal" in {warning["code"] for warning in report["warnings"]}


def test_a_bias_that_is_not_there_is_told_before_any_work(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    before = tree(tmp_path)
    said = flatbridge.refuses("correct", flat, "-o", tmp_path / "out", "--bias", "no.fits")
    assert "no.fits does not exist" in said
    assert tree(tmp_path) == before


USAGE = [
    ["--bias", "-100"],
    ["--polarity", "gray"],
    ["--verify", "sometimes"],
    ["--smooth", "much"],
    ["--thresh", "5"],
    ["--threshold", "0.5"],
    ["--threshold", "lots"],
    ["--threshold", "nan"],
    ["--dilate", "-1"],
    ["--seed", "1.5"],
    ["--detector", "nobody"],
    ["--engine", "nobody"],
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_what_is_not_known_is_a_usage_error(flatbridge, tmp_path, arguments):
    flat = write(tmp_path / "flat.fits", dusty())
    before = tree(tmp_path)
    done = flatbridge("correct", flat, "-o", tmp_path / "out", *arguments)
    assert done.code == 2
    assert done.out == ""
    assert "Traceback" not in done.err
    assert tree(tmp_path) == before


def test_an_interrupt_leaves_nothing_and_says_one_line(flatbridge, tmp_path, monkeypatch):
    flat = write(tmp_path / "flat.fits", dusty())

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "correct", interrupted)
    before = tree(tmp_path)
    done = flatbridge("correct", flat, "-o", tmp_path / "out")
    assert (done.code, done.out, done.err.count("\n")) == (130, "", 1)
    assert tree(tmp_path) == before
    assert not any(flatbridge.home.rglob("*.fits"))


def test_the_bar_is_for_terminals_only(flatbridge, tmp_path, monkeypatch):
    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    flat = write(tmp_path / "flat.fits", dusty())
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert flatbridge("correct", flat, "-o", tmp_path / "out").code == 0
    drawn = screen.getvalue()
    assert "Looking for dust" in drawn
    assert drawn.endswith("\r")
    assert "\n" not in drawn


def test_as_a_program(tmp_path):
    flat = write(tmp_path / "flat.fits", dusty())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "bridge", "correct", flat, "-o", tmp_path / "out"],
        cwd=ROOT,
        env={**_environment(), "FLATBRIDGE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 shadow found" in done.stdout


def _environment() -> dict[str, str]:
    import os

    return {key: value for key, value in os.environ.items() if not key.startswith("FLATBRIDGE_")}


def test_one_of_several_units_is_chosen(flatbridge, tmp_path):
    path = tmp_path / "two.fits"
    first, second = dusty(), dusty(with_dust=False)
    hdus = [fits.PrimaryHDU(), fits.ImageHDU(first), fits.ImageHDU(second)]
    fits.HDUList(hdus).writeto(path)
    said = flatbridge.refuses("correct", path, "-o", tmp_path / "out")
    assert "2 images, in the units 1, 2" in said
    assert "--hdu" in said
    done = flatbridge("correct", path, "--hdu", 1, "-o", tmp_path / "one")
    assert "1 shadow found" in done.out
    done = flatbridge("correct", path, "--hdu", 2, "-o", tmp_path / "two")
    assert "No dust found" in done.out
    for wrong in (0, 3):
        said = flatbridge.refuses("correct", path, "--hdu", wrong, "-o", tmp_path / "out")
        assert said == f"Unit {wrong} of two.fits holds no image; these do: 1, 2."
