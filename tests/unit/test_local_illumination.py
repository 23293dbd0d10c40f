import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from bridge.engines.local.background import illumination
from tests.synthetic import donut_flat
from tests.unit.planes import sealed

EVERYWHERE = sealed(np.ones((300, 400)), bool)


@pytest.fixture(autouse=True)
def one_thread():
    """As the engine does it; threads that wait for each other take longest of all."""
    with threadpool_limits(1, "blas"):
        yield


@pytest.mark.parametrize("seed", range(3))
def test_the_light_of_a_field_is_found_beneath_noise_and_dust(seed):
    scene = donut_flat(seed, shape=(300, 400), count=5, radii=(8, 30), least_rms=0)
    surface = illumination(sealed(scene.flat), EVERYWHERE, None)
    assert surface.dtype == np.float32
    assert np.median(abs(surface / scene.signal - 1)) < 0.002


def test_unusable_pixels_are_not_looked_at():
    scene = donut_flat(4, shape=(300, 400), count=0)
    usable = np.random.default_rng(1).random((300, 400)) < 0.8
    wild = np.where(usable, scene.flat, np.nan)
    surface = illumination(sealed(wild), sealed(usable, bool), None)
    assert abs(surface / scene.signal - 1).max() < 0.01


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (21, 9), (40, 56), (300, 400)])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_the_surface_is_light_however_little_is_known(seed, share, shape):
    rng = np.random.default_rng(seed)
    block = rng.random((shape[0] // 7 + 1, shape[1] // 7 + 1)) < share
    usable = np.kron(block, np.ones((7, 7)))[: shape[0], : shape[1]] > 0
    plane = 0.5 * (1 + 0.3 * rng.standard_normal(shape)).clip(0.01, 2)
    surface = illumination(sealed(plane), sealed(usable, bool), None)
    assert np.isfinite(surface).all()
    assert surface.min() > 0
    known = plane[usable] if usable.any() else np.ones(1)
    assert surface.max() <= 10 * known.max()


def test_the_surface_does_not_run_away_from_the_light_that_is_known():
    plane = np.zeros((21, 9))
    plane[:10] = 1
    surface = illumination(sealed(plane), sealed(plane > 0, bool), None)
    assert 0.1 < surface.min() <= surface.max() < 10


def test_no_light_means_one():
    nothing = sealed(np.zeros((300, 400)))
    assert (illumination(nothing, EVERYWHERE, None) == 1).all()
    assert (illumination(nothing, sealed(~EVERYWHERE, bool), None) == 1).all()
