import logging
import threading
from dataclasses import replace

import numpy as np
import pytest

from bridge.errors import (
    BadOption,
    Cancelled,
    EngineUnavailable,
    MaskGeometry,
    OutOfMemory,
    UnsupportedFrame,
)
from bridge.frame import Frame, Notice
from bridge.jobs import Work
from bridge.jobs.errors import InternalError, told
from bridge.jobs.watch import STAGES, Watch
from bridge.options import Options
from bridge.store import Facts
from bridge.store.errors import DamagedStore, NoRoom

FRAME = Facts("aa", 5, 4, 1, "uint16", 65535.0, ())


def test_the_key_depends_on_what_the_result_depends_on(monkeypatch):
    mask = Facts("bb", 5, 4, 1, "float32", 1.0, ())
    variants = [
        Work("correct", FRAME, Options()),
        Work("detect", FRAME, Options()),
        Work("correct", FRAME, Options(), mask),
        Work("correct", FRAME, Options(), replace(mask, pixels="cc")),
        Work("correct", FRAME, Options(threshold=6)),
        Work("correct", FRAME, Options(seed=1)),
        Work("correct", replace(FRAME, pixels="dd"), Options()),
        Work("correct", replace(FRAME, full_scale=1.0), Options()),
        Work("correct", replace(FRAME, warnings=(Notice("a", "b"),)), Options()),
    ]
    keys = [one.key for one in variants]
    monkeypatch.setattr("bridge.jobs.work.__version__", "next")
    keys.append(variants[0].key)
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 64 for key in keys)
    same = replace(variants[0], frame=replace(FRAME, id="another file"))
    assert same.key == keys[-1]


def test_a_mask_that_does_not_fit_is_refused():
    Work("correct", FRAME, Options(), FRAME).check()
    for changed in ({"width": 6}, {"height": 5}):
        with pytest.raises(MaskGeometry, match="5 x 4"):
            Work("correct", FRAME, Options(), replace(FRAME, **changed)).check()
    with pytest.raises(UnsupportedFrame):
        Work("correct", FRAME, Options(), replace(FRAME, channels=3)).check()


def test_an_engine_that_is_unknown_or_cannot_run_is_refused(monkeypatch):
    with pytest.raises(BadOption):
        Work("detect", FRAME, Options(detector="nobody")).check()
    monkeypatch.setattr("bridge.engines.table.Entry.unavailable", lambda self: "Asleep.")
    with pytest.raises(EngineUnavailable, match="Asleep"):
        Work("detect", FRAME, Options()).check()


def test_progress_never_goes_back_and_stays_within_the_whole():
    seen = []
    watch = Watch(3, lambda stage, progress, words: seen.append(progress), threading.Event(), None)
    for stage in ("read", "detect", "read", "unheard-of", "write", "inpaint"):
        for fraction in (-1.0, 0.0, 0.5, 1.0, 7.0):
            watch.progress(stage, fraction)
    assert seen == sorted(seen)
    assert min(seen) >= 0
    assert max(seen) == 1
    assert watch.seed == 3


def test_the_stages_follow_each_other_without_a_gap():
    of_median = ("read", "median", "write")
    of_update = ("read", "update", "write")
    of_flat = tuple(name for name in STAGES if name not in ("median", "apply", "update"))
    for names in (of_median, of_update, of_flat, ("read", "apply")):
        ends = [0.0, *(STAGES[name][1] for name in names)]
        assert [STAGES[name][0] for name in names] == ends[:-1]
    assert ends[-1] == 1.0


def test_a_cancel_is_raised_at_the_next_step():
    cancel = threading.Event()
    watch = Watch(0, lambda *_: None, cancel, None)
    watch.check_cancelled()
    cancel.set()
    with pytest.raises(Cancelled):
        watch.check_cancelled()


def test_whatever_goes_wrong_can_be_told(caplog):
    known = BadOption("No.")
    assert told(known) is known
    assert isinstance(told(MemoryError()), OutOfMemory)
    assert isinstance(told(OSError(28, "No space left on device")), NoRoom)
    gone = told(FileNotFoundError(2, "No such file", "frames/x"))
    assert isinstance(gone, DamagedStore)
    assert gone.detail.startswith("frames/x cannot be used: No such file")
    with caplog.at_level(logging.ERROR):
        bug = told(ValueError("secret"))
    assert isinstance(bug, InternalError)
    assert "secret" not in str(bug.problem())
    assert bug.members["id"] in caplog.text


def test_facts_and_frames_agree():
    frame = Frame(np.full((1, 4, 5), 0.5, np.float32), "uint8", 255.0, (Notice("a", "b", 1),))
    facts = Facts.of(frame, "x")
    assert Facts.parse(facts.dump()) == facts
    assert facts.pixels == frame.digest
    assert "pixels" not in facts.to_json()
