import numpy as np
import pytest

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.errors import Cancelled, UnsupportedFrame
from bridge.frame import Frame, Notice
from bridge.io import read_image
from bridge.jobs import OPERATIONS, Work
from bridge.options import Options
from bridge.store import Facts, Store
from tests.http.stub import WARNING, StubPipeline, fits


@pytest.fixture
def stub(tmp_path, monkeypatch):
    stub = StubPipeline(tmp_path)
    monkeypatch.setattr(pipeline, "detect", stub.detect)
    monkeypatch.setattr(pipeline, "correct", stub.correct)
    return stub


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store", 10**9) as store:
        yield store


FRAME = read_image(fits())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_known_work_is_answered_from_the_store(stub, store, operation):
    first = OPERATIONS[operation](FRAME, Options(), Quiet(), store, None)
    assert OPERATIONS[operation](FRAME, Options(), Quiet(), store, None) == first
    assert stub.calls == 1
    assert first.key == Work(operation, Facts.of(FRAME), Options()).key
    OPERATIONS[operation](FRAME, Options(threshold=7), Quiet(), store, None)
    assert stub.calls == 2


def test_a_result_says_how_it_came_to_be(stub, store):
    noticed = Notice("negative", "3 pixels below zero were taken as zero.", 3)
    frame = Frame(FRAME.pixels.copy(), "uint16", 65535.0, (noticed,))
    result = OPERATIONS["correct"](frame, Options(seed=4), Quiet(), store, None)
    assert result.record.warnings == (noticed, WARNING)
    assert result.record.engines == {"detector": "local 7", "inpainter": "local 7"}
    assert result.record.options == Options(seed=4).to_json()
    assert result.planes["correction"].scale == 2.0
    clean = read_image(result.planes["clean_flat"].path)
    assert clean.full_scale == 65535.0
    assert store.frame(result.planes["clean_flat"].frame)[0].pixels == clean.digest


def test_a_given_mask_needs_no_detector(stub, store):
    mask = Frame(np.zeros((1, 12, 16), np.float32))
    result = OPERATIONS["correct"](FRAME, Options(), Quiet(), store, mask)
    assert result.record.engines == {"inpainter": "local 7"}
    assert "seed_mask" not in result.planes
    color = Frame(np.zeros((3, 12, 16), np.float32))
    with pytest.raises(UnsupportedFrame):
        OPERATIONS["correct"](FRAME, Options(), Quiet(), store, color)


class StoppedWhileWriting(Quiet):
    """A run that is cancelled once two planes are written."""

    steps = 0

    def progress(self, stage, fraction):
        self.steps += stage == "write"

    def check_cancelled(self):
        if self.steps == 2:
            raise Cancelled("The work was cancelled.")


def test_a_cancel_while_writing_leaves_nothing(stub, store):
    with pytest.raises(Cancelled):
        OPERATIONS["correct"](FRAME, Options(), StoppedWhileWriting(), store, None)
    assert not list((store.folder / "results").iterdir())
    assert not list((store.folder / "unfinished").glob("*/*"))
    assert store.result(Work("correct", Facts.of(FRAME), Options()).key) is None
