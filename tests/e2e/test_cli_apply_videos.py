"""``flatbridge apply`` on SER videos: corrected before they are stacked."""

from __future__ import annotations

import shutil
from collections import namedtuple

import numpy as np
import pytest
from PIL import Image

from bridge.io import fits_bytes
from bridge.io.ser import open_ser
from bridge.io.ser_header import HEADER_BYTES
from tests.e2e.cli_support import FlatBridge, tree
from tests.ser import ser_bytes
from tests.shared_data import shared

SHAPE = (60, 80)


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def planes(channels=1):
    factor = np.ones((channels, *SHAPE), np.float32)
    for channel in range(channels):
        factor[channel, 20:40, 30:50] = np.linspace(0.6, 1.2 + channel / 10, 400).reshape(20, 20)
    return factor


@pytest.fixture
def correction(tmp_path):
    def make(channels=1):
        path = tmp_path / f"correction{channels}.fits"
        path.write_bytes(fits_bytes(planes(channels) / np.float32(2), cards={"FBSCALE": 2.0}))
        return path

    return make


def recorded(depth, channels=1, count=7):
    """Return frames with the dust of `planes` in them, some pixels saturated, some black."""
    size = (count, *SHAPE, 3) if channels == 3 else (count, *SHAPE)
    rng = np.random.default_rng(depth)
    dust = np.moveaxis(planes(channels), 0, 2) if channels == 3 else planes()[0]
    light = np.floor(2**depth * rng.uniform(0.5, 0.6, size) * dust).astype(int)
    light[:, ::7, ::9] = 2**depth - 1
    light[:, 1::7, ::9] = 0
    return light


def values(path):
    video = open_ser(path, "little")
    return video.read(slice(0, video.samples), range(video.frames)).astype(int)


