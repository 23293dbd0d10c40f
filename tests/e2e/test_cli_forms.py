"""``flatbridge correct`` from files of every form: the same correction, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tifffile
from astropy.io import fits
from PIL import Image

from bridge.io import read_correction
from tests.e2e.cli_support import FlatBridge, dusty, write
from tests.xisf_files import written

SKY = dusty()


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def rice(path):
    image = fits.CompImageHDU(SKY, compression_type="RICE_1")
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(path)


def several(path):
    fits.HDUList([fits.PrimaryHDU(SKY[::-1]), fits.ImageHDU(SKY)]).writeto(path)


FORMS = {
    "a.fits.fz": rice,
    "several.fits": several,
    "a.tif": lambda path: tifffile.imwrite(path, SKY, byteorder=">", compression="zlib"),
    "a.xisf": lambda path: written(path, SKY[None], codec="zlib", shuffle=True),
    "a.png": lambda path: Image.fromarray(SKY).save(path),
}


def test_every_form_gives_the_same_correction(flatbridge, tmp_path):
    plain = write(tmp_path / "plain.fits", SKY)
    assert flatbridge("correct", plain, "-o", tmp_path / "plain").code == 0
    expected = read_correction(tmp_path / "plain" / "correction.fits").planes
    for name, make in FORMS.items():
        make(tmp_path / name)
        more = ["--hdu", 1] if name == "several.fits" else []
        done = flatbridge("correct", tmp_path / name, "-o", tmp_path / f"out-{name}", *more)
        assert (done.code, done.err) == (0, ""), name
        found = read_correction(tmp_path / f"out-{name}" / "correction.fits").planes
        np.testing.assert_array_equal(found, expected, err_msg=name)


def test_one_of_several_images_is_asked_for(flatbridge, tmp_path):
    several(tmp_path / "a.fits")
    said = flatbridge.refuses("correct", tmp_path / "a.fits", "-o", tmp_path / "out")
    assert "2 images, in the units 0, 1" in said
    assert "--hdu" in said


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_eight_bit_pictures_are_warned_of(flatbridge, tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    Image.fromarray((SKY >> 8).astype(np.uint8)).save(path)
    assert flatbridge("correct", path, "-o", tmp_path / "out").code == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert "eight-bit" in [warning["code"] for warning in report["warnings"]]
