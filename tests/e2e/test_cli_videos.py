"""SER videos on the command line: to a median, and straight to a correction."""

from __future__ import annotations

import json

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import read_correction
from tests.e2e.cli_support import FlatBridge, dusty, tree, write
from tests.ser import ser_bytes


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def frames(count=9):
    rng = np.random.default_rng(2)
    light = dusty().astype(float)
    return np.rint(light * (1 + 0.003 * rng.standard_normal((count, *light.shape))))


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "sun.ser"
    path.write_bytes(ser_bytes(frames(), depth=16, texts=("Anna", "", "Lunt")))
    return path


@pytest.mark.parametrize(
    ("more", "chosen"),
    [((), slice(None)), (("--frames", "1:8:2", "--memory", "16MB"), np.s_[1:8:2])],
)
def test_the_median_is_numpys(flatbridge, tmp_path, video, more, chosen):
    done = flatbridge("median", video, "-o", tmp_path / "m.fits", *more)
    count = len(range(9)[chosen])
    assert (done.code, done.err) == (0, "")
    assert done.out == f"sun.ser: {count} frames -> {tmp_path / 'm.fits'}\n"
    with fits.open(tmp_path / "m.fits") as hdus:
        header = hdus[0].header
        values = hdus[0].data.astype(np.float32) * np.float32(header["FBFULL"])
        assert (header["OBSERVER"], header["TELESCOP"]) == ("Anna", "Lunt")
    np.testing.assert_array_equal(values, np.median(frames()[chosen], axis=0))


def test_a_video_is_corrected_like_its_median(flatbridge, tmp_path, video):
    flatbridge("median", video, "-o", tmp_path / "m.fits")
    assert flatbridge("correct", video, "-o", tmp_path / "one").code == 0
    assert flatbridge("correct", tmp_path / "m.fits", "-o", tmp_path / "two").code == 0
    assert (tmp_path / "one" / "median.fits").read_bytes() == (tmp_path / "m.fits").read_bytes()
    one, two = (read_correction(tmp_path / name / "correction.fits") for name in ("one", "two"))
    np.testing.assert_array_equal(one.planes, two.planes)
    assert one.planes.min() < 0.85
    report = json.loads((tmp_path / "one" / "report.json").read_text(encoding="utf-8"))
    assert report["input"]["full_scale"] == 65535


def test_a_median_is_not_touched_by_the_correction_of_a_flat_beside_it(flatbridge, tmp_path, video):
    flat, own = write(tmp_path / "flat.fits", dusty()), tmp_path / "out" / "median.fits"
    own.parent.mkdir()
    flatbridge("median", video, "-o", own)
    kept = own.read_bytes()
    for more in [(), ("--force",)]:
        done = flatbridge("correct", flat, "-o", tmp_path / "out", *more)
        assert done.code == 0
        assert "median.fits in that folder is of other work." in done.out
        assert own.read_bytes() == kept
    other = tmp_path / "other"
    flatbridge("median", video, "-o", other / "median.fits")
    assert "median.fits exists already" in flatbridge.refuses("correct", video, "-o", other)


@pytest.mark.parametrize("command", ["median", "correct"])
def test_a_video_is_never_overwritten_and_trouble_leaves_nothing(flatbridge, tmp_path, command):
    broken = tmp_path / "broken.ser"
    broken.write_bytes(ser_bytes(frames(1), depth=16)[:5000])
    before = tree(tmp_path)
    target = tmp_path / ("m.fits" if command == "median" else "out")
    assert "broken.ser holds no whole frame" in flatbridge.refuses(command, broken, "-o", target)
    assert tree(tmp_path) == before


def test_the_median_goes_nowhere_where_something_is(flatbridge, tmp_path, video):
    other = write(tmp_path / "m.fits", dusty())
    held = other.read_bytes()
    assert "exists already" in flatbridge.refuses("median", video, "-o", other)
    assert "is an input" in flatbridge.refuses("median", video, "-o", video, "--force")
    assert other.read_bytes() == held


@pytest.mark.parametrize("name", ["m.xisf", "m.tif", "m.fits.gz", "m"])
def test_a_median_is_not_written_under_the_name_of_another_format(
    flatbridge, tmp_path, video, name
):
    before = tree(tmp_path)
    done = flatbridge("median", video, "-o", tmp_path / name)
    said = f"flatbridge: {name} would hold a FITS image: give it a name with .fits.\n"
    assert (done.code, done.out, done.err) == (2, "", said)
    assert tree(tmp_path) == before
    assert flatbridge("median", video, "-o", tmp_path / "m.FIT").code == 0


@pytest.mark.parametrize(
    "wrong",
    [("--frames", "9"), ("--frames", "0:9:0"), ("--frames", "50:60"), ("--memory", "much"),
     ("--memory", "1MB"), ("--estimator", "mean")],
)  # fmt: skip
def test_wrong_use_ends_with_2(flatbridge, tmp_path, video, wrong):
    assert flatbridge("median", video, "-o", tmp_path / "m.fits", *wrong).code == 2
    assert not (tmp_path / "m.fits").exists()
