"""The board while its books cannot be written."""

import hashlib
import threading
from contextlib import contextmanager

import numpy as np
import pytest

from bridge.io import fits_bytes
from bridge.jobs import Jobs, Work
from bridge.jobs.ledger import Ledger
from bridge.options import Options
from bridge.store import Facts, Record, Store
from bridge.store.database import Database
from bridge.store.errors import NoRoom


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store", 10**9) as store:
        yield store


@pytest.fixture
def facts(store):
    data = fits_bytes(np.full((4, 5), 0.25, np.float32))
    path = store.scratch()
    path.write_bytes(data)
    return store.add_frame(path, hashlib.sha256(data).hexdigest())


@pytest.fixture
def full(monkeypatch):
    """A function that fills the disk beneath the SQLite file of a name, or empties it again."""
    places = set()
    write = Database.write

    @contextmanager
    def guarded(self):
        with write(self) as connection:
            yield connection
            if self._path.name in places:  # when it commits, as SQLite does
                raise NoRoom(f"The disk with {self._path} is full; make room there.")

    monkeypatch.setattr(Database, "write", guarded)
    return lambda *names: (places.clear(), places.update(names))


@pytest.fixture
def board(tmp_path, store):
    """The board, and the event that lets its work go on."""
    go, at_work = threading.Event(), threading.Event()

    def operate(frame, options, run, store, mask, bias):
        at_work.set()
        assert go.wait(10)
        with store.draft(Work("detect", Facts.of(frame), options).key) as draft:
            draft.add("mask", fits_bytes(np.zeros((4, 5), np.float32)))
            return draft.finish(Record({}))

    jobs = Jobs(store, tmp_path / "jobs.sqlite", operations={"detect": operate})
    yield jobs, go, at_work
    go.set()
    jobs.stop()


def work(facts, threshold=5.0):
    return Work("detect", facts, Options(threshold=threshold))


def test_a_job_that_cannot_be_remembered_is_refused_and_nothing_held(board, facts, full, store):
    jobs, go, _ = board
    go.set()
    for place in ("jobs.sqlite", "index.sqlite"):
        full(place)
        with pytest.raises(NoRoom):
            jobs.submit(work(facts))
        full()
        assert jobs.listing() == []
        assert store._database.rows("SELECT * FROM holds") == []
    assert jobs.wait(jobs.submit(work(facts)).id, 10).state != "failed"


def test_work_that_is_done_is_not_lost_over_its_entry(board, facts, full, store, tmp_path):
    jobs, go, at_work = board
    first = jobs.submit(work(facts, 3))
    assert at_work.wait(10)
    full("jobs.sqlite")
    go.set()
    while not (first := jobs.wait(first.id, 5)).finished:
        pass
    assert first.state == "succeeded"
    assert set(jobs.result(first).planes) == {"mask"}
    full()
    second = jobs.submit(work(facts, 4))
    while not (second := jobs.wait(second.id, 5)).finished:
        pass
    ledger = Ledger(tmp_path / "jobs.sqlite")
    assert [job.state for job in ledger.load()] == ["succeeded", "succeeded"]
    ledger.close()


def test_what_is_kept_can_be_read_and_let_go_of_on_a_full_disk(store, facts, full):
    with store.draft("key") as draft:
        draft.add("mask", fits_bytes(np.zeros((4, 5), np.float32)))
        draft.finish(Record({}))
    with store.hold("frame", facts.id):
        full("index.sqlite")
        assert store.frame(facts.id)[0] == facts
        assert store.frame("unknown") is None
        assert set(store.result("key").planes) == {"mask"}


def test_a_store_is_left_on_a_full_disk_and_cleaned_up_by_the_next(tmp_path, full):
    with Store(tmp_path / "other", 10**9) as store:
        store.scratch().write_bytes(b"unfinished")
        full("index.sqlite")
    full()
    with Store(tmp_path / "other", 10**9) as store:
        assert list(store.folder.glob("unfinished/*/*")) == []
