"""PixInsight stretches a float FITS that leaves [0, 1] to that range: a factor must survive it.

Two things keep it whole, the script's reading hints and the scaled file. Without both, the
comparison that the other tests make must fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import Play, Told, by_command, rimmed, serving

CARELESS = {
    "file": "host/images.js",
    "from": "ignore-out-of-range up-bottom ignore-roworder-keywords",
    "to": "up-bottom ignore-roworder-keywords",
}
UNSCALED = """
import io, sys
from astropy.io import fits
from bridge.cli import main
from bridge.io import planes

checked = planes.fits_parts

def unchecked(pixels, *, cards, history):
    if pixels.max() <= 1:
        return checked(pixels, cards=cards, history=history)
    file = io.BytesIO()
    fits.PrimaryHDU(pixels[0], fits.Header(cards)).writeto(file)
    return iter([file.getvalue()])

planes.encode_correction = lambda factor: (factor, 1.0)
planes.fits_parts = unchecked
sys.exit(main())
"""


@pytest.fixture(scope="module")
def unscaled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the state folder of a bridge that stores factors as they are, above 1 too."""
    state = tmp_path_factory.mktemp("unscaled")
    with serving(state, ["-c", UNSCALED]):
        yield state


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    factor = by_command(rimmed(), tmp_path_factory.mktemp("expected"))["correction"]
    assert factor.max() > 1.02
    return factor


def check(told: Told, expected: NDArray[np.float32], light: NDArray[np.float32]) -> None:
    np.testing.assert_array_equal(told.factor(), expected)
    applied = (light / expected.astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("applied"), applied, rtol=2**-23)


@pytest.mark.parametrize("bridge_kind", ["bridge", "unscaled"])
@pytest.mark.parametrize("careless", [False, True], ids=["with-hints", "without-hints"])
def test_a_factor_above_one_is_whole_unless_nothing_protects_it(
    play: Play,
    light: NDArray[np.float32],
    expected: NDArray[np.float32],
    request: pytest.FixtureRequest,
    bridge_kind: str,
    careless: bool,
) -> None:
    state = request.getfixturevalue(bridge_kind)
    change = {"changed": CARELESS} if careless else {}
    told = play("run_and_apply", state, {"flat": rimmed(), "light": light}, insist=True, **change)
    if careless and bridge_kind == "unscaled":
        assert told.factor().min() == 0
        with pytest.raises(AssertionError):
            check(told, expected, light)
    else:
        check(told, expected, light)
