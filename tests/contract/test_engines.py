"""What every engine promises, whichever it is."""

from contextlib import suppress

import numpy as np
import pytest

from bridge.engines.table import ENGINES, detector, inpainter
from bridge.errors import Cancelled, EngineError
from bridge.options import Options
from tests.contract.fakes import Watched
from tests.synthetic import donut_flat
from tests.unit.planes import sealed

OFFLINE = [entry for entry in ENGINES.values() if not entry.sends_pixels_away]
SEERS = [entry.name for entry in OFFLINE if entry.detector]
HANDS = [entry.name for entry in OFFLINE if entry.inpainter]


def dusty():
    return donut_flat(3, shape=(120, 160), count=3, radii=(6, 14), depths=(0.05, 0.15)).flat


def holes(shape):
    """A soft mask of some twenty holes, never the whole plane."""
    rng = np.random.default_rng(1)
    mask = np.zeros(shape)
    for _ in range(20):
        row, column = (rng.integers(n) for n in shape)
        hole = np.s_[row : row + rng.integers(1, 8), column : column + rng.integers(1, 8)]
        mask[hole] = rng.uniform(0.01, 1, mask[hole].shape)
    mask.flat[0] = 0
    return sealed(mask)


def with_nan(flat):
    broken = flat.copy()
    broken[..., 20:40, 50:90] = np.nan
    broken[..., 5, 5] = np.nan
    broken[..., :, 100] = np.nan
    return broken


def frames():
    flat = dusty()
    color = np.stack([flat, 0.6 * flat, 0.4 * flat])
    rng = np.random.default_rng(2)
    noise = rng.random((3, 50, 40))
    yield "gray", flat[None]
    yield "RGB", color
    yield "gray with holes", with_nan(flat[None])
    yield "RGB with holes", with_nan(color)
    yield "one channel with a hole", np.stack([flat, np.where(flat > 0.45, np.nan, flat), flat])
    yield "noise", noise
    for name, value in (("dark", 0), ("gray level", 0.5), ("white", 1)):
        yield name, np.full((1, 40, 30), value)
    yield "a dead column", np.where(np.arange(30) == 7, 0, flat[None, :40, :30])
    for shape in [(1, 1), (1, 2), (2, 2), (3, 5), (1, 90), (90, 1), (7, 70)]:
        yield f"gray {shape}", rng.uniform(0.4, 0.6, (1, *shape))
    yield "RGB (1, 1)", noise[:, :1, :1]
    yield "RGB (1, 40)", noise[:, :1]
    yield "hardly known", np.where(np.arange(1200).reshape(1, 30, 40) % 97, np.nan, 0.5)


FRAMES = [pytest.param(sealed(pixels), id=name) for name, pixels in frames()]


@pytest.mark.parametrize("name", SEERS)
@pytest.mark.parametrize("flat", FRAMES)
def test_a_detector_keeps_its_promise(name, flat):
    seed = detector(name).detect(flat, options=Options(), run=Watched())
    assert seed.shape == flat.shape[1:]
    assert seed.dtype == np.float32
    assert np.isfinite(seed).all()
    assert seed.min() >= 0
    assert seed.max() <= 1


@pytest.mark.parametrize("name", HANDS)
@pytest.mark.parametrize("flat", FRAMES)
def test_an_inpainter_keeps_its_promise(name, flat):
    known = np.isfinite(flat).all(axis=0)
    mask = np.where(known, holes(flat.shape[1:]), 0)
    if not (known & (mask == 0)).any():
        mask[:] = 0
    answer = inpainter(name).inpaint(flat, sealed(mask), options=Options(), run=Watched())
    assert answer.shape == flat.shape
    assert answer.dtype == np.float32
    assert np.isfinite(answer[:, mask > 0]).all()


@pytest.mark.parametrize("name", SEERS)
def test_a_detector_sees_plain_dust(name):
    scene = donut_flat(3, shape=(120, 160), count=3, radii=(6, 14), depths=(0.05, 0.15))
    seed = detector(name).detect(sealed(scene.flat[None]), options=Options(), run=Watched())
    deep = scene.transmission < 0.97
    assert np.mean(seed[deep] > 0.5) > 0.9


@pytest.mark.parametrize("name", HANDS)
def test_an_inpainter_sees_through_plain_dust(name):
    scene = donut_flat(3, shape=(120, 160), count=3, radii=(6, 14), depths=(0.05, 0.15))
    mask = sealed(scene.footprint)
    answer = inpainter(name).inpaint(
        sealed(scene.flat[None]), mask, options=Options(), run=Watched()
    )
    assert abs(answer[0] / scene.signal - 1)[mask > 0].mean() < 0.01


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", SEERS)
def test_a_detector_gives_the_same_answer_for_the_same_seed(name, seed):
    flat, options = sealed(dusty()[None]), Options(seed=seed)
    one, other = (
        detector(name).detect(flat, options=options, run=Watched(seed=seed)) for _ in range(2)
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", HANDS)
def test_an_inpainter_gives_the_same_answer_for_the_same_seed(name, seed):
    flat, options = sealed(dusty()[None]), Options(seed=seed)
    mask = holes(flat.shape[1:])
    one, other = (
        inpainter(name).inpaint(flat, mask, options=options, run=Watched(seed=seed))
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, other)


def works():
    flat = sealed(dusty()[None])
    mask = holes(flat.shape[1:])
    for name in SEERS:
        yield pytest.param(
            lambda run, name=name: detector(name).detect(flat, options=Options(), run=run),
            id=f"{name} detects",
        )
    for name in HANDS:
        yield pytest.param(
            lambda run, name=name: inpainter(name).inpaint(flat, mask, options=Options(), run=run),
            id=f"{name} inpaints",
        )


@pytest.mark.parametrize("work", list(works()))
def test_a_cancel_ends_the_work_at_the_next_step(work):
    undisturbed = Watched()
    work(undisturbed)
    assert undisturbed.checks >= 3
    for patience in sorted({0, 1, undisturbed.checks // 2, undisturbed.checks - 1}):
        run = Watched(patience)
        with pytest.raises(Cancelled):
            work(run)
        assert run.checks == patience + 1
        assert run.late == 0


@pytest.mark.parametrize("work", list(works()))
def test_progress_goes_from_nothing_to_done(work):
    run = Watched()
    work(run)
    fractions = [fraction for _, fraction in run.told]
    assert fractions == sorted(fractions)
    assert fractions[0] >= 0
    assert fractions[-1] == pytest.approx(1)
    assert {stage for stage, _ in run.told} <= {"detect", "inpaint"}


@pytest.mark.parametrize("name", HANDS)
def test_what_cannot_be_foretold_is_an_engine_error_or_a_number(name):
    flat = np.full((1, 30, 40), np.nan)
    flat[0, 10:20, 10:20] = 0.5
    mask = np.isfinite(flat[0])
    with suppress(EngineError, Cancelled):
        answer = inpainter(name).inpaint(
            sealed(flat), sealed(mask), options=Options(), run=Watched()
        )
        assert answer.shape == flat.shape
        assert answer.dtype == np.float32


@pytest.mark.parametrize("entry", ENGINES.values(), ids=ENGINES)
def test_every_engine_says_what_a_user_should_know(entry):
    assert ENGINES[entry.name] is entry
    assert entry.roles
    assert entry.version
    reason = entry.unavailable()
    assert reason is None or reason.endswith(".")


def test_the_offline_engine_is_always_there():
    assert ENGINES["local"].unavailable() is None
    assert not ENGINES["local"].sends_pixels_away
    assert ENGINES["local"].roles == ("detector", "inpainter")
