"""The Gemini engines on scenes with known truth, the model a stand-in with measured sins."""

import json

import numpy as np
import pytest

from bridge import pipeline
from bridge.engines.base import Quiet
from bridge.engines.gemini import errors
from bridge.engines.gemini.tiles import tiles
from bridge.engines.table import ENGINES
from bridge.errors import EngineUnavailable
from bridge.frame import Frame
from bridge.options import Options
from tests.benchmarks.scenes import Scene
from tests.benchmarks.scores import score
from tests.gemini.mind import Mind, Sins
from tests.gemini.service import picture
from tests.synthetic import donut_flat

BOTH = Options(detector="gemini", inpainter="gemini")


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


def test_a_frame_of_several_pictures_is_put_together(serve):
    made = donut_flat(21, shape=(500, 1500), count=9, radii=(8, 30), depths=(0.03, 0.12))
    flat = made.flat[None].astype(np.float32)
    wide = Scene(flat, flat, made.signal[None], made.transmission)
    parts = tuple(tile.box for tile in tiles(500, 1500, "1K", 192))
    service = serve(
        mind=Mind(made.transmission, made.signal, parts=parts), image_size="1K", fallback=False
    )
    run = Quiet()
    found = pipeline.correct(Frame(flat), BOTH, run)
    marks = score(wide, found.correction)
    before = score(wide, np.ones_like(found.correction)).after
    assert marks.after < before / 8
    assert marks.untouched > 0.99
    assert len(parts) == 2
    assert len(run.notes["detector"]["calls"]) == 2
    assert [request.faults for request in service.requests] == [[]] * len(service.requests)


def test_tiles_cover_the_frame_and_share_their_borders():
    for height, width in ((1, 1), (900, 1300), (2048, 2049), (6388, 9576)):
        cuts = list(tiles(height, width, "2K", 192))
        covered = np.zeros((height, width), np.uint8)
        for tile in cuts:
            covered[tile.box] += 1
            across, down = map(int, tile.ratio.split(":"))
            assert tile.shape[0] >= tile.inner[0]
            assert tile.shape[1] >= tile.inner[1]
            assert tile.shape[0] * across == tile.shape[1] * down
            assert max(tile.inner) <= 2048
        assert covered.min() == 1
        if len(cuts) > 1:
            first, second = cuts[0].box[1], cuts[1].box[1]
            assert first.stop - second.start >= 192


@pytest.mark.parametrize("kind", ["RGB", "Bayer"])
def test_color_frames_are_seen_as_one_and_corrected_by_channel(scene, serve, kind):
    gains = (1.0, 0.6, 0.4)
    if kind == "RGB":
        flat = np.concatenate([gain * scene.flat for gain in gains])
    else:
        flat = scene.flat.copy()
        flat[:, ::2, 1::2] *= gains[1]
        flat[:, 1::2, ::2] *= gains[1]
        flat[:, 1::2, 1::2] *= gains[2]
    serve(mind=mind(scene), fallback=False)
    inpainter = "gemini" if kind == "RGB" else "local"
    options = Options(detector="gemini", inpainter=inpainter)
    found = pipeline.correct(Frame(flat.astype(np.float32)), options, Quiet())
    marks = score(scene, found.correction)
    before = score(scene, np.ones_like(found.correction)).after
    assert found.correction.shape == flat.shape
    assert marks.after < before / 8
    assert marks.untouched > 0.99
