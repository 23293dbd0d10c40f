"""A stale flat brought up to date inside PixInsight by frames in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from tests.benchmarks.nights import Night, night
from tests.pixinsight.script.conftest import Play


@pytest.fixture(scope="module")
def made() -> Night:
    return night(3, shape=(320, 460), subs=12, level=3000.0, donuts=5, dither=20, radii=(9, 22))


def stale(made: Night) -> np.ndarray[Any, Any]:
    noise = np.random.default_rng(0).standard_normal(made.stale.shape)
    return (made.stale * (1 + 0.001 * noise)).astype(np.float32)


def frames(made: Night, folder: Path, **cards: object) -> list[str]:
    paths = []
    for number, sub in enumerate(made.subs):
        hdu = fits.PrimaryHDU(np.clip(sub / 2**17, 0, 1).astype(np.float32))
        hdu.header.update(cards)
        paths.append(folder / f"sub{number}.fits")
        hdu.writeto(paths[-1])
    return [str(path) for path in paths]


def test_the_flat_is_current_afterwards_and_undo_takes_it_back(
    play: Play, bridge: Path, made: Night, tmp_path: Path
) -> None:
    flat = stale(made)
    told = play("update_flat", bridge, {"flat": flat}, frames=frames(made, tmp_path), turns=2)
    was, now = made.error(made.stale), made.error(told.plane("updated")[0])
    assert was > 0.02
    assert now < was / 6
    assert [step["process"] for step in told["history"]] == ["PixelMath"]
    assert "update your flat" in str(told["texts"][0])
    assert "Save flat under a new name" in str(told["texts"][0])
    # The second time the frames would tell of another flat.
    assert "was brought up to date by flat_dustchange already" in told["console"]
    change = told.factor("flat_dustchange")[0]
    np.testing.assert_allclose(
        told.plane("updated")[0], (flat * change.astype(np.float64)).clip(0, 1), rtol=1.3e-7
    )
    np.testing.assert_array_equal(told.plane("undone")[0], flat)


REFUSED = {
    "registered": ({"HISTORY": "StarAlignment.pixelInterpolation"}, "sub0.fits was registered"),
    "raw": ({"IMAGETYP": "LIGHT"}, "sub0.fits looks raw"),
    "another filter": ({"FILTER": "OIII"}, "sub0.fits tells of another filter than the flat"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_frames_that_cannot_tell_are_refused(
    play: Play, bridge: Path, made: Night, tmp_path: Path, kind: str
) -> None:
    cards, words = REFUSED[kind]
    filter_card = {"name": "FILTER", "value": "'Ha'", "comment": ""}
    given = {"frames": frames(made, tmp_path, **cards), "flat": {"keywords": [filter_card]}}
    told = play("update_flat", bridge, {"flat": stale(made)}, answers=["No"], **given)
    assert words in told["console"]
    assert told["history"] == []


def test_who_knows_better_is_asked_once_for_all_frames(
    play: Play, bridge: Path, made: Night, tmp_path: Path
) -> None:
    raw = frames(made, tmp_path, IMAGETYP="LIGHT")
    told = play("update_flat", bridge, {"flat": stale(made)}, frames=raw, answers=["Yes"])
    (question,) = told["questions"]
    assert "sub0.fits looks raw" in question
    assert [step["process"] for step in told["history"]] == ["PixelMath"]


def test_too_few_frames_are_refused(play: Play, bridge: Path, made: Night, tmp_path: Path) -> None:
    told = play("update_flat", bridge, {"flat": stale(made)}, frames=frames(made, tmp_path)[:4])
    assert "at least 5 frames" in told["console"]
    assert told["history"] == []