@pytest.mark.parametrize("depth", [12, 16])
@pytest.mark.parametrize("color", ["mono", "RGGB", "RGB", "BGR"])
def test_every_frame_is_divided_and_the_rest_kept(flatbridge, tmp_path, correction, depth, color):
    channels = 3 if color in ("RGB", "BGR") else 1
    frames = recorded(depth, channels)
    frames = np.ascontiguousarray(frames[..., ::-1]) if color == "BGR" else frames
    data = ser_bytes(frames, depth=depth, color=color, stamps=True, texts=("Anna", "", ""), utc=77)
    (tmp_path / "sun.ser").write_bytes(data)
    done = flatbridge("apply", correction(channels), tmp_path / "sun.ser", "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    made = tmp_path / "out" / "sun.ser"
    factor = np.moveaxis(planes(channels), 0, -1)
    factor = factor[..., ::-1] if color == "BGR" else factor
    top = 2**depth - 1
    expected = np.clip(np.rint(frames.reshape(7, *factor.shape) / factor.astype(float)), 0, top)
    expected = np.where(frames.reshape(expected.shape) == top, top, expected)
    np.testing.assert_array_equal(values(made), expected.reshape(7, -1))
    after = made.read_bytes()
    assert len(after) == len(data)
    assert after[18:HEADER_BYTES] == data[18:HEADER_BYTES]  # all but the mark
    assert after[-7 * 8 :] == data[-7 * 8 :]


def test_eight_bits_are_rounded_so_that_a_stack_is_not(flatbridge, tmp_path, correction):
    frames = np.full((400, *SHAPE), 100)
    (tmp_path / "sun.ser").write_bytes(ser_bytes(frames, depth=8))
    for name in ("one", "two"):
        call = "apply", correction(), tmp_path / "sun.ser", "-o", tmp_path / name
        assert flatbridge(*call, "--force").code == 0  # there is no dust in it
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    made = values(tmp_path / "one" / "sun.ser")
    exact = np.broadcast_to(100 / planes()[0].astype(float), SHAPE).reshape(-1)
    assert (made[:, exact == 100] == 100).all()
    assert abs(made - exact).max() < 1
    touched = exact != 100
    assert np.sqrt(np.mean((made.mean(axis=0) - exact)[touched] ** 2)) < 0.03  # 0.29 if rounded


def test_eight_bits_can_become_sixteen(flatbridge, tmp_path, correction):
    frames = recorded(8)
    (tmp_path / "sun.ser").write_bytes(ser_bytes(frames, depth=8, stamps=True))
    flatbridge("apply", correction(), tmp_path / "sun.ser", "-o", tmp_path / "out", "--depth", 16)
    video = open_ser(tmp_path / "out" / "sun.ser", "little")
    assert (video.header.depth, video.frames) == (16, 7)
    wide = frames * 257.0
    expected = np.where(
        frames == 255, 65535, np.clip(np.rint(wide / planes()[0].astype(float)), 0, 65535)
    )
    np.testing.assert_array_equal(values(video.path), expected.reshape(7, -1))


def test_a_wrong_count_and_a_cut_end_are_put_right(flatbridge, tmp_path, correction):
    data = ser_bytes(recorded(16), depth=16, counted=0)[:-100]
    (tmp_path / "sun.ser").write_bytes(data)
    assert flatbridge("apply", correction(), tmp_path / "sun.ser", "-o", tmp_path / "out").code == 0
    video = open_ser(tmp_path / "out" / "sun.ser", "little")
    assert (video.frames, video.header.frames, video.notices) == (6, 6, ())


def test_a_video_is_corrected_once_and_multiplying_takes_it_back(flatbridge, tmp_path, correction):
    source = tmp_path / "sun.ser"
    source.write_bytes(ser_bytes(recorded(16), depth=16))
    once, back = tmp_path / "once", tmp_path / "back"
    flatbridge("apply", correction(), source, "-o", once)
    assert "is done already" in flatbridge("apply", correction(), source, "-o", once).out
    made = once / "sun.ser"
    assert "divided by this" in flatbridge.refuses("apply", correction(), made, "-o", back)
    assert flatbridge("apply", correction(), made, "-o", back, "--multiply").code == 0
    assert (back / "sun.ser").read_bytes()[:HEADER_BYTES] == source.read_bytes()[:HEADER_BYTES]


HISTORIES = {
    "corrected already": (lambda f: f, "does not hold this dust"),
    "turned": (lambda f: f * planes()[0][::-1, ::-1], "would fit rotated by 180 degrees"),
    "a stale flat": (lambda f: f / planes()[0], "use --multiply"),
    "black level left in": (lambda f: f * planes()[0] + 600, "give it with --pedestal"),
}


@pytest.mark.parametrize("kind", HISTORIES)
def test_what_the_dust_speaks_against_is_left_alone(flatbridge, tmp_path, correction, kind):
    made, words = HISTORIES[kind]
    light = np.random.default_rng(1).uniform(2000, 2100, (7, *SHAPE))
    frames = np.rint(made(light)).astype(int)
    (tmp_path / "sun.ser").write_bytes(ser_bytes(frames, depth=12))
    call = "apply", correction(), tmp_path / "sun.ser", "-o", tmp_path / "out"
    said = flatbridge.refuses(*call)
    assert said.startswith("sun.ser ")
    assert words in said
    assert not (tmp_path / "out" / "sun.ser").exists()
    assert flatbridge(*call, "--force").code == 0


def test_what_does_not_fit_or_has_no_room_leaves_nothing(
    flatbridge, tmp_path, correction, monkeypatch
):
    (tmp_path / "sun.ser").write_bytes(ser_bytes(recorded(16)[:, 1:], depth=16))
    out = tmp_path / "out"
    said = flatbridge.refuses("apply", correction(), tmp_path / "sun.ser", "-o", out)
    assert "sun.ser is 80 x 59 gray" in said
    (tmp_path / "sun.ser").write_bytes(ser_bytes(recorded(16), depth=16))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 100))
    said = flatbridge.refuses("apply", correction(), tmp_path / "sun.ser", "-o", out)
    assert "the disk has" in said
    assert not out.exists() or not list(out.iterdir())


def test_displaced_suns_become_a_median_and_a_correction_of_each(flatbridge, tmp_path):
    part = np.s_[580:780, 880:1100]
    frames = [
        np.asarray(Image.open(shared("bbso-halpha", f"h619l0{number}.jpg")).convert("L"))[part]
        for number in range(1, 9)
    ]
    video = tmp_path / "sun.ser"
    video.write_bytes(ser_bytes(frames, depth=8))
    out = tmp_path / "out"
    assert flatbridge("correct", video, "-o", out).code == 0
    done = flatbridge("apply", out / "correction.fits", video, "-o", tmp_path / "clean")
    assert done.code == 0
    made = values(tmp_path / "clean" / "sun.ser").reshape(8, 200, 220)
    speck = np.s_[:, 682 - 580 - 3 : 682 - 580 + 4, 997 - 880 - 3 : 997 - 880 + 4]
    before = np.mean(np.asarray(frames)[speck])
    assert made[speck].mean() > 1.05 * before
