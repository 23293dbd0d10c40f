"""``flatbridge median`` of frames in files of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import tifffile
from astropy.io import fits
from PIL import Image

from tests.e2e.cli_support import FlatBridge, tree, write
from tests.xisf_files import written


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def frames(dtype="uint16", count=6, shape=(40, 50), seed=3):
    rng = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return rng.random((count, *shape)).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, (count, *shape)).astype(dtype)


def files(folder, stack, **cards):
    return [write(folder / f"{n}.fits", one, **cards) for n, one in enumerate(stack)]


def result(path):
    with fits.open(path) as hdus:
        return hdus[0].data.astype(np.float32) * np.float32(hdus[0].header["FBFULL"])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("count", [1, 5, 6])
def test_the_median_of_files_is_numpys(flatbridge, tmp_path, dtype, count):
    stack = frames(dtype, count)
    done = flatbridge("median", *files(tmp_path, stack), "-o", tmp_path / "m.fits")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"0.fits: {count} frame")
    expected = np.median(stack, axis=0).astype(np.float32)
    np.testing.assert_array_equal(result(tmp_path / "m.fits"), expected)


def test_formats_may_differ_but_not_the_samples(flatbridge, tmp_path):
    stack = frames(count=4)
    paths = files(tmp_path, stack[:1], ROWORDER="TOP-DOWN")
    tifffile.imwrite(tmp_path / "1.tif", stack[1])
    Image.fromarray(stack[2]).save(tmp_path / "2.png")
    written(tmp_path / "3.xisf", stack[3][None])
    paths += [tmp_path / "1.tif", tmp_path / "2.png", tmp_path / "3.xisf"]
    assert flatbridge("median", *paths, "-o", tmp_path / "m.fits").code == 0
    np.testing.assert_array_equal(result(tmp_path / "m.fits"), np.median(stack, axis=0))


def test_what_is_unknown_in_one_frame_is_taken_from_the_others(flatbridge, tmp_path):
    stack = frames("float32", 5)
    stack[1, 3, 4] = stack[2, 3, 4] = stack[:, 7, 7] = np.nan
    flatbridge("median", *files(tmp_path, stack), "-o", tmp_path / "m.fits")
    stack[:, 7, 7] = 0  # nothing is known of it, and FITS files hold numbers
    expected = np.nanmedian(stack, axis=0)
    np.testing.assert_array_equal(result(tmp_path / "m.fits"), expected)


def test_levels_can_be_brought_to_the_first_ones(flatbridge, tmp_path):
    rng = np.random.default_rng(1)
    light = 0.2 + 0.1 * rng.random((40, 50))
    stack = [(light * level).astype(np.float32) for level in (1, 2, 0.5, 3, 1.5)]
    paths = files(tmp_path, stack)
    flatbridge("median", *paths, "-o", tmp_path / "m.fits", "--normalize")
    np.testing.assert_allclose(result(tmp_path / "m.fits"), light, rtol=1e-6)


def test_frames_that_differ_are_named(flatbridge, tmp_path):
    paths = files(tmp_path, frames(count=2))
    small = write(tmp_path / "small.fits", frames(shape=(40, 49))[0])
    real = write(tmp_path / "real.fits", frames("float32")[0])
    before = tree(tmp_path)
    target = tmp_path / "m.fits"
    said = flatbridge.refuses("median", *paths, small, "-o", target)
    assert said == "small.fits is 49 x 40 gray, 0.fits 50 x 40 gray; frames must be alike."
    said = flatbridge.refuses("median", *paths, real, "-o", target)
    assert said == "real.fits holds float32, 0.fits uint16; frames must be alike."
    assert tree(tmp_path) == before


def test_nothing_stays_in_the_temporary_folder_not_even_of_trouble(
    flatbridge, tmp_path, monkeypatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    paths = files(tmp_path / "in", frames(count=3))
    flatbridge("median", *paths, "-o", tmp_path / "m.fits")
    Path(paths[1]).write_bytes(b"damaged")
    flatbridge.refuses("median", *paths, "-o", tmp_path / "n.fits")
    assert list(scratch.iterdir()) == []
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 100))
    assert "the disk has" in flatbridge.refuses("median", paths[0], "-o", tmp_path / "n.fits")
    assert list(scratch.iterdir()) == []
