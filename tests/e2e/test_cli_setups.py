"""With what a flat was taken is told to whoever applies its correction, and compared."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import read_correction
from tests.e2e.cli_support import FlatBridge, dust, dusty, write

SETUP = {
    "FILTER": "H-alpha", "INSTRUME": "ZWO ASI1600MM", "XBINNING": 1, "YBINNING": 1,
    "ROTATANG": 359.5,
}  # fmt: skip


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture
def correction(flatbridge, tmp_path):
    flat = write(tmp_path / "flat.fits", dusty(), **SETUP)
    assert flatbridge("correct", flat, "-o", tmp_path / "made").code == 0
    return tmp_path / "made" / "correction.fits"


def test_the_correction_tells_with_what_its_flat_was_taken(flatbridge, tmp_path, correction):
    with fits.open(correction) as hdus:
        hdus.verify("exception")
        assert {key: hdus[0].header[key] for key in SETUP} == SETUP
        told = hdus[0].data
    flat = write(tmp_path / "plain.fits", dusty())
    assert flatbridge("correct", flat, "-o", tmp_path / "again").code == 0
    np.testing.assert_array_equal(told, fits.getdata(tmp_path / "again" / "correction.fits"))
    assert read_correction(correction).digest == (
        read_correction(tmp_path / "again" / "correction.fits").digest
    )


DIFFERENT = {
    "another filter": ({"FILTER": "OIII"}, "another filter than the flat (OIII, not H-alpha)"),
    "another camera": ({"INSTRUME": "ZWO ASI533MM"}, "another camera"),
    "another binning": ({"XBINNING": 2}, "another binning than the flat (2, not 1)"),
    "another angle": ({"ROTATANG": 41.0}, "another rotator angle than the flat (41.0, not 359.5)"),
    "turned by the rotator": ({"ROTATOR": 179.5}, "another rotator angle"),
}


@pytest.mark.parametrize("kind", DIFFERENT)
def test_frames_of_another_setup_are_refused(flatbridge, tmp_path, correction, kind):
    cards, words = DIFFERENT[kind]
    frame = write(tmp_path / "a.fits", dusty(seed=1), **cards)
    call = "apply", correction, frame, "-o", tmp_path / "out"
    done = flatbridge(*call)
    assert done.code == 1
    assert f"a.fits tells of {words}" in done.err
    assert "--force" in done.err
    assert not (tmp_path / "out" / "a.fits").exists()
    assert flatbridge(*call, "--force").code == 0


@pytest.mark.parametrize(
    "cards",
    [
        SETUP,
        {"FILTER": "h_alpha "},
        {"FILTER": ""},
        {"ROTATANG": 0.6},
        {"INSTRUME": "ZWO ASI1600mm"},
        {"XBINNING": 1.0},
        {},
    ],
    ids=str,
)
def test_what_is_the_same_or_not_told_is_taken(flatbridge, tmp_path, correction, cards):
    frame = write(tmp_path / "a.fits", dusty(seed=1), **cards)
    done = flatbridge("apply", correction, frame, "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")


def test_mosaics_of_another_phase_are_refused(flatbridge, tmp_path):
    sites = np.tile([[0.4, 1.0], [1.0, 0.6]], (75, 100))
    values = np.rint(dusty() * sites).astype(np.uint16)
    flat = write(tmp_path / "flat.fits", values, BAYERPAT="RGGB", XBAYROFF=0)
    assert flatbridge("correct", flat, "-o", tmp_path / "made").code == 0
    for cards, words in (
        ({"BAYERPAT": "GRBG"}, "another mosaic than the flat (GRBG, not RGGB)"),
        ({"BAYERPAT": "RGGB", "XBAYROFF": 1}, "another first column of the mosaic"),
    ):
        frame = write(tmp_path / "a.fits", values, **cards)
        call = "apply", tmp_path / "made" / "correction.fits", frame, "-o", tmp_path / "out"
        assert f"a.fits tells of {words}" in flatbridge(*call).err
        frame.unlink()


@pytest.mark.parametrize("times", [2, 3])
def test_a_binned_frame_is_offered_the_averaged_factor(flatbridge, tmp_path, correction, times):
    height, width = 150 // times, 200 // times
    blocks = dusty(seed=1)[: height * times, : width * times].reshape(height, times, width, times)
    values = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint16)
    frame = write(tmp_path / "a.fits", values, XBINNING=times, YBINNING=times)
    call = "apply", correction, frame, "-o", tmp_path / "out"
    said = flatbridge(*call).err
    assert f"It was binned {times} x {times}" in said
    assert f"--bin {times}" in said
    done = flatbridge(*call, "--bin", times)
    assert (done.code, done.err) == (0, "")
    out = fits.getdata(tmp_path / "out" / "a.fits").astype(float)
    smooth = blocks.mean(axis=(1, 3)) / (
        dust()[0][: height * times, : width * times].reshape(blocks.shape).mean(axis=(1, 3))
    )
    assert out == pytest.approx(smooth, rel=0.012)
    clean = values == out
    assert clean.mean() > 0.8
