"""SER videos: every kind of pixel and header, honest or not."""

import os
import struct
from datetime import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import BridgeError, FileTrouble, UnreadableImage, UnsupportedFrame
from bridge.io.ser import is_ser, open_ser
from bridge.io.ser_header import COLORS, HEADER_BYTES
from tests.ser import COLOR_IDS, TICKS_A_SECOND, ser_bytes

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def smooth(count, height, width, channels=1, depth=16, seed=0):
    """Frames that look like an image: neighbours are alike."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    light = (0.3 + 0.5 * (x + y) / (height + width)) * (2**depth - 1)
    frames = light[None, :, :, None] + rng.normal(0, 2, (count, height, width, channels))
    frames = np.clip(np.rint(frames), 0, 2**depth - 1).astype(np.uint16)
    return frames if channels == 3 else frames[..., 0]


def written(folder, data, name="video.ser"):
    path = folder / name
    path.write_bytes(data)
    return path


def whole(video):
    return np.stack(
        [video.planes(one) for one in video.read(slice(0, video.samples), range(video.frames))]
    )


def opened(path):
    try:
        return open_ser(path), None
    except BridgeError as trouble:
        return None, trouble


def test_every_color_of_the_format_is_known():
    assert {COLORS[number]: number for number in COLORS} == COLOR_IDS


@QUICK
@given(
    color=st.sampled_from(sorted(COLOR_IDS)),
    depth=st.integers(1, 16),
    size=st.tuples(st.integers(1, 5), st.integers(1, 9), st.integers(1, 9)),
    stamps=st.booleans(),
    big=st.booleans(),
    seed=st.integers(0, 99),
)
def test_what_was_written_is_read(tmp_path, color, depth, size, stamps, big, seed):
    rng = np.random.default_rng(seed)
    shape = (*size, 3) if color in ("RGB", "BGR") else size
    frames = rng.integers(0, 2**depth, shape)
    data = ser_bytes(frames, depth=depth, color=color, stamps=stamps, big=big)
    video = open_ser(written(tmp_path, data), "big" if big else "little")
    assert video.frames == size[0]
    assert video.header.color == color
    assert video.header.full_scale == 2**depth - 1
    expected = frames[..., ::-1] if color == "BGR" else frames
    expected = np.moveaxis(expected, 3, 1) if expected.ndim == 4 else expected[:, None]
    np.testing.assert_array_equal(whole(video), expected)


@pytest.mark.parametrize("flag", [0, 1])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("depth", [10, 12, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_byte_order_is_recognised_whatever_the_flag_says(tmp_path, flag, big, depth, channels):
    frames = smooth(3, 40, 50, channels, depth)
    color = "RGB" if channels == 3 else "mono"
    data = ser_bytes(frames, depth=depth, color=color, flag=flag, big=big)
    video = open_ser(written(tmp_path, data))
    assert video.swapped == big
    expected = np.moveaxis(frames, 3, 1) if channels == 3 else frames[:, None]
    np.testing.assert_array_equal(whole(video), expected)
    # Recording software writes 0 for little-endian.
    assert ("byte-order" in {notice.code for notice in video.notices}) == (bool(flag) != big)


def test_noise_that_tells_nothing_is_read_as_software_writes_it(tmp_path):
    frames = np.random.default_rng(1).integers(0, 65536, (3, 30, 40))
    for flag, swapped in ((0, False), (1, True)):
        data = ser_bytes(frames, depth=16, flag=flag)
        assert open_ser(written(tmp_path, data)).swapped == swapped


@pytest.mark.parametrize("stamps", [False, True])
@pytest.mark.parametrize("counted", [5, 0, -1, 3, 9, 2**31 - 1])
def test_frames_are_counted_by_what_is_there(tmp_path, stamps, counted):
    data = ser_bytes(smooth(5, 12, 31), depth=16, counted=counted, stamps=stamps)
    video = open_ser(written(tmp_path, data))
    assert video.frames == 5
    assert [notice.code for notice in video.notices] == [] if counted == 5 else ["frame-count"]


@pytest.mark.parametrize("missing", [1, 500, 743])
def test_a_last_frame_cut_short_is_left_out_and_it_is_said(tmp_path, missing):
    frames = smooth(5, 12, 31)
    data = ser_bytes(frames, depth=16)[:-missing]
    video = open_ser(written(tmp_path, data))
    assert video.frames == 4
    np.testing.assert_array_equal(whole(video)[:, 0], frames[:4])
    (notice,) = video.notices
    assert notice.count == 4
    assert "cut short" in notice.message


@QUICK
@given(
    fields=st.lists(
        st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, 8, 16, 100])),
        min_size=7,
        max_size=7,
    ),
    length=st.integers(0, 900),
    times=st.integers(-(2**63), 2**63 - 1),
)
def test_a_hostile_header_is_a_video_or_a_sentence(tmp_path, fields, length, times):
    data = b"LUCAM-RECORDER" + struct.pack("<7i", *fields) + bytes(range(120))
    data += struct.pack("<qq", times, times) + bytes(length)
    path = written(tmp_path, data[: HEADER_BYTES + length])
    video, trouble = opened(path)
    assert video or path.name in trouble.detail
    if video:
        assert 1 <= video.frames <= length
        assert whole(video).size == video.frames * video.samples


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda data: b"", UnreadableImage, "not a SER video"),
        (lambda data: data[:100], UnreadableImage, "within its header"),
        (lambda data: data[:178], UnreadableImage, "no whole frame"),
        (lambda data: data[:18] + b"\x07" + data[19:], UnsupportedFrame, "ColorID 7"),
        (lambda data: data[:34] + b"\x20" + data[35:], UnsupportedFrame, "32 bits"),
        (lambda data: data[:26] + b"\xff\xff\xff\xff" + data[30:], UnsupportedFrame, "-1 x 12"),
    ],
)
def test_what_is_no_video_is_refused_by_name(tmp_path, change, error, words):
    path = written(tmp_path, change(ser_bytes(smooth(2, 12, 31), depth=16)))
    with pytest.raises(error, match=words) as caught:
        open_ser(path)
    assert "video.ser" in caught.value.detail


def test_only_regular_files_are_opened(tmp_path):
    with pytest.raises(FileTrouble, match="does not exist"):
        open_ser(tmp_path / "none.ser")
    with pytest.raises(FileTrouble):
        open_ser(tmp_path)
    assert not is_ser(tmp_path)
    assert not is_ser(tmp_path / "none.ser")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.ser")
        assert not is_ser(tmp_path / "pipe.ser")
        with pytest.raises(FileTrouble, match="not a file"):
            open_ser(tmp_path / "pipe.ser")


def test_the_header_tells_who_with_what_and_when(tmp_path):
    when = datetime(2024, 6, 1, 12, 30, 15)
    ticks = int((when - datetime(1, 1, 1)).total_seconds()) * TICKS_A_SECOND
    texts = ("Anna", "ASI174MM", "Lunt 60")
    data = ser_bytes(smooth(2, 12, 31), depth=16, texts=texts, utc=ticks)
    assert open_ser(written(tmp_path, data)).header.cards() == {
        "OBSERVER": "Anna",
        "INSTRUME": "ASI174MM",
        "TELESCOP": "Lunt 60",
        "DATE-OBS": "2024-06-01T12:30:15.000",
    }
    assert open_ser(written(tmp_path, ser_bytes(smooth(2, 9, 9), depth=16))).header.cards() == {}


def test_a_file_that_shrinks_meanwhile_is_a_sentence(tmp_path):
    path = written(tmp_path, ser_bytes(smooth(4, 12, 31), depth=16))
    video = open_ser(path)
    os.truncate(path, 1000)
    with pytest.raises(FileTrouble, match="shorter"):
        whole(video)
