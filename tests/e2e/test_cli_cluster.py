"""``flatbridge batch --scheduler``: on a real Dask cluster of processes on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.cli_support import FlatBridge, tree
from tests.e2e.cluster import SECONDS, Cluster
from tests.e2e.test_cli_batch import video
from tests.http.support import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def cluster(tmp_path):
    with ExitStack() as ended:
        folder = tmp_path / "cluster"
        folder.mkdir()
        yield Cluster(folder, ended)


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def test_a_killed_workers_video_is_done_again_and_all_is_as_on_one_machine(
    flatbridge, tmp_path, cluster
):
    videos = tmp_path / "videos"
    for seed, name in enumerate(("a.ser", "night/b.ser")):
        video(videos / name, seed)
    assert flatbridge("batch", videos, "-o", tmp_path / "here").code == 0
    first, home = cluster.worker("first")
    with _batch(tmp_path, cluster.address) as batch:
        until((home / "store").exists, bool, SECONDS)  # the first video is being worked on
        first.kill()
        first.wait(SECONDS)
        done_by_first = list((tmp_path / "there").rglob("report.json"))
        _, home = cluster.worker("second")
        out, err = batch.communicate(timeout=2 * SECONDS)
    assert done_by_first == []
    assert batch.returncode == 0, err
    assert out.count("1 shadow found") == 2
    assert (home / "store").exists()
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_where_no_scheduler_answers_it_is_told(tmp_path):
    video(tmp_path / "videos" / "a.ser", 0)
    done = _batch(tmp_path, "nowhere://127.0.0.1:1")
    said = done.communicate(timeout=SECONDS)[1]
    assert done.returncode == 1
    assert said == "flatbridge: No Dask scheduler answers at nowhere://127.0.0.1:1.\n"
    assert not (tmp_path / "there").exists()


def test_without_the_package_the_extra_is_named(flatbridge, tmp_path, monkeypatch):
    video(tmp_path / "videos" / "a.ser", 0)
    monkeypatch.setitem(sys.modules, "distributed", None)
    batch = "batch", tmp_path / "videos", "-o", tmp_path / "out", "--scheduler=tcp://127.0.0.1:1"
    assert "flatbridge[dask]" in flatbridge.refuses(*batch)
    assert not (tmp_path / "out").exists()


def _batch(folder: Path, address: str) -> subprocess.Popen[str]:
    """Start the command with paths that mean something in this folder only."""
    command = [sys.executable, "-m", "bridge", "batch", "videos", "-o", "there"]
    return subprocess.Popen(
        [*command, "--scheduler", address],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
