"""Images nobody would call a flat: the planes stay within range, or one sentence says why not."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bridge import machine, pipeline
from bridge.engines.base import Quiet
from bridge.errors import NoCleanPixels, OutOfMemory
from bridge.frame import Frame
from bridge.jobs import Work
from bridge.options import Options
from bridge.store import Facts
from tests.unit.planes import corrected, framed

QUIET = settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def images(draw):
    """Draw (height, width) or (3, height, width) pixels, tiny to small, plain to broken."""
    height, width = draw(
        st.tuples(st.integers(1, 60), st.integers(1, 60))
        | st.sampled_from([(1, 1), (1, 200), (200, 1), (2, 2), (80, 75), (36, 36)])
    )
    channels = draw(st.sampled_from([1, 3]))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    level = draw(st.sampled_from([0.0, 1e-6, 0.04, 0.5, 1.0]))
    noise = draw(st.sampled_from([0.0, 0.003, 0.3]))
    pixels = level * (1 + noise * rng.standard_normal((channels, height, width)))
    for fault in draw(st.lists(st.sampled_from(sorted(FAULTS)), max_size=3, unique=True)):
        FAULTS[fault](pixels, rng)
    pixels = np.clip(pixels, 0, 1).astype(np.float32)
    return pixels[0] if channels == 1 else pixels


def spread(pixels, rng):
    return rng.integers(pixels.shape[1]), rng.integers(pixels.shape[2])


def dead_column(pixels, rng):
    pixels[:, :, spread(pixels, rng)[1]] = 0


def dead_row(pixels, rng):
    pixels[:, spread(pixels, rng)[0]] = 0


def hot_pixel(pixels, rng):
    row, column = spread(pixels, rng)
    pixels[0, row, column] = 1


def saturated_half(pixels, rng):
    pixels[:, : max(1, pixels.shape[1] // 2)] = 1


def unknown_pixels(pixels, rng):
    pixels[rng.random(pixels.shape) < 0.1] = np.nan


def unknown_half(pixels, rng):
    pixels[:, :, : max(1, pixels.shape[2] // 2)] = np.nan


def nothing_known(pixels, rng):
    pixels[:] = np.nan


def dark_spot(pixels, rng):
    row, column = spread(pixels, rng)
    pixels[:, row : row + 5, column : column + 5] *= 0.5


def checkered(pixels, rng):
    pixels[:, ::2, ::2] *= 0.6


FAULTS = {
    fault.__name__: fault
    for fault in (
        dead_column, dead_row, hot_pixel, saturated_half, unknown_pixels, unknown_half,
        nothing_known, dark_spot, checkered,
    )
}  # fmt: skip


def check(found, values):
    """Assert what holds for every correction whatsoever."""
    pixels = framed(values).pixels
    clean = found.mask == 0
    for plane in (found.mask, found.inpainted, found.clean_flat):
        assert plane.dtype == np.float32
        assert np.isfinite(plane).all()
        assert plane.min() >= 0
        assert plane.max() <= 1
    assert found.mask.shape == pixels.shape[1:]
    assert found.correction.shape == found.inpainted.shape == found.clean_flat.shape == pixels.shape
    assert np.isfinite(found.correction).all()
    assert found.correction.min() >= 0
    assert (found.correction[:, clean] == 1).all()
    unknown = ~np.isfinite(pixels).all(axis=0)
    assert clean[unknown].all()
    known = clean & ~unknown
    np.testing.assert_array_equal(found.inpainted[:, known], pixels[:, known])
    assert (found.inpainted[~np.isfinite(pixels)] == 0).all()
    assert (found.clean_flat[~np.isfinite(pixels)] == 0).all()


@QUIET
@given(
    images(),
    st.sampled_from(["auto", "none", "2x2"]),
    st.sampled_from([2.0, 5.0]),
    st.sampled_from(["dark", "bright", "both"]),
)
@example(np.full((1, 200), 0.5, np.float32), "2x2", 5.0, "both")
@example(np.full((200, 1), 0.5, np.float32), "2x2", 5.0, "both")
def test_any_image_gives_planes_within_range(values, cfa, threshold, polarity):
    with suppress(NoCleanPixels):
        check(corrected(values, cfa=cfa, threshold=threshold, polarity=polarity), values)


@QUIET
@given(images(), st.sampled_from(["auto", "none", "2x2"]), st.integers(0, 1000), st.floats(0, 1))
def test_any_mask_gives_planes_within_range_or_a_sentence(values, cfa, seed, share):
    rng = np.random.default_rng(seed)
    shape = values.shape[-2:]
    block = rng.random((shape[0] // 7 + 1, shape[1] // 7 + 1)) < share
    mask = np.kron(block, np.ones((7, 7)))[: shape[0], : shape[1]] * rng.choice([0.5, 1], shape)
    with suppress(NoCleanPixels):
        check(corrected(values, mask, cfa=cfa), values)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("value", [0.0, 0.25, 0.5, 1.0, np.nan])
def test_an_image_of_one_value_has_no_dust(channels, value):
    found = corrected(np.full((channels, 90, 70), value))
    assert (found.correction == 1).all()
    assert not found.mask.any()


def test_a_dead_column_is_not_corrected_beyond_itself():
    rng = np.random.default_rng(3)
    flat = 0.5 * (1 + 0.002 * rng.standard_normal((150, 160)))
    flat[:, 60] = 0
    found = corrected(flat)
    check(found, flat)
    assert (found.correction[0][:, 60] == 1).all()
    assert np.mean(found.correction != 1) < 0.1


def test_what_this_computer_cannot_hold_is_refused_before_it_starts(monkeypatch):
    monkeypatch.setattr(machine, "physical_memory", lambda: 8 * 10**9)
    machine.check_memory(10_652, 14_204, 1)
    with pytest.raises(OutOfMemory, match=r"400 megapixels takes about 10\.5 GB.*has 8\.0 GB"):
        machine.check_memory(20_000, 20_000, 1)
    monkeypatch.setattr(machine, "physical_memory", lambda: 1000)
    frame = Frame(np.full((1, 30, 40), 0.5, np.float32))
    for work in (pipeline.detect, pipeline.correct):
        with pytest.raises(OutOfMemory):
            work(frame, Options(), Quiet())
    with pytest.raises(OutOfMemory):
        Work("detect", Facts.of(frame), Options()).check()
    monkeypatch.setattr(machine, "physical_memory", lambda: None)
    machine.check_memory(20_000, 20_000, 1)


def test_this_computer_tells_its_memory():
    assert machine.physical_memory() > 10**8
