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


def apart(path, values):
    """Write a file whose second unit is what is meant; the first is another image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = fits.PrimaryHDU(SKY[:20])
    fits.HDUList([first, fits.ImageHDU(values)]).writeto(path)
    return path


def lights(folder, count, make):
    rng = np.random.default_rng(1)
    found = []
    for number in range(count):
        noisy = np.rint(SKY * (1 + 0.002 * rng.standard_normal(SKY.shape))).astype(np.uint16)
        found.append(make(folder / f"{number}.fits", noisy))
    return found


def test_one_of_several_images_is_asked_for_at_every_command(flatbridge, tmp_path):
    """And with --hdu each does what it does to a file of one image."""
    flat = write(tmp_path / "flat.fits", SKY)
    assert flatbridge("correct", flat, "-o", tmp_path / "made").code == 0
    correction = tmp_path / "made" / "correction.fits"
    both = {
        way: (lights(tmp_path / way, 6, make), make(tmp_path / way / "flat.fits", SKY))
        for way, make in (("plain", write), ("several", apart))
    }
    told = {}
    for way, (frames, newer) in both.items():
        out = tmp_path / f"out-{way}"
        commands = {
            "fit": ["fit", correction, *frames],
            "apply": ["apply", correction, *frames, "-o", out / "apply"],
            "median": ["median", *frames, "-o", out / "median.fits"],
            "compare": ["compare", newer, *frames],
            "update-flat": ["update-flat", newer, *frames, "-o", out / "update", "--force"],
        }
        for name, command in commands.items():
            if way == "several":
                assert "--hdu" in flatbridge(*command).err.splitlines()[0], name
                command += ["--hdu", 1]
            done = flatbridge(*command)
            assert (done.code, done.err) == (0, ""), name
            told[name, way] = done.out.replace(str(out), "").replace(str(tmp_path / way), "")
    for name in ("fit", "compare"):
        assert told[name, "plain"] == told[name, "several"]
    again = flatbridge("apply", correction, *both["several"][0], "-o",
                       tmp_path / "out-several" / "apply", "--hdu", 1)  # fmt: skip
    assert again.out.count("is done already") == 6
    for name in ("apply/0.fits", "update/flat_updated.fits", "median.fits"):
        plain, several = (tmp_path / f"out-{way}" / name for way in both)
        unit = 0 if name == "median.fits" else 1
        np.testing.assert_array_equal(fits.getdata(several, unit), fits.getdata(plain))
        if unit:
            np.testing.assert_array_equal(fits.getdata(several, 0), SKY[:20])


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_eight_bit_pictures_are_warned_of(flatbridge, tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    Image.fromarray((SKY >> 8).astype(np.uint8)).save(path)
    assert flatbridge("correct", path, "-o", tmp_path / "out").code == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert "eight-bit" in [warning["code"] for warning in report["warnings"]]
