"""What is paid for is kept, shared, and told."""

import hashlib
import threading
import time

import pytest

from bridge import config, pipeline
from bridge.errors import Cancelled
from bridge.frame import Frame
from bridge.io import fits_bytes
from bridge.jobs import Jobs, Work
from bridge.jobs.operations import correct
from bridge.jobs.paid import Paid
from bridge.jobs.watch import Watch
from bridge.options import Options
from bridge.store import Facts, Store
from tests.gemini.mind import Mind
from tests.gemini.service import Answer

BOTH = Options(detector="gemini", inpainter="gemini")


def mind(scene):
    return Mind(scene.transmission, scene.signal[0])


def store_in(tmp_path):
    return Store(tmp_path / "store", 10**9)


def watch(store, cancel=None):
    return Watch(0, lambda *_: None, cancel or threading.Event(), Paid(store))


def test_nothing_is_paid_twice(scene, serve, tmp_path):
    service = serve(mind=mind(scene))
    frame = Frame(scene.flat)
    with store_in(tmp_path) as store:
        first = correct(frame, BOTH, watch(store), store)
        assert len(service.requests) == 2
        cost = first.record.cost
        assert (cost["calls"], cost["answers_kept_before"]) == (2, 0)
        assert cost["cost"] == pytest.approx(0.11)
        # Other work with the same questions: the answers are there.
        other = Options(detector="gemini", inpainter="gemini", smooth="off")
        again = correct(frame, other, watch(store), store)
        assert len(service.requests) == 2
        assert again.record.cost["cost"] == 0
        rolled = Options(detector="gemini", inpainter="gemini", seed=1)
        correct(frame, rolled, watch(store), store)
        assert len(service.requests) == 4
    with store_in(tmp_path) as store:  # as after a crash: results are gone, answers are not
        store._drop("result", first.key)
        assert correct(frame, BOTH, watch(store), store).record.cost["cost"] == 0
    assert len(service.requests) == 4


def test_a_damaged_answer_is_asked_for_again(scene, serve, tmp_path):
    service = serve(mind=mind(scene))
    with store_in(tmp_path) as store:
        options = Options(detector="gemini")
        correct(Frame(scene.flat), options, watch(store), store)
        (kept,) = (tmp_path / "store" / "answers").iterdir()
        kept.write_bytes(kept.read_bytes()[:-1] + b"x")
        again = Options(detector="gemini", smooth="off")
        correct(Frame(scene.flat), again, watch(store), store)
    assert len(service.requests) == 2


def test_a_cancel_is_quick_and_the_answer_is_kept(scene, serve, tmp_path):
    behind = mind(scene)

    def slow(request):
        found = behind(request)
        return Answer(found.status, found.body, delay=3.0)

    service = serve(mind=slow)
    frame, options = Frame(scene.flat), Options(detector="gemini")
    with store_in(tmp_path) as store:
        cancel, paid = threading.Event(), Paid(store)
        run = Watch(0, lambda *_: None, cancel, paid)
        threading.Thread(
            target=lambda: (service.in_flight.wait(60), cancel.set()), daemon=True
        ).start()
        with pytest.raises(Cancelled):
            pipeline.detect(frame, options, run)
        assert paid.busy
        began = time.monotonic()
        paid.settle(30)
        assert time.monotonic() - began > 1  # it was cancelled long before the answer came
        pipeline.detect(frame, options, watch(store))
    assert len(service.requests) == 1


def test_two_who_ask_the_same_share_one_question(tmp_path):
    asked = []

    def ask(_):
        asked.append(1)
        time.sleep(0.3)
        return b"answer"

    with store_in(tmp_path) as store:
        paid, got = Paid(store), []
        threads = [
            threading.Thread(target=lambda: got.append(paid.answer("ab", ask, 10, lambda: None)))
            for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == [b"answer"] * 5
        assert asked == [1]
        assert paid.answer("ab", ask, 10, lambda: None) == b"answer"
    assert asked == [1]


def test_a_job_tells_what_it_cost(scene, serve, tmp_path):
    service = serve(mind=mind(scene))
    with store_in(tmp_path) as store:
        unfinished = store.scratch()
        data = fits_bytes(scene.flat)
        unfinished.write_bytes(data)
        facts = store.add_frame(unfinished, hashlib.sha256(data).hexdigest())
        jobs = Jobs(store, tmp_path / "jobs.sqlite")
        try:
            work = Work("correct", facts, BOTH)
            assert jobs.estimate(work).calls == 2
            job = jobs.submit(work)
            while not jobs.wait(job.id, 5).finished:
                pass
            assert jobs.get(job.id).state == "succeeded", jobs.get(job.id).message
            record = jobs.result(jobs.get(job.id)).record
            assert record.engines["detector"]["calls"][0]["cost"] == pytest.approx(0.055)
            assert record.cost["calls"] == len(service.requests) == 2
            assert jobs.estimate(work).calls == 0
        finally:
            jobs.stop()
    assert isinstance(facts, Facts)


def test_other_models_make_other_work(scene, serve, monkeypatch):
    serve(mind=mind(scene))
    facts = Facts.of(Frame(scene.flat))
    keys = {Work("correct", facts, BOTH).key}
    monkeypatch.setenv("FLATBRIDGE_GEMINI_IMAGE_MODEL", "gemini-3-pro-image")
    keys.add(Work("correct", facts, BOTH).key)
    monkeypatch.setenv("FLATBRIDGE_GEMINI_FALLBACK", "no")
    keys.add(Work("correct", facts, BOTH).key)
    assert len(keys) == 3
    assert config.load().gemini_fallback is False
