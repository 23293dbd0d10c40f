"""The median of a video equals numpy's, however little memory there is."""

import os

import numpy as np
import pytest

from bridge import median
from bridge.engines.base import Quiet
from bridge.errors import BadOption, Cancelled
from bridge.io import read_image
from bridge.io.ser import open_ser
from bridge.median import median_of
from bridge.numerics.median import temporal_median
from tests.ser import ser_bytes


@pytest.mark.parametrize("dtype", ["u1", "<u2", ">u2"])
@pytest.mark.parametrize("frames", [1, 2, 3, 8, 101, 600, 1025])
@pytest.mark.parametrize(("within", "sort"), [(None, False), ("u2", False), ("u2", True)])
def test_it_is_numpys_bit_for_bit(dtype, frames, within, sort):
    values = np.random.default_rng(frames).integers(0, np.iinfo(dtype).max + 1, (frames, 57))
    found = temporal_median(values.astype(dtype), within=within, sort=sort)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.median(values, axis=0).astype(np.float32))


def test_pixels_beyond_one_block_are_found_too():
    values = np.random.default_rng(1).integers(0, 65536, (600, 700)).astype("<u2")
    expected = np.median(values, axis=0).astype(np.float32)
    np.testing.assert_array_equal(temporal_median(values), expected)


@pytest.mark.parametrize("dtype", ["i2", "i4", "u4", "f4", ">f4", "f8"])
@pytest.mark.parametrize("frames", [1, 2, 7, 40])
def test_so_it_is_of_other_numbers_and_of_those_that_are_known(dtype, frames):
    rng = np.random.default_rng(frames)
    kind = np.dtype(dtype)
    values = (1000 * rng.standard_normal((frames, 99))).astype(np.int64)
    values = (abs(values) if kind.kind == "u" else values).astype(dtype)
    if kind.kind == "f":
        values[...] += rng.random(values.shape)
    np.testing.assert_array_equal(
        temporal_median(values), np.median(values, axis=0).astype(np.float32)
    )
    if kind.kind == "f" and frames > 2:
        values[1, ::3] = np.nan
        expected = np.nanmedian(values.astype(np.float64), axis=0).astype(np.float32)
        np.testing.assert_array_equal(temporal_median(values), expected)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("length", [100, 5000, 10**5])
def test_pieces_fit_the_memory_and_no_power_of_two_lies_between_frames(dtype, length):
    itemsize = np.dtype(dtype).itemsize
    for memory in (16_000_000, 10**9):
        found = median._length(length, itemsize, memory)
        cores = os.cpu_count() or 1
        assert found * length * itemsize * cores <= memory or found == 1
        assert found <= 64 or found * itemsize % 256


def test_the_interquartile_mean_is_finer_for_coarse_numbers():
    rng = np.random.default_rng(3)
    light = rng.uniform(90, 110, 400)
    stack = np.rint(light + rng.normal(0, 2, (500, 400))).astype(np.uint8)
    coarse, fine = (
        np.std(temporal_median(stack, estimator) - light) for estimator in ("median", "iqm")
    )
    assert fine < coarse / 2


@pytest.mark.parametrize("frames", [1, 2, 5, 40])
def test_the_interquartile_mean_leaves_out_a_quarter_at_each_end(frames):
    stack = np.random.default_rng(4).integers(0, 65536, (frames, 99)).astype(np.uint16)
    cut = frames // 4
    inner = np.sort(stack, axis=0)[cut : frames - cut]
    np.testing.assert_array_equal(
        temporal_median(stack, "iqm"), inner.mean(axis=0).astype(np.float32)
    )


@pytest.fixture
def video(tmp_path):
    def make(depth=16, shape=(31, 40, 50), color="mono", low=0):
        size = (*shape, 3) if color in ("RGB", "BGR") else shape
        frames = np.random.default_rng(depth).integers(low, 2**depth, size)
        path = tmp_path / f"{color}{depth}.ser"
        path.write_bytes(ser_bytes(frames, depth=depth, color=color))
        return open_ser(path, "little"), frames

    return make


@pytest.mark.parametrize("depth", [8, 12, 16])
@pytest.mark.parametrize("color", ["mono", "RGGB", "RGB", "BGR"])
def test_a_video_becomes_a_flat(video, depth, color):
    made, frames = video(depth, color=color)
    found = median_of(made, run=Quiet())
    expected = np.median(frames, axis=0).astype(np.float32)
    if color in ("RGB", "BGR"):
        expected = np.moveaxis(expected[..., ::-1] if color == "BGR" else expected, 2, 0)
    assert found.full_scale == 2**depth - 1
    np.testing.assert_array_equal(
        found.pixels * np.float32(found.full_scale), expected.reshape(found.pixels.shape)
    )
    assert ("eight-bit" in {notice.code for notice in found.warnings}) == (depth == 8)


def test_little_memory_means_many_small_pieces_and_the_same_median(video, monkeypatch):
    made, frames = video()
    monkeypatch.setattr(median, "LEAST_MEMORY", 1)
    sizes = []

    class Counting(type(made)):
        def read(self, part, numbers):
            sizes.append((part.stop - part.start) * len(numbers) * 2)
            return super().read(part, numbers)

    counting = Counting(made.path, made.header, made.frames, made.swapped, made.notices)
    found = median_of(counting, memory=20_000, run=Quiet())
    np.testing.assert_array_equal(found.pixels, median_of(made, run=Quiet()).pixels)
    assert max(sizes) < 20_000
    assert sum(sizes) == frames.size * 2  # every byte once


@pytest.mark.parametrize("chosen", [slice(3, 9), slice(None, None, 4), slice(-5, None)])
def test_some_frames_can_be_chosen(video, chosen):
    made, frames = video()
    found = median_of(made, frames=chosen, run=Quiet())
    expected = np.median(frames[chosen], axis=0).astype(np.float32)
    np.testing.assert_array_equal(found.pixels[0] * np.float32(65535), expected)


@pytest.mark.parametrize(
    "options", [{"frames": slice(40, 50)}, {"memory": 1000}, {"estimator": "mean"}]
)
def test_what_cannot_be_done_is_refused(video, options):
    with pytest.raises(BadOption):
        median_of(video()[0], run=Quiet(), **options)


def test_it_can_be_cancelled(video):
    class Stopping(Quiet):
        def check_cancelled(self):
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        median_of(video()[0], run=Stopping())


def test_samples_beyond_the_depth_widen_the_scale(tmp_path):
    frames = np.full((3, 8, 9), 5000)
    path = tmp_path / "left.ser"
    path.write_bytes(ser_bytes(frames, depth=12))
    found = median_of(open_ser(path, "little"), run=Quiet())
    assert found.full_scale == 8191
    assert [notice.code for notice in found.warnings] == ["depth"]
    assert (found.pixels * np.float32(8191) == 5000).all()


def test_the_file_gives_the_median_back(tmp_path, video):
    from bridge.cli.median import median_bytes

    made, frames = video(12)
    data = median_bytes(made, median_of(made, run=Quiet()))
    back = read_image(data)
    expected = np.median(frames, axis=0).astype(np.float32)
    np.testing.assert_array_equal(back.pixels[0] * np.float32(back.full_scale), expected)
