"""On one core or many, in stripes or in one piece: the same bits."""

import os
import threading

import numpy as np
import pytest
from scipy.ndimage import correlate1d, gaussian_filter

from bridge import parallel
from bridge.engines.local import defects
from bridge.engines.local import noise as local_noise
from bridge.engines.local.noise import Gridded, Squares, bends, spread
from bridge.engines.local.squares import means, usable_means
from tests.unit.flats import small
from tests.unit.planes import corrected, sealed


@pytest.mark.parametrize("height", [1, 127, 128, 129, 300])
def test_stripes_cover_every_row_once(height):
    rows = np.zeros(height, int)
    for inner, outer, place in parallel.stripes(height, 5):
        rows[inner] += 1
        assert np.array_equal(np.arange(height)[outer][place], np.arange(height)[inner])
    assert (rows == 1).all()


def test_bends_in_stripes_are_those_of_the_whole_plane():
    plane = sealed(np.random.default_rng(1).normal(1, 0.01, (300, 70)))
    whole = correlate1d(correlate1d(plane, (1, -2, 1), 0, mode="mirror"), (1, -2, 1), 1,
                        mode="mirror")  # fmt: skip
    assert np.array_equal(bends(plane), whole / np.float32(6))


def test_one_core_and_many_give_the_same_bits(monkeypatch):
    flat = small(5, shape=(330, 300)).flat
    many = corrected(flat)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    one = corrected(flat)
    assert (many.correction != 1).any()
    assert np.array_equal(many.correction, one.correction)


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_shadows_on_seams_are_what_they_are_without_seams(monkeypatch, channels, holes):
    shape = (330, 300)
    y, x = np.mgrid[: shape[0], : shape[1]]
    dust = np.ones(shape)
    # Seams every 64 rows; one shadow lies across several of them.
    for row, column, radius in ((64, 60, 6), (128, 150, 14), (192, 240, 9), (255, 90, 45)):
        dust *= 1 - 0.04 * gaussian_filter((np.hypot(x - column, y - row) < radius) * 1.0, 1.5)
    noise = 1 + 0.002 * np.random.default_rng(5).standard_normal((channels, *shape))
    flat = (0.5 * dust * noise).astype(np.float32)
    if holes:
        flat[:, 60:66, 200:210] = flat[:, 320] = np.nan
    found = []
    for rows in (64, 10**6):
        for module in (parallel, local_noise, defects):
            monkeypatch.setattr(module, "ROWS", rows)
        found.append(corrected(flat))
    seamed, whole = found
    for row, column in ((64, 60), (128, 150), (192, 240), (255, 90)):
        assert (seamed.correction[:, row, column] < 0.985).all()
    for plane in ("seed_mask", "mask", "inpainted", "correction"):
        assert np.array_equal(getattr(seamed, plane), getattr(whole, plane)), plane


def test_results_come_in_order_and_an_error_ends_the_rest():
    assert list(parallel.in_order(lambda n: n * n, list(range(20)))) == [n * n for n in range(20)]
    done, gate = [], threading.Event()

    def work(number):
        if number == 0:
            raise ValueError("no")
        gate.wait(5)
        done.append(number)

    threading.Timer(0.2, gate.set).start()
    with pytest.raises(ValueError, match="no"):
        list(parallel.in_order(work, list(range(500))))
    assert len(done) < 499


def test_scatter_is_measured_place_by_place_where_pixels_count():
    rng = np.random.default_rng(2)
    sigma = np.where(np.arange(400) < 200, 0.01, 0.05)
    values = (sigma * rng.standard_normal((300, 400))).astype(np.float32)
    usable = np.ones(values.shape, bool)
    usable[100:120] = False
    wild = values.copy()
    wild[100:120] = 1e3
    for found in (spread(sealed(values), None, 32), spread(sealed(wild), usable, 32)):
        seen = found.within((slice(0, 300), slice(0, 400)))
        assert seen[:, :150].mean() == pytest.approx(0.01, rel=0.1)
        assert seen[:, 250:].mean() == pytest.approx(0.05, rel=0.1)


def test_a_part_of_a_gridded_plane_is_cut_from_the_whole():
    grid = Gridded(np.random.default_rng(3).random((4, 5), np.float32), (61, 83))
    whole = grid.within((slice(0, 61), slice(0, 83)))
    part = grid.within((slice(7, 30), slice(40, 83)))
    assert np.array_equal(part, whole[7:30, 40:83])
    assert whole.min() >= grid.small.min()
    assert whole.max() <= grid.small.max()


def test_means_of_squares():
    plane = sealed(np.arange(24).reshape(4, 6))
    expected = [[plane[i : i + 2, j : j + 2].mean() for j in (0, 2, 4)] for i in (0, 2)]
    assert np.array_equal(means(plane, 2), expected)
    usable = plane < 20
    found, counts = usable_means(plane, usable, 4)
    assert counts.tolist() == [[np.count_nonzero(usable[:, :4]), np.count_nonzero(usable[:, 4:])]]
    assert found[0, 0] == pytest.approx(plane[:, :4][usable[:, :4]].mean())
    assert found[0, 1] == pytest.approx(plane[:, 4:][usable[:, 4:]].mean())


@pytest.mark.parametrize("height", [1, 40, 300, 2822])
@pytest.mark.parametrize("block", [32, 48])
def test_squares_cover_each_plane_as_often_as_they_are_counted(height, block):
    squares = Squares((height, 70), block)
    rng = np.random.default_rng(height)
    values = rng.standard_normal((height, 70), np.float32)
    boxes = [(rows, slice(0, 70)) for rows, _, _ in squares.stripes()]
    parts = [squares.scatter(box, values[box], None) for box in boxes]
    high, wide = squares.sides
    down, across = squares.counts
    assert squares.samples(values, 1).shape == (down, across, high * wide)
    assert np.concatenate([measured for measured, _ in parts]).shape == (down, across)
    whole, known = squares.scatter((slice(0, height), slice(0, 70)), values, None)
    assert known.all()
    assert np.array_equal(np.concatenate([measured for measured, _ in parts]), whole)
