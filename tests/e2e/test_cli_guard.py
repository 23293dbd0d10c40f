"""Nothing that the correction does not belong to is changed, unless forced."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import fits_bytes
from tests.e2e.cli_support import FlatBridge, dust, dusty, write

SHAPE = (150, 200)


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture
def correction(tmp_path):
    path = tmp_path / "factor" / "correction.fits"
    path.parent.mkdir()
    path.write_bytes(fits_bytes(dust(), cards={"FBSCALE": 1.0}))
    return path


def real(values):
    return (values / np.float64(65535)).astype(np.float32)


def told(path, values, lines=(), **cards):
    """Write a frame with a history."""
    write(path, values, **cards)
    with fits.open(path, mode="update") as hdus:
        for line in lines:
            hdus[0].header.add_history(line)
    return path


HISTORIES = {
    "registered in PixInsight": (
        ["StarAlignment.pixelInterpolation: Lanczos-3"], {}, "was registered",
    ),
    "registered elsewhere": (["Registration: homography, Lanczos"], {}, "was registered"),
    "integrated": (["ImageIntegration.numberOfImages: 30"], {}, "was stacked"),
    "stacked elsewhere": ([], {"STACKCNT": 24}, "was stacked"),
    "combined elsewhere": ([], {"NCOMBINE": 12}, "was stacked"),
    "a master light": ([], {"IMAGETYP": "Master Light"}, "was stacked"),
    "drizzled": (["DrizzleIntegration.scale: 2.00"], {}, "was drizzled"),
    "stretched": (["HistogramTransformation with shadows clipping"], {}, "was stretched"),
    "stretched by hyperbola": (["GeneralizedHyperbolicStretch"], {}, "was stretched"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HISTORIES)
def test_what_the_history_speaks_against(flatbridge, tmp_path, correction, kind):
    lines, cards, words = HISTORIES[kind]
    frame = told(tmp_path / "a.fits", dusty(), lines, **cards)
    call = "apply", correction, frame, "-o", tmp_path / "out"
    done = flatbridge(*call)
    assert done.code == 1
    assert f"a.fits {words}" in done.err
    assert "--force" in done.err
    assert not (tmp_path / "out").exists()
    assert flatbridge(*call, "--force").code == 0


def test_a_calibrated_frame_with_a_history_is_taken(flatbridge, tmp_path, correction):
    lines = ["ImageCalibration.masterFlat.fileName: MasterFlat.xisf", "CosmeticCorrection"]
    frame = told(tmp_path / "a.fits", dusty(), lines, IMAGETYP="Light Frame", NCOMBINE=1)
    assert flatbridge("apply", correction, frame, "-o", tmp_path / "out").code == 0


TARGETS = {
    "corrected already": (lambda: dusty(with_dust=False), "does not hold this dust"),
    "rotated": (lambda: dusty()[::-1, ::-1], "would fit rotated by 180 degrees"),
    "rows flipped": (lambda: dusty()[::-1], "would fit with its rows flipped"),
    "shifted": (lambda: np.roll(dusty(), (3, -5), (0, 1)), "would fit with --offset=-5,3"),
    "bias left in": (lambda: dusty() // 2 + np.uint16(20000), "give it with --pedestal"),
    "a fifth of the sky left in": (lambda: dusty() + np.uint16(6000), "give it with --pedestal"),
    "stale flat divided in": (lambda: real(dusty(with_dust=False)) / dust()[0], "use --multiply"),
    "gamma": (lambda: real(dusty()) ** np.float32(1 / 2.2), "or it was stretched"),
}


@pytest.mark.parametrize("kind", TARGETS)
def test_what_the_dust_speaks_against(flatbridge, tmp_path, correction, kind):
    values, words = TARGETS[kind]
    frame = write(tmp_path / "a.fits", values())
    call = "apply", correction, frame, "-o", tmp_path / "out"
    said = flatbridge.refuses(*call)
    assert said.startswith("a.fits ")
    assert words in said
    assert "--force" in said
    assert not (tmp_path / "out").exists()
    forced = flatbridge(*call, "--force")
    assert (forced.code, forced.err) == (0, "")
    assert "Forced: a.fits" in forced.out


def test_one_wrong_frame_of_a_batch_stops_it_before_anything_changes(
    flatbridge, tmp_path, correction
):
    frames = [write(tmp_path / f"{n}.fits", dusty(seed=n, with_dust=n != 2)) for n in range(4)]
    said = flatbridge.refuses("apply", correction, *frames, "-o", tmp_path / "out")
    assert said.startswith("2.fits does not hold this dust")
    assert not (tmp_path / "out").exists()


def test_raw_lights_are_told_apart(flatbridge, tmp_path, correction):
    raw = write(tmp_path / "a.fits", dusty() // 4 + np.uint16(9000), IMAGETYP="LIGHT")
    assert "it looks raw" in flatbridge.refuses("apply", correction, raw, "-o", tmp_path / "out")


@pytest.mark.parametrize("how", ["number", "file", "keyword"])
def test_with_its_pedestal_it_is_taken(flatbridge, tmp_path, correction, how):
    pedestal = np.uint16(6000)
    values = dusty() + pedestal
    bias = write(tmp_path / "bias.fits", np.full(SHAPE, pedestal))
    cards = {"PEDESTAL": 6000} if how == "keyword" else {}
    frame = write(tmp_path / "a.fits", values, **cards)
    given = {"number": "6000", "file": bias, "keyword": "auto"}[how]
    out = tmp_path / "out"
    assert flatbridge("apply", correction, frame, "-o", out, "--pedestal", given).code == 0
    expected = np.rint((values - np.float64(6000)) / dust()[0] + 6000)
    np.testing.assert_array_equal(fits.getdata(out / "a.fits"), expected)


def test_a_keywords_pedestal_is_in_16_bit_units(flatbridge, tmp_path, correction):
    values = real(dusty() + np.uint16(6000))
    frame = write(tmp_path / "a.fits", values, PEDESTAL=6000)
    assert flatbridge("apply", correction, frame, "-o", tmp_path / "out").code == 0
    expected = (values - 6000 / 65535) / dust()[0] + 6000 / 65535
    np.testing.assert_allclose(fits.getdata(tmp_path / "out" / "a.fits"), expected, rtol=1e-6)


def test_a_pedestal_of_another_size_is_no_pedestal(flatbridge, tmp_path, correction):
    bias = write(tmp_path / "bias.fits", np.full((10, 10), 5, np.uint16))
    frame = write(tmp_path / "a.fits", dusty())
    call = "apply", correction, frame, "-o", tmp_path / "out", "--pedestal", bias
    assert "bias.fits and a.fits differ in size" in flatbridge.refuses(*call)


def test_a_moved_correction_is_moved_whole_pixels(flatbridge, tmp_path, correction):
    values = real(np.roll(dusty(), (3, -5), (0, 1)))
    frame = write(tmp_path / "a.fits", values)
    out = tmp_path / "out"
    assert flatbridge("apply", correction, frame, "-o", out, "--offset=-5,3").code == 0
    factor = dust(x=65, y=63)[0]
    np.testing.assert_array_equal(fits.getdata(out / "a.fits"), values / factor)


def test_a_correction_moves_over_a_mosaic_by_even_steps(flatbridge, tmp_path, correction):
    sites = np.tile([[0.4, 1.0], [1.0, 0.6]], (SHAPE[0] // 2, SHAPE[1] // 2))
    moved = real(dusty() * np.roll(dust()[0], (3, -5), (0, 1)) / dust()[0] * sites)
    frame = write(tmp_path / "a.fits", moved)
    call = "apply", correction, frame, "-o", tmp_path / "out", "--offset=-5,3"
    assert "by even steps only" in flatbridge(*call).err
    assert not (tmp_path / "out").exists()


def test_an_xtrans_mosaic_is_refused(flatbridge, tmp_path, correction):
    frame = write(tmp_path / "a.fits", dusty(), BAYERPAT="GGRGGBGGBGGRBRGRBGGGBGGRGGRGGBRBGBRG")
    assert "X-Trans" in flatbridge("apply", correction, frame, "-o", tmp_path / "out").err


def test_a_stale_flat_is_undone(flatbridge, tmp_path, correction):
    sky = real(dusty(with_dust=False))
    frame = write(tmp_path / "a.fits", sky / dust()[0])
    out = tmp_path / "out"
    assert flatbridge("apply", correction, frame, "-o", out, "--multiply").code == 0
    np.testing.assert_allclose(fits.getdata(out / "a.fits"), sky, rtol=1e-6)


def test_too_little_light_is_told_and_nothing_claimed(flatbridge, tmp_path, correction):
    rng = np.random.default_rng(0)
    frame = write(tmp_path / "a.fits", rng.poisson(0.5, SHAPE).astype(np.uint16))
    done = flatbridge("apply", correction, frame, "-o", tmp_path / "out")
    assert done.code == 0
    assert "too faint to tell" in done.out
