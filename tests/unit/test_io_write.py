"""What is written: FITS planes, TIFF pictures, and files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
import textwrap

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from bridge.errors import FileTrouble, UnsupportedFrame
from bridge.io import (
    Provenance,
    check_free,
    encode_correction,
    fits_bytes,
    mask_plane,
    picture_bytes,
    plane_bytes,
    read_correction,
    read_image,
    read_mask,
    write_file,
    write_files,
    write_fits,
    write_tiff16,
)

MADE = Provenance(
    version="1.2.3",
    detector="local 1",
    inpainter="local 1",
    options={"detector": "local", "inpainter": "local", "threshold": 5.0, "dilate": "auto"},
    input_digest="ab" * 32,
)


def planes(channels: int = 1, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.uniform(low, high, (channels, 6, 9)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 3])
def test_planes_come_back_bit_for_bit_in_both_row_orders(tmp_path, channels):
    given = planes(channels)
    given.setflags(write=False)
    write_fits(tmp_path / "a.fits", given, cards={"FBX": 1.5}, history=["one", "x" * 200])
    np.testing.assert_array_equal(read_image(tmp_path / "a.fits").pixels, given)
    with fits.open(tmp_path / "a.fits") as hdus:
        hdus.verify("exception")
        assert hdus[0].header["ROWORDER"] == "TOP-DOWN"
        assert hdus[0].header["FBX"] == 1.5
        assert hdus[0].data.ndim == (2 if channels == 1 else 3)
        turned = fits.PrimaryHDU(hdus[0].data[..., ::-1, :], hdus[0].header)
    turned.header["ROWORDER"] = "BOTTOM-UP"
    turned.writeto(tmp_path / "b.fits")
    np.testing.assert_array_equal(read_image(tmp_path / "b.fits").pixels, given)


def test_the_same_planes_give_the_same_bytes():
    first = plane_bytes("mask", planes()[0], MADE)
    assert first == plane_bytes("mask", planes()[0], MADE)


@pytest.mark.parametrize("bad", [1.0000001, -1e-9, np.nan, np.inf])
def test_a_plane_that_leaves_0_to_1_is_never_written(tmp_path, bad):
    given = planes()
    given[0, 2, 3] = bad
    with pytest.raises(ValueError, match="within"):
        write_fits(tmp_path / "a.fits", given)
    assert list(tmp_path.iterdir()) == []


def test_texts_that_fit_no_card_are_cut_and_made_ascii():
    data = fits_bytes(planes(), cards={"FBA": "é" * 90, "FBB": "'" * 90}, history=["ü\n" * 50])
    found = fits.Header.fromstring(data[:2880])
    assert found["FBA"] == "?" * 68
    assert found["FBB"] == "'" * 34
    assert set(str(found["HISTORY"]).replace("\n", "")) == {"?"}


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [2, 40])
def test_a_header_is_the_one_that_astropy_writes(channels, count):
    values = (
        1.5,
        -0.25,
        1e-7,
        3.0e22,
        7,
        -12,
        2**40,
        True,
        False,
        "Ha",
        "a 'quoted' text",
        "x" * 60,
    )
    cards = {f"FB{n}": values[n % len(values)] for n in range(count)}
    lines = ["one line", "a longer one " * 9]
    header = fits.Header({"ROWORDER": "TOP-DOWN", **cards})
    for line in lines:
        for part in textwrap.wrap(line, 72):
            header.add_history(part)
    pixels = planes(channels)[0] if channels == 1 else planes(channels)
    expected = fits.PrimaryHDU(pixels, header=header).header.tostring().encode()
    assert fits_bytes(pixels, cards=cards, history=lines)[: len(expected)] == expected


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_no_card_can_hold_is_not_written(value):
    with pytest.raises(ValueError, match="FBX is not finite"):
        fits_bytes(planes(), cards={"FBX": value})


def test_provenance_is_in_the_header():
    data, _ = plane_bytes("clean_flat", planes(), MADE, full_scale=65535.0)
    found = fits.Header.fromstring(data[: data.index(b"END     ") + 80])
    assert found["FBVERS"] == "1.2.3"
    assert found["FBDETECT"] == found["FBINPAIN"] == "local 1"
    assert found["FBINPUT"] == "ab" * 32
    assert (found["FBTHRESH"], found["FBDILATE"]) == (5.0, "auto")
    assert found["FBFULL"] == 65535
    assert "FBSCALE" not in found
    assert "FlatBridge 1.2.3: clean_flat" in str(found["HISTORY"])


@pytest.mark.parametrize(
    ("peak", "scale"), [(1.0, 1), (0.9, 1), (1.0000001, 2), (1.5, 2), (2, 2), (2.1, 4)]
)
def test_a_factor_above_1_is_divided_by_a_power_of_two_and_comes_back(tmp_path, peak, scale):
    factor = planes(3, 0.2, 0.9)
    factor[1, 2, 3] = peak
    pixels, found = encode_correction(factor)
    assert found == scale
    assert pixels.max() <= 1
    np.testing.assert_array_equal(pixels * np.float32(found), factor)
    data, _ = plane_bytes("correction", factor, MADE)
    (tmp_path / "correction.fits").write_bytes(data)
    read = read_correction(tmp_path / "correction.fits")
    np.testing.assert_array_equal(read.planes, factor)
    assert read.cards["FBSCALE"] == scale


def test_a_signal_above_1_keeps_its_level_through_its_full_scale(tmp_path):
    signal = planes(1, 0.5, 1.5)
    data, scale = plane_bytes("inpainted", signal, MADE, full_scale=4095.0)
    frame = read_image(data)
    assert (scale, frame.full_scale) == (2, 8190)
    np.testing.assert_array_equal(frame.pixels * np.float32(2), signal)


def test_what_is_no_correction_is_refused(tmp_path):
    write_fits(tmp_path / "a.fits", planes(1, 0.5, 1))
    with pytest.raises(UnsupportedFrame, match=r"^a\.fits is not a correction: .*FBSCALE"):
        read_correction(tmp_path / "a.fits")
    given = planes(1, 0.5, 1)
    given[0, 0, 0] = 0
    write_fits(tmp_path / "b.fits", given, cards={"FBSCALE": 1.0})
    with pytest.raises(UnsupportedFrame, match="above 0"):
        read_correction(tmp_path / "b.fits")
    write_tiff16(tmp_path / "c.tiff", given, one=65535)
    with pytest.raises(UnsupportedFrame, match="not a FITS"):
        read_correction(tmp_path / "c.tiff")


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_hold_the_factor_in_16_bits(tmp_path, channels):
    factor = np.ones((channels, 6, 9), np.float32)
    factor[0, 1, :5] = 0.5, 0.99, 1.25, 2.5, 1.0
    made = {name: (data, notice) for name, data, notice in picture_bytes(factor)}
    for name, (data, _) in made.items():
        (tmp_path / name).write_bytes(data)
    plain = tifffile.imread(tmp_path / "correction.tiff")
    flat = tifffile.imread(tmp_path / "correction_as_flat.tiff")
    assert plain.dtype == flat.dtype == np.uint16
    assert plain.shape == ((6, 9) if channels == 1 else (6, 9, 3))
    assert plain.reshape(6, 9, -1)[1, :5, 0].tolist() == [32768, 64880, 65535, 65535, 65535]
    assert flat.reshape(6, 9, -1)[1, :5, 0].tolist() == [16384, 32440, 40960, 65535, 32768]
    assert [notice and notice.count for _, notice in made.values()] == [2, 1]


def test_a_mask_is_used_as_recorded_and_an_overshoot_does_not_erase_it(tmp_path):
    values = np.array([[0, 0.5], [1, 1.0001]], np.float32)
    fits.writeto(tmp_path / "mask.fits", values)
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.fits"), [[0, 0.5], [1, 1]])
    fits.writeto(tmp_path / "whole.fits", np.array([[0, 255]], np.uint8))
    np.testing.assert_array_equal(read_mask(tmp_path / "whole.fits"), [[0, 1]])
    for name, bad in {"levels": values * 255, "color": np.ones((3, 2, 2), np.float32)}.items():
        fits.writeto(tmp_path / f"{name}.fits", bad)
        with pytest.raises(UnsupportedFrame, match=f"^{name}.fits is not a mask"):
            mask_plane(read_image(tmp_path / f"{name}.fits"), f"{name}.fits")


# ---------------------------------------------------------------- files


def test_a_file_is_replaced_only_by_force_and_whole(tmp_path):
    path = tmp_path / "new" / "deep" / "a.bin"
    write_file(path, b"one")
    with pytest.raises(FileTrouble, match="exists already"):
        write_file(path, b"two")
    write_file(path, b"three", force=True)
    assert path.read_bytes() == b"three"
    assert list(path.parent.iterdir()) == [path]


def test_nothing_is_left_where_writing_fails(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileTrouble, match=r"a\.bin cannot be written: No space left on device\."):
        write_file(tmp_path / "a.bin", b"one")
    with pytest.raises(FileTrouble, match="No space left"):
        write_files(tmp_path / "new" / "deep", [("a", b"one")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_beneath_a_file_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for attempt in (
        lambda: write_file(tmp_path / "file" / "a", b""),
        lambda: write_files(tmp_path / "file" / "deep", [("a", b"")]),
        lambda: check_free([tmp_path / "file" / "deep" / "a"]),
    ):
        with pytest.raises(FileTrouble, match="is a file, not a folder"):
            attempt()


def test_an_input_is_never_overwritten_even_by_another_name(tmp_path):
    source = tmp_path / "a.fits"
    source.write_bytes(b"")
    link = tmp_path / "b.fits"
    os.link(source, link)
    for path in (source, link):
        with pytest.raises(FileTrouble, match="input"):
            check_free([path], force=True, inputs=[source])
    check_free([tmp_path / "c.fits"], inputs=[source])


def test_all_files_appear_or_none(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    write_files(folder, [("a", b"1"), ("b", b"2")])

    def broken():
        yield "a", b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_files(folder, broken(), force=True)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path / "never", broken())
    with pytest.raises(FileTrouble, match="exists already"):
        write_files(folder, [("c", b""), ("b", b"")])
    assert not (tmp_path / "never").exists()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a": b"1", "b": b"2"}

    replace = os.replace

    def stuck(source, target):
        if str(target).endswith(f"out{os.sep}c"):
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stuck)
    with pytest.raises(FileTrouble, match="Permission denied"):
        write_files(folder, [("a", b"x"), ("d", b"x"), ("c", b"x"), ("b", b"x")], force=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a": b"1", "b": b"2"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_files_are_as_readable_as_any_other(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    write_file(tmp_path / "a", b"")
    write_files(tmp_path, [("b", b"")])
    modes = {(tmp_path / name).stat().st_mode for name in ("plain", "a", "b")}
    assert len(modes) == 1
