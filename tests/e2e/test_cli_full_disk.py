"""The disk fills at every write of every command: nothing finished is lost, a line says so."""

import itertools
import re
import shutil

import numpy as np
import pytest
import tifffile

from bridge.io import fits_bytes
from tests.e2e.cli_support import FlatBridge, dust, dusty, tree, write
from tests.full_disk import full_disk
from tests.ser import ser_bytes

SHAPE = (96, 128)
TOLD = re.compile(r"\b(full|room|No space left on device|[1-9] of [1-9] )")


@pytest.fixture
def flatbridge(tmp_path, monkeypatch, capsys):
    return FlatBridge(tmp_path / "state", monkeypatch, capsys)


def small(**more):
    return dusty(SHAPE, **more)


def factor(folder):
    path = folder / "factor" / "correction.fits"
    path.parent.mkdir()
    path.write_bytes(fits_bytes(dust(SHAPE), cards={"FBSCALE": 1.0}))
    return path


def correct(folder):
    return "correct", write(folder / "in" / "flat.fits", small()), "-o", folder / "out" / "deep"


def correct_again(folder):
    shutil.copytree(folder / "older", folder / "out")
    mask = write(folder / "in" / "mask.fits", np.zeros(small().shape, np.float32))
    return (*correct(folder)[:3], folder / "out", "--force", "--mask", mask)


def apply_frames(folder):
    frames = [write(folder / "in" / f"{n}.fits", small(seed=n)) for n in range(2)]
    tifffile.imwrite(folder / "in" / "2.tif", small(seed=2))
    report = "--report", folder / "out" / "night.html"
    return "apply", factor(folder), *frames, folder / "in" / "2.tif", "-o", folder / "out", *report


def video(folder):
    path = folder / "in" / "sun.ser"
    path.parent.mkdir()
    frames = np.stack([small(seed=n) for n in range(3)])
    path.write_bytes(ser_bytes(frames, depth=16, stamps=True))
    return path


def apply_video(folder):
    return "apply", factor(folder), video(folder), "-o", folder / "out"


def median_of_video(folder):
    return "median", video(folder), "-o", folder / "out" / "median.fits"


def median_of_frames(folder):
    frames = [write(folder / "in" / f"{n}.fits", small(seed=n)) for n in range(3)]
    return "median", *frames, "-o", folder / "out" / "median.fits"


def correct_video(folder):
    return "correct", video(folder), "-o", folder / "out"


def batch(folder):
    return "batch", video(folder).parent, "-o", folder / "out"


def update_flat(folder):
    stale = write(folder / "in" / "stale.fits", small())
    rng = np.random.default_rng(5)
    frames = []
    for number in range(5):
        sky = np.float32(0.3) * (1 + 0.01 * rng.standard_normal(SHAPE, dtype=np.float32))
        frames.append(write(folder / "in" / f"light{number}.fits", sky))
    return "update-flat", stale, *frames, "-o", folder / "out", "--force"


def install_script(folder):
    return "install-script", folder / "out"


COMMANDS = [
    correct, correct_again, correct_video, batch, apply_frames, apply_video, median_of_video,
    median_of_frames, update_flat, install_script,
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_full_disk_loses_nothing_and_is_told(flatbridge, tmp_path, command):
    older = tmp_path / "older"
    older.mkdir()
    (older / "correction.fits").write_bytes(b"of an earlier run")
    (older / "report.json").write_bytes(b"{}")
    arguments = command(tmp_path)
    seen = [tree(tmp_path / "out")]
    for number in itertools.count():
        with full_disk(tmp_path, number) as disk:
            done = flatbridge(*arguments)
        seen.append(tree(tmp_path / "out"))
        if not disk.met:
            break
        said = done.err.splitlines()
        assert done.code == 1, (number, done)
        assert all(line.startswith("flatbridge: ") for line in said), (number, said)
        assert all(TOLD.search(line) for line in said), (number, said)
    assert done.code == 0, done
    assert number >= 3
    begun, ended = seen[0], seen[-1]
    for between in seen:
        for name, content in between.items():
            assert content in (begun.get(name), ended.get(name)), name
        assert begun.keys() <= between.keys()
    assert list((tmp_path / "state" / "store").glob("unfinished/*/*")) == []
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith((".", "flatbridge-"))]


def test_a_replaced_correction_is_the_old_one_or_the_new_one(flatbridge, tmp_path):
    older = tmp_path / "older"
    older.mkdir()
    for name in ("correction.fits", "median.fits", "report.json", "seed_mask.fits"):
        (older / name).write_bytes(b"of an earlier run")
    arguments = correct_again(tmp_path)
    begun = tree(tmp_path / "out")
    for number in itertools.count():
        with full_disk(tmp_path / "out", number) as disk:
            flatbridge(*arguments)
        if not disk.met:
            break
        assert tree(tmp_path / "out") == begun
    assert "seed_mask.fits" not in tree(tmp_path / "out")
    assert tree(tmp_path / "out")["median.fits"] == b"of an earlier run"
