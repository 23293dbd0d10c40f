"""``flatbridge batch``: a folder of videos, each to its correction, with one page over all."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.e2e.cli_support import FlatBridge, dusty, tree
from tests.ser import ser_bytes


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def video(path, seed):
    rng = np.random.default_rng(seed)
    light = dusty(seed=seed).astype(float)
    frames = np.rint(light * (1 + 0.003 * rng.standard_normal((5, *light.shape))))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ser_bytes(frames, depth=16))


@pytest.fixture
def videos(tmp_path):
    folder = tmp_path / "videos"
    for seed, name in enumerate(("a.ser", "night <2>/b.SER")):
        video(folder / name, seed)
    (folder / "notes.txt").write_text("none", encoding="utf-8")
    (folder / "fake.ser").write_bytes(b"no video")
    return folder


def test_every_video_has_its_results_and_a_line_on_the_page(flatbridge, tmp_path, videos):
    before = tree(videos)
    done = flatbridge("batch", videos, "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert tree(videos) == before
    for name in ("a.ser", "night <2>/b.SER"):
        made = {path.name for path in (tmp_path / "out" / name).iterdir()}
        assert {"median.fits", "correction.fits", "report.json", "report.html"} <= made
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert links == ["a.ser/report.html", "night%20%3C2%3E/b.SER/report.html"]
    assert page.count("1 shadow found") == 2
    assert "<2>" not in page
    assert "2 videos corrected" in page


def test_a_second_run_does_what_is_missing_and_one_after_the_other_is_as_two_at_a_time(
    flatbridge, tmp_path, videos
):
    one, two = tmp_path / "one", tmp_path / "two"
    flatbridge("batch", videos, "-o", one)
    before = tree(one)
    (one / "a.ser" / "report.json").unlink()
    done = flatbridge("batch", videos, "-o", one)
    assert "1 video done already" in done.out
    assert done.code == 0
    assert tree(one) == before
    assert flatbridge("batch", videos, "-o", two, "-j", 2).code == 0
    assert tree(two) == before


def test_one_bad_video_does_not_stop_the_rest(flatbridge, tmp_path, videos):
    (videos / "b.ser").write_bytes(ser_bytes(np.ones((1, 50, 60)), depth=16)[:1000])
    done = flatbridge("batch", videos, "-o", tmp_path / "out")
    assert done.code == 1
    assert "b.ser holds no whole frame" in done.err
    assert "1 of 3 videos failed" in done.err
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "3 videos, 1 of them failed" in page
    assert page.count("href=") == 2


def test_none_is_said_to_be_done_where_all_failed(flatbridge, tmp_path):
    broken = ser_bytes(np.ones((1, 50, 60)), depth=16)[:1000]
    (tmp_path / "videos").mkdir()
    for name, said in {"a": "The video failed.", "b": "All 2 videos failed."}.items():
        (tmp_path / "videos" / f"{name}.ser").write_bytes(broken)
        done = flatbridge("batch", tmp_path / "videos", "-o", tmp_path / "out")
        assert done.code == 1
        assert done.err.splitlines()[-1] == f"flatbridge: {said}"


@pytest.mark.parametrize("place", ["videos", "videos/night <2>", "videos/../videos", "other"])
def test_results_do_not_lie_among_videos(flatbridge, tmp_path, videos, place):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.ser").write_bytes(b"a copy")
    before = tree(tmp_path)
    said = flatbridge.refuses("batch", videos, "-o", tmp_path / place)
    if place == "other":
        assert said == f"{tmp_path / 'other' / 'a.ser'} is a file, not a folder."
    else:
        assert said == f"{tmp_path / place} is where the videos are; choose another folder."
    assert tree(tmp_path) == before


@pytest.mark.parametrize("what", ["empty", "missing", "file"])
def test_a_folder_without_videos_is_told(flatbridge, tmp_path, what):
    folder = tmp_path / what
    if what == "empty":
        folder.mkdir()
    elif what == "file":
        folder.write_bytes(b"")
    said = flatbridge.refuses("batch", folder, "-o", tmp_path / "out")
    assert said.endswith("holds no SER video." if what == "empty" else "is not a folder.")
    assert not (tmp_path / "out").exists()
