import hashlib
import itertools
import threading
import time

import numpy as np
import pytest

from bridge.errors import BadOption
from bridge.io import fits_bytes
from bridge.jobs import Jobs, Work
from bridge.jobs.errors import QueueFull, Stopping
from bridge.jobs.ledger import KEPT, Ledger
from bridge.options import Options
from bridge.store import Facts, Record, Store
from bridge.store.errors import NotFound


class Bench:
    """An operation under the test's thumb: waits for ``go``, raises ``error``, counts its calls."""

    def __init__(self):
        self.go = threading.Event()
        self.go.set()
        self.error = None
        self.calls = []

    def __call__(self, frame, options, run, store, mask, bias):
        self.calls.append((options.threshold, run.seed))
        run.progress("detect", 0.5)
        while not self.go.wait(0.005):
            run.check_cancelled()
        if self.error:
            raise self.error
        work = Work("detect", Facts.of(frame), options, None)
        with store.draft(work.key) as draft:
            draft.add("mask", fits_bytes(np.zeros((4, 5), np.float32)))
            return draft.finish(Record({"calls": len(self.calls)}))


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store", 10**9) as store:
        yield store


@pytest.fixture
def board(tmp_path, store, bench):
    """Return a function that opens a board on the same files; each is stopped with the test."""
    opened = []
    ids = (f"job{number}" for number in itertools.count())

    def make(**more):
        opened.append(
            Jobs(
                store,
                tmp_path / "jobs.sqlite",
                operations={"detect": bench},
                clock=lambda: 5.0,
                new_id=lambda: next(ids),
                **{"queue_length": 3, **more},
            )
        )
        return opened[-1]

    yield make
    bench.go.set()
    for jobs in opened:
        jobs.stop()


@pytest.fixture
def facts(store):
    data = fits_bytes(np.full((4, 5), 0.25, np.float32))
    path = store.scratch()
    path.write_bytes(data)
    return store.add_frame(path, hashlib.sha256(data).hexdigest())


def work(facts, threshold=5.0, **options):
    return Work("detect", facts, Options(threshold=threshold, **options))


def finished(jobs, job):
    deadline = time.monotonic() + 10
    while not (job := jobs.wait(job.id, 5)).finished:
        assert time.monotonic() < deadline
    return job


def running(jobs, job):
    while jobs.get(job.id).stage != "detect":
        time.sleep(0.002)
    return jobs.get(job.id)


def test_a_job_runs_and_its_result_is_kept(board, facts, bench):
    jobs = board()
    job = finished(jobs, jobs.submit(work(facts, seed=7)))
    assert (job.id, job.number, job.state, job.progress, job.stage) == (
        "job0",
        1,
        "succeeded",
        1.0,
        "",
    )
    assert (job.created, job.frame, job.mask) == (5.0, facts.id, None)
    assert bench.calls == [(5.0, 7)]
    assert set(jobs.result(job).planes) == {"mask"}


def test_jobs_run_one_after_another_in_order(board, facts, bench):
    jobs = board(queue_length=10)
    asked = [jobs.submit(work(facts, threshold)) for threshold in range(3, 9)]
    for job in asked:
        finished(jobs, job)
    assert [threshold for threshold, _ in bench.calls] == list(range(3, 9))
    assert [job.id for job in jobs.listing()] == [job.id for job in asked][::-1]


def test_many_ask_for_the_same_and_it_is_done_once(board, facts, bench):
    jobs = board()
    seen = []
    barrier = threading.Barrier(6)

    def ask():
        barrier.wait()
        seen.append(finished(jobs, jobs.submit(work(facts))).id)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {"job0"}
    assert len(bench.calls) == 1


def test_work_done_elsewhere_is_known(board, facts, bench, store):
    asked = work(facts)
    with store.draft(asked.key) as draft:
        draft.add("mask", fits_bytes(np.zeros((4, 5), np.float32)))
        draft.finish(Record({}))
    jobs = board()
    job = jobs.submit(asked)
    assert job.state == "succeeded"
    assert jobs.submit(asked) == job
    assert bench.calls == []


def test_failed_and_cancelled_work_runs_afresh(board, facts, bench):
    jobs = board()
    bench.error = BadOption("No.")
    failed = finished(jobs, jobs.submit(work(facts)))
    assert (failed.state, failed.problem["type"]) == ("failed", "/problems/bad-option")
    bench.error = None
    bench.go.clear()
    second = running(jobs, jobs.submit(work(facts)))
    assert second.id != failed.id
    jobs.cancel(second.id)
    third = jobs.submit(work(facts))
    assert third.id not in (failed.id, second.id)
    assert finished(jobs, second).state == "cancelled"
    bench.go.set()
    assert finished(jobs, third).state == "succeeded"


