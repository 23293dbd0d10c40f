"""A few of the broken files of `python -m tests.fuzz`, on every run."""

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.errors import BridgeError, UnreadableImage
from bridge.io import read_image
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
