import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from bridge.engines.local.kriging import fit
from tests.unit.planes import sealed


@pytest.fixture(autouse=True)
def one_thread():
    """As the engine does it; threads that wait for each other take longest of all."""
    with threadpool_limits(1, "blas"):
        yield


def ring(rng, count=80):
    """Return points in a ring of one to two radii around the hole."""
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(1, 4, count))
    return sealed(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), np.float64)


def hole(rng, count=40):
    angle, radius = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 0.8, count))
    return sealed(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), np.float64)


def fitted(points, values):
    return fit(points, sealed(values, np.float64))


def wavy(rng):
    """Return a smooth random field whose waves are 3 radii and longer."""
    directions = rng.uniform(-1, 1, (4, 2)) * 2 * np.pi / 3 / np.sqrt(2)
    phases, heights = rng.uniform(0, 2 * np.pi, 4), rng.uniform(0.2, 1, 4) * 0.01
    slope = rng.normal(0, 0.02, 2)
    return lambda at: 1 + at @ slope + np.sin(at @ directions.T + phases) @ heights


@pytest.mark.parametrize("seed", range(5))
def test_a_plane_is_reproduced(seed):
    rng = np.random.default_rng(seed)
    points, asked, slope = ring(rng), hole(rng), rng.normal(0, 0.1, 2)
    mean, error = fitted(points, 1 + points @ slope)(asked)
    np.testing.assert_allclose(mean, 1 + asked @ slope, atol=1e-9)
    assert (error >= 0).all()
    assert error.max() < 1e-9


def test_a_constant_is_reproduced():
    rng = np.random.default_rng(6)
    mean, error = fitted(ring(rng), np.full(80, 0.25))(hole(rng))
    np.testing.assert_allclose(mean, 0.25, rtol=1e-12)
    assert error.max() < 1e-9


@pytest.mark.parametrize("noise", [0.0005, 0.002, 0.01])
def test_the_error_is_what_the_prediction_misses_by(noise):
    misses = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        truth, points, asked = wavy(rng), ring(rng), hole(rng, 20)
        values = truth(points) + noise * rng.standard_normal(len(points))
        mean, error = fitted(points, values)(asked)
        misses.append((mean - truth(asked)) / error)
    assert 0.5 < np.sqrt(np.mean(np.square(misses))) < 2


def test_structure_is_followed_better_than_by_a_plane():
    gains = []
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        truth, points, asked = wavy(rng), ring(rng), hole(rng)
        values = truth(points) + 0.0005 * rng.standard_normal(len(points))
        mean, _ = fitted(points, values)(asked)
        design, wanted = (np.column_stack([np.ones(len(p)), p]) for p in (points, asked))
        plane = wanted @ np.linalg.lstsq(design, values, rcond=None)[0]
        gains.append(np.std(plane - truth(asked)) / np.std(mean - truth(asked)))
    assert np.median(gains) > 2


@pytest.mark.parametrize("seed", range(5))
def test_outliers_are_set_aside(seed):
    rng = np.random.default_rng(seed)
    points, asked = ring(rng), hole(rng)
    values = 1 + points @ [0.05, -0.03] + 0.001 * rng.standard_normal(80)
    spoilt = values.copy()
    spoilt[::20] -= 0.2
    without, error = fitted(points[np.arange(80) % 20 > 0], values[np.arange(80) % 20 > 0])(asked)
    mean, _ = fitted(points, spoilt)(asked)
    assert (abs(mean - without) < 2 * error + 1e-5).all()


@pytest.mark.parametrize("factor", [2.0**-9, 3.0, 1e4])
def test_values_may_be_scaled(factor):
    rng = np.random.default_rng(8)
    points, asked, truth = ring(rng), hole(rng), wavy(rng)
    values = truth(points) + 0.001 * rng.standard_normal(80)
    mean, error = fitted(points, values)(asked)
    scaled, scaled_error = fitted(points, factor * values)(asked)
    np.testing.assert_allclose(scaled, factor * mean, rtol=1e-7)
    np.testing.assert_allclose(scaled_error, factor * error, rtol=1e-5)


@pytest.mark.parametrize("offset", [-1.0, 5.0])
def test_values_may_be_raised(offset):
    rng = np.random.default_rng(9)
    points, asked, truth = ring(rng), hole(rng), wavy(rng)
    values = truth(points) + 0.001 * rng.standard_normal(80)
    mean, error = fitted(points, values)(asked)
    raised, raised_error = fitted(points, values + offset)(asked)
    np.testing.assert_allclose(raised, mean + offset, atol=1e-7)
    np.testing.assert_allclose(raised_error, error, rtol=1e-5)


@pytest.mark.parametrize("shift", [(0.3, -0.2), (4.0, 7.0)])
def test_points_may_be_moved(shift):
    rng = np.random.default_rng(10)
    points, asked, truth = ring(rng), hole(rng), wavy(rng)
    values = truth(points) + 0.001 * rng.standard_normal(80)
    mean, error = fitted(points, values)(asked)
    moved, moved_error = fitted(sealed(points + shift, np.float64), values)(asked + shift)
    np.testing.assert_allclose(moved, mean, atol=1e-7)
    np.testing.assert_allclose(moved_error, error, rtol=1e-5)


def test_the_order_of_samples_does_not_matter():
    rng = np.random.default_rng(11)
    points, asked, truth = ring(rng), hole(rng), wavy(rng)
    values = truth(points) + 0.001 * rng.standard_normal(80)
    order = rng.permutation(80)
    mean, _ = fitted(points, values)(asked)
    shuffled, _ = fitted(points[order], values[order])(asked)
    np.testing.assert_allclose(shuffled, mean, atol=1e-9)


def test_rims_beside_the_hole_do_not_bend_what_is_foretold():
    plain, aware = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        points, asked, field = ring(rng, 120), hole(rng), wavy(rng)
        away = np.hypot(*points.T) - 1
        rim = 0.05 * np.exp(-away / 0.2)  # bright close to the hole, gone a radius farther out
        values = field(points) + rim + 0.001 * rng.standard_normal(120)
        fade = np.exp(-away / 0.2)
        shape = np.outer(fade, fade) * np.exp(-0.5 * (np.subtract.outer(away, away) / 0.15) ** 2)
        for rims, misses in (((), plain), (((50.0**2) * shape,), aware)):
            mean, _ = fit(points, sealed(values, np.float64), rims)(asked)
            misses.append(np.sqrt(np.mean((mean - field(asked)) ** 2)))
    assert np.median(aware) < np.median(plain) / 2
