import numpy as np
import pytest

from bridge.report.spots import spots


def test_spots_are_measured_largest_first():
    mask = np.zeros((30, 40), np.float32)
    mask[5:7, 10:12] = 1
    mask[20:26, 30:36] = 0.9
    mask[7, 12] = 0.6  # touches a corner
    mask[0, 0] = 0.4
    found = spots(mask)
    assert [one["id"] for one in found["shadows"]] == [1, 2]
    assert (found["shadows"][0]["x"], found["shadows"][0]["y"]) == (32.5, 22.5)
    assert found["shadows"][0]["diameter"] == pytest.approx(2 * (36 / np.pi) ** 0.5, abs=0.01)
    assert found["touched"] == pytest.approx(42 / 1200, rel=1e-5)
    assert spots(np.zeros((3, 4), np.float32)) == {"shadows": [], "touched": 0.0}
