"""A few of the broken files of `python -m tests.fuzz`, on every run."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.errors import BridgeError, UnreadableImage
from bridge.io import read_image
from tests.fuzz.bombs import UNPACKED, bombs, honest
from tests.fuzz.cases import files
from tests.fuzz.crashes import run
from tests.shared_data import odd_files, shared
from tests.unit.io_support import one_sentence

ROOT = Path(__file__).parents[2]


def test_broken_files_are_read_or_refused():
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--cases", "300", "--first", "100000"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "300 cases, 0 failed" in done.stdout


def test_what_unpacks_without_end_takes_no_memory(tmp_path):
    """Each unpacks to 64 MB; a reader may take 8 MB and four times its size."""
    files = {f"whole-{number}": data for number, data in enumerate(honest())}
    files |= {
        f"{kind}-{name}": data for kind, some in bombs().items() for name, data in some.items()
    }
    for name, data in files.items():
        assert len(data) < UNPACKED // 800
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--files", *(tmp_path / name for name in files)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [case["file"] for case in told] == list(files)
    assert all(case["end"] == "read" for case in told if case["file"].startswith("whole"))


def test_the_corpus_is_whole():
    for kind in ("fits", "tiff", "picture", "xisf"):
        frame = read_image(files()[kind][0], name="whole")
        assert frame.pixels.shape == (1, 24, 36)


def test_a_table_of_countless_columns_is_refused_at_once():
    compressed = next(data for data in files()["fits"] if b"ZIMAGE" in data)
    place = compressed.index(b"TFIELDS =")
    card = b"TFIELDS =            777777701".ljust(80)
    broken = compressed[:place] + card + compressed[place + 80 :]
    with pytest.raises(UnreadableImage, match="777777701 columns"):
        read_image(broken, name="broken.fits")


@pytest.mark.parametrize("path", odd_files(), ids=lambda path: path.name)
def test_odd_files_are_read_or_refused_in_one_sentence(path):
    shared("odd-fits")
    said = None
    try:
        frame = read_image(path)
    except BridgeError as refusal:
        said = refusal
    assert one_sentence(said) if said else frame.pixels.size


def test_a_bridge_killed_a_few_times_loses_nothing(tmp_path):
    assert run(3, 11, tmp_path).faults == []
