"""What was seen is not looked at again where nothing has changed."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.engines.local.record import record_of


@pytest.mark.parametrize("unknown", [False, True])
def test_a_look_at_what_has_changed_shows_what_a_whole_look_shows(unknown):
    rng = np.random.default_rng(8)
    flat = (0.5 + 0.002 * rng.standard_normal((1, 430, 517))).astype(np.float32)
    dust = [(slice(0, 12), slice(40, 60)), (slice(250, 275), slice(495, 517))]
    for box in dust:
        flat[0][box] *= 0.9
    if unknown:
        flat[0, 300:340, 100:180] = np.nan
    record = record_of(flat)
    before = record.look(record.ratio, 5.0)
    filled = record.ratio.copy()
    for box in dust:
        filled[box] /= np.float32(0.9)
    again = record.look(filled, 5.0, before.finest, dust)
    anew = record.look(filled, 5.0)
    assert (before.first != anew.first).any()
    np.testing.assert_array_equal(again.first, anew.first)
    for one, other in zip(
        (again.ground.fine, again.ground.coarse), (anew.ground.fine, anew.ground.coarse),
        strict=True,
    ):  # fmt: skip
        np.testing.assert_array_equal(one.small, other.small)
