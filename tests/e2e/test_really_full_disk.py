"""A state folder on a disk of a few megabytes, filled to the last byte and emptied again."""

import contextlib
import hashlib
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack

import pytest

from bridge.io import fits_bytes
from tests.e2e.cli_support import tree
from tests.e2e.cluster import ROOT, Cluster
from tests.e2e.test_cli_batch import video
from tests.http.support import start
from tests.synthetic import donut_flat

FITS = {"Content-Type": "application/fits"}
MOUNT = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs"]


@pytest.fixture
def disk(tmp_path):
    """A file system of its own, where the tests may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or subprocess.run([*MOUNT, folder], capture_output=True).returncode:
        pytest.skip("no file system can be made here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def fill(folder):
    """Leave not a byte."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass


def flat(seed):
    return fits_bytes(donut_flat(seed, shape=(120, 160), count=2).flat)


def plane(live, job):
    status, data = live.ask("GET", job["results"]["correction"]["url"], raw=True)
    return status, hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("again", [False, True], ids=["at once", "after work on a full disk"])
def test_the_bridge_lives_through_a_full_disk(disk, again):
    home = disk / "state"
    command = ("-m", "bridge", "serve", "--port", "0")
    live = start(home, command=command)
    try:
        frame = live.send(flat(1))
        asked = {"operation": "correct", "frame": frame}
        done = live.finish(live.ask("POST", "/v1/jobs", asked)[1]["id"], seconds=60)
        assert done["state"] == "succeeded", done
        whole = plane(live, done)
        fill(disk)
        for _ in range(3):
            assert live.ask("GET", "/v1/health")[0] == 200
            assert live.ask("GET", f"/v1/jobs/{done['id']}")[1] == done
            assert plane(live, done) == whole
            status, told = live.ask("POST", "/v1/frames", flat(2), FITS)
            assert (status, told["type"]) == (507, "/problems/no-room"), told
            other = {"operation": "detect", "frame": frame, "options": {"threshold": 7}}
            status, told = live.ask("POST", "/v1/jobs", other)
            if status == 202:
                told = live.finish(told["id"], seconds=60)["problem"]
            assert told["type"] == "/problems/no-room", told
            assert re.search("full", told["detail"])
        (disk / "filler").unlink()
        if again:
            frame = live.send(flat(2))
            more = live.ask("POST", "/v1/jobs", {**asked, "frame": frame})[1]
            assert live.finish(more["id"], seconds=60)["state"] == "succeeded"
        assert plane(live, done) == whole
        assert live.ask("POST", "/v1/shutdown")[0] == 202
        assert live.wait() == 0
        assert live.process.stderr.read() == ""
    finally:
        live.kill()
    live = start(home, command=command)
    try:
        assert live.ask("GET", f"/v1/jobs/{done['id']}")[1] == done
        assert plane(live, done) == whole
    finally:
        live.kill()


def test_a_bridge_that_cannot_start_says_so_in_a_line(disk):
    fill(disk)
    live = start(disk / "state", command=("-m", "bridge", "serve", "--port", "0"))
    try:
        assert live.wait() == 1
        said = live.process.stderr.read()
    finally:
        live.kill()
    assert said.startswith("flatbridge: ")
    assert said.count("\n") == 1
    assert re.search("full|No space left", said)
    (disk / "filler").unlink()
    live = start(disk / "state", command=("-m", "bridge", "serve", "--port", "0"))
    try:
        assert live.ask("GET", "/v1/health")[0] == 200
    finally:
        live.kill()


def test_the_full_disk_of_a_clusters_worker_is_told_and_nothing_unfinished_left(disk, tmp_path):
    for seed, name in enumerate(("a.ser", "b.ser")):
        video(tmp_path / "videos" / name, seed)
    out = disk / "out"
    with ExitStack() as ended:
        cluster = Cluster(tmp_path, ended)
        cluster.worker("one")
        command = [sys.executable, "-m", "bridge", "batch", tmp_path / "videos", "-o", out]

        def batch():
            return subprocess.run(
                [*command, "--scheduler", cluster.address],
                cwd=ROOT, capture_output=True, text=True, timeout=120,
            )  # fmt: skip

        assert batch().returncode == 0
        whole = tree(out / "a.ser")
        shutil.rmtree(out / "b.ser")
        fill(disk)
        done = batch()
        assert done.returncode == 1
        said = done.stderr.splitlines()
        assert all(line.startswith("flatbridge: ") for line in said), said
        assert any(re.search("full|No space left", line) for line in said), said
        (disk / "filler").unlink()
        assert tree(out / "a.ser") == whole
        assert not (out / "b.ser").exists()
        done = batch()
        assert (done.returncode, done.stderr) == (0, "")
        assert tree(out / "b.ser").keys() == whole.keys()
