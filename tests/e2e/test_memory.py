"""The estimate by which too big a job is refused, beside what jobs really take."""

import sys

import pytest

from bridge.machine import peak_bytes
from tests.benchmarks.bench_memory import idle, peak

SHAPE = (1600, 2400)


@pytest.fixture(scope="module")
def begun():
    return idle()


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in other units, or not at all")
@pytest.mark.parametrize(
    ("channels", "mosaic"), [(1, False), (1, True), (3, False)], ids=["gray", "mosaic", "RGB"]
)
def test_the_estimate_is_within_30_percent_of_the_peak(begun, channels, mosaic):
    measured = peak(*SHAPE, channels, mosaic) - begun
    assert peak_bytes(*SHAPE, channels) == pytest.approx(measured, rel=0.3)
