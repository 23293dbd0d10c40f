"""A chosen light in the preview, before and after, in one scale."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.pixinsight.script.conftest import Told, perform
from tests.synthetic import Scene


@pytest.fixture(scope="module")
def told(
    bridge: Path,
    flat: NDArray[np.float32],
    scene: Scene,
    tmp_path_factory: pytest.TempPathFactory,
) -> Told:
    y, x = np.mgrid[: flat.shape[-2], : flat.shape[-1]]
    sky = 0.02 + 0.01 * np.exp(-np.hypot(x - 80, y - 150) / 120)
    light = (sky * scene.transmission).astype(np.float32)
    folder = tmp_path_factory.mktemp("beforeafter")
    frames = {"flat": flat, "M42": light, "masterBias": np.full_like(light, 0.01)}
    return perform(folder, "beforeafter", bridge, frames)


def picture(told: Told, name: str) -> NDArray[np.int16]:
    with Image.open(told.folder / f"{name}.png") as shown:
        return np.asarray(shown.convert("RGB")).astype(np.int16)


def test_a_light_is_seen_before_and_after_in_one_scale(told: Told) -> None:
    flats = ["flat flat", "flat correction", "flat clean_flat"]
    assert told["offered"] == [*flats, "M42 light", "M42 clean_light"]
    assert told["shown"][:3] == ["M42, as it is", "M42, divided by the factor", "M42, as it is"]
    before, after, again = (picture(told, name) for name in ("before", "after", "again"))
    np.testing.assert_array_equal(before, again)
    changed = (before != after).any(axis=2)
    assert 0.5 < changed.sum() / (told.factor()[0] != 1).sum() < 1.1
    off = [abs(shown[changed].mean() - 127.5) for shown in (before, after)]
    assert off[1] < off[0] / 5
    assert told["faults"] == []


def test_applied_the_light_is_as_it_was_shown(told: Told) -> None:
    shown, applied = (picture(told, name) for name in ("after", "applied"))
    assert abs(applied - shown).max() <= 2  # of 255: the factor is divided in 32 bits there
