"""The Gemini engines on scenes with known truth, the model a stand-in with measured sins."""

import hashlib
import json
import threading
import time

import numpy as np
import pytest

from bridge import config, pipeline
from bridge.engines.base import Quiet
from bridge.engines.gemini import errors
from bridge.engines.table import ENGINES
from bridge.errors import Cancelled, EngineUnavailable
from bridge.frame import Frame
from bridge.io import fits_bytes
from bridge.jobs import Jobs, Work
from bridge.jobs.operations import correct
from bridge.jobs.paid import Paid
from bridge.jobs.watch import Watch
from bridge.options import Options
from bridge.store import Facts, Store
from tests.benchmarks.scenes import Scene
from tests.benchmarks.scores import score
from tests.gemini.mind import Mind, Sins
from tests.gemini.service import Answer, Service, picture
from tests.synthetic import donut_flat

BOTH = Options(detector="gemini", inpainter="gemini")


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLATBRIDGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def scene():
    made = donut_flat(11, shape=(240, 320), count=5, radii=(8, 20), depths=(0.03, 0.12))
    flat = made.flat[None].astype(np.float32)
    return Scene(flat, flat, made.signal[None], made.transmission)


@pytest.fixture
def serve(monkeypatch):
    """A function that starts a stand-in and leads the settings to it."""
    running = []

    def start(*answers, mind=None, **settings):
        service = Service(*answers, mind=mind)
        running.append(service.__enter__())
        for name, value in service.environment(**settings).items():
            monkeypatch.setenv(name, value)
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)


def mind(scene, **sins):
    return Mind(scene.transmission, scene.signal[0], Sins(**sins))


@pytest.mark.parametrize("route", ["draw", "point"])
@pytest.mark.parametrize("fallback", [True, False])
def test_dust_is_found_and_filled(scene, serve, route, fallback):
    service = serve(mind=mind(scene), route=route, fallback=fallback)
    run = Quiet()
    found = pipeline.correct(Frame(scene.flat), BOTH, run)
    marks = score(scene, found.correction)
    before = score(scene, np.ones_like(found.correction)).after
    assert marks.after < before / 8
    assert marks.untouched > 0.99
    assert marks.harm < 0.0005
    assert [request.faults for request in service.requests] == [[], []]
    holes = run.notes["inpainter"]["holes"]
    assert holes["drawn"] + holes["offline"] > 0
    assert fallback or holes["offline"] == 0
    for role in ("detector", "inpainter"):
        (call,) = run.notes[role]["calls"]
        assert call["cost"] > 0
    assert run.notes["detector"]["proposals"]["dropped"] == 0
    json.dumps(run.notes)


def test_the_picture_shows_one_percent_of_dust(serve, scene):
    seen = []
    serve(mind=Mind(scene.transmission, scene.signal[0], reads=seen.append))
    pipeline.detect(Frame(scene.flat), BOTH, Quiet())
    from tests.gemini.mind import _pixels

    shown = _pixels(seen[0].pictures[0])
    middle = np.median(shown)
    depth = (1 - scene.transmission).max()
    assert (middle - shown.min()) / depth > 200  # two gray levels for one percent, at least


def test_spots_that_are_not_there_change_nothing(scene, serve):
    clean = scene.signal[0] * (1 + 0.004 * np.random.default_rng(3).normal(size=(240, 320)))
    bare = Mind(np.ones_like(clean), scene.signal[0], Sins(hallucinated=20), seed=4)
    serve(mind=bare)
    run = Quiet()
    found = pipeline.correct(Frame(clean[None].astype(np.float32)), BOTH, run)
    assert (found.correction == 1).all()
    assert run.notes["detector"]["proposals"]["dropped"] > 10


def test_off_keeps_what_was_drawn_and_strict_does_not(scene, serve):
    serve(mind=mind(scene, hallucinated=12))
    masks = {}
    for verify in ("strict", "loose", "off"):
        options = Options(detector="gemini", verify=verify)
        masks[verify] = pipeline.detect(Frame(scene.flat), options, Quiet()).mask > 0.5
    assert not (masks["strict"] & ~masks["off"]).any()
    shares = [mask.mean() for mask in masks.values()]
    assert shares[0] <= shares[1] < shares[2]


def test_a_picture_of_something_else_is_no_guess(serve):
    rng = np.random.default_rng(5)
    from scipy.ndimage import gaussian_filter

    scenes = [1 + 5 * gaussian_filter(rng.normal(size=(240, 320)), 6) for _ in range(2)]
    flat = (0.4 * scenes[0]).astype(np.float32)[None]
    mask = np.zeros((240, 320), np.float32)
    mask[100:110, 150:160] = 1
    serve(mind=Mind(np.ones((240, 320)), 0.4 * scenes[1], Sins(deaf=True)))
    options = Options(inpainter="gemini")
    fine = pipeline.correct(Frame(flat), options, Quiet(), mask)  # deaf: it returns what was sent
    assert np.isfinite(fine.correction).all()
    from bridge.engines.gemini.pixels import png

    other = np.clip(128 + 100 * (scenes[1] - 1), 0, 255).astype(np.uint8)
    serve(picture(png(other)))
    with pytest.raises(errors.Misaligned):
        pipeline.correct(Frame(flat), options, Quiet(), mask)


def test_blank_gray_and_white_pictures_are_implausible(scene, serve):
    from bridge.engines.gemini.pixels import png

    for level, kind in ((255, "dust"), (128, "no mask")):
        serve(picture(png(np.full((240, 320), level, np.uint8))))
        with pytest.raises(errors.Implausible, match=kind):
            pipeline.detect(Frame(scene.flat), BOTH, Quiet())


def test_limits_are_kept_before_anything_is_sent(scene, serve):
    service = serve(mind=mind(scene), max_calls=1)
    with pytest.raises(errors.TooExpensive, match="max_calls"):
        pipeline.correct(Frame(scene.flat), BOTH, Quiet())
    service = serve(mind=mind(scene), max_cost="0.01")
    with pytest.raises(errors.TooExpensive, match="max_cost"):
        pipeline.detect(Frame(scene.flat), BOTH, Quiet())
    assert service.requests == []


def test_the_estimate_counts_tiles_roles_and_sites(scene, serve, monkeypatch):
    serve(mind=mind(scene))
    total = pipeline.estimate(Frame(scene.flat), BOTH)
    assert (total.calls, total.prices_as_of) == (2, "2026-11-22")
    assert total.cost == pytest.approx(0.11)
    assert pipeline.estimate(Frame(scene.flat), Options()).calls == 0
    mosaic = pipeline.estimate(Frame(scene.flat), Options(inpainter="gemini", cfa="2x2"))
    assert mosaic.calls == 4
    large = ENGINES["gemini"].estimate("detector", 6388, 9576)
    assert large.calls == 4 * 6


def test_without_a_key_it_says_so(scene):
    reason = ENGINES["gemini"].unavailable()
    assert "GEMINI_API_KEY" in reason
    with pytest.raises(EngineUnavailable, match="no key"):
        pipeline.detect(Frame(scene.flat), BOTH, Quiet())


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