def test_cancelling_a_waiting_job_ends_it_at_once_and_makes_room(board, facts, bench):
    jobs = board(queue_length=1)
    bench.go.clear()
    first = running(jobs, jobs.submit(work(facts, 3)))
    waiting = jobs.submit(work(facts, 4))
    with pytest.raises(QueueFull) as told_so:
        jobs.submit(work(facts, 6))
    assert told_so.value.members["retry_after_ms"] > 0
    assert jobs.submit(work(facts, 4)).id == waiting.id  # known work needs no room
    assert jobs.cancel(waiting.id).state == "cancelled"
    assert jobs.cancel(waiting.id).state == "cancelled"
    later = jobs.submit(work(facts, 6))
    bench.go.set()
    assert finished(jobs, first).state == finished(jobs, later).state == "succeeded"
    assert [threshold for threshold, _ in bench.calls] == [3, 6]


def test_the_images_of_a_job_are_held_until_it_ends(board, facts, bench, tmp_path):
    jobs = board()
    bench.go.clear()
    job = running(jobs, jobs.submit(work(facts)))
    with Store(tmp_path / "store", 1) as small:
        for seed in (1, 3):
            data = fits_bytes(np.full((4, 5), seed / 8, np.float32))
            path = small.scratch()
            path.write_bytes(data)
            small.add_frame(path, hashlib.sha256(data).hexdigest())
        assert small.frame(facts.id) is not None
        bench.go.set()
        finished(jobs, job)
        path = small.scratch()
        path.write_bytes(fits_bytes(np.full((4, 5), 0.9, np.float32)))
        small.add_frame(path, hashlib.sha256(path.read_bytes()).hexdigest())
        assert small.frame(facts.id) is None


def test_a_wait_ends_with_the_next_change_or_the_time(board, facts, bench):
    jobs = board()
    bench.go.clear()
    job = running(jobs, jobs.submit(work(facts)))
    start = time.monotonic()
    assert jobs.wait(job.id, 0.05).state == "running"
    assert 0.04 < time.monotonic() - start < 5
    threading.Timer(0.05, bench.go.set).start()
    assert jobs.wait(job.id, 20).state == "succeeded"
    assert time.monotonic() - start < 10


def test_a_stop_cancels_everything_and_wakes_everyone(board, facts, bench):
    jobs = board()
    bench.go.clear()
    first = running(jobs, jobs.submit(work(facts, 3)))
    second = jobs.submit(work(facts, 4))
    woken = []
    waiter = threading.Thread(target=lambda: woken.append(jobs.wait(first.id, 20)))
    waiter.start()
    start = time.monotonic()
    jobs.stop()
    waiter.join(5)
    assert woken
    assert time.monotonic() - start < 5
    assert jobs.get(first.id).state == jobs.get(second.id).state == "cancelled"
    with pytest.raises(Stopping):
        jobs.submit(work(facts, 6))


def test_jobs_are_remembered_and_the_unfinished_have_failed(board, facts, bench, tmp_path):
    jobs = board()
    done = finished(jobs, jobs.submit(work(facts)))
    bench.go.clear()
    running(jobs, jobs.submit(work(facts, 6)))
    jobs.submit(work(facts, 7))
    later = board()  # as after a crash: the first one never stopped
    assert later.get(done.id) == done
    assert later.result(later.get(done.id)).record.figures == {"calls": 1}
    for job in later.listing()[:2]:
        assert job.state == "failed"
        assert job.problem["type"] == "/problems/interrupted"
    assert later.submit(work(facts)).id == done.id
    assert later.submit(work(facts, 6)).number == 4


def test_only_the_newest_jobs_are_remembered(board, facts, tmp_path):
    ledger = Ledger(tmp_path / "other.sqlite")
    jobs = board()
    job = finished(jobs, jobs.submit(work(facts)))
    from dataclasses import replace

    for number in range(1, KEPT + 20):
        ledger.add(replace(job, id=str(number), number=number))
    numbers = [job.number for job in ledger.load()]
    ledger.close()
    assert numbers == list(range(20, KEPT + 20))


def test_an_unknown_job_is_not_found(board):
    jobs = board()
    for ask in (jobs.get, jobs.cancel, lambda one: jobs.wait(one, 1)):
        with pytest.raises(NotFound):
            ask("nobody")


def test_an_image_that_vanished_fails_the_job(board, facts, bench, store):
    jobs = board()
    bench.go.clear()
    first = running(jobs, jobs.submit(work(facts, 3)))
    second = jobs.submit(work(facts, 4))
    store.frame(facts.id)[1].unlink()
    bench.go.set()
    finished(jobs, first)
    assert finished(jobs, second).problem["type"] == "/problems/unknown-frame"
