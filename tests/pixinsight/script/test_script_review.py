"""The preview and the list of shadows: seen, left out, corrected without, taken back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from tests.pixinsight.script.conftest import Planes, Play, Told, perform

FIRST = ["1 | "]
ROW = re.compile(r"(. )?(\d+) \| ([\d.]+), ([\d.]+) \| ([\d.]+) px \| (.*) \| (.*) \| (.*)")


def rows(told: Told, when: int) -> list[tuple[str, ...]]:
    """Return the cells of each shadow: tick, number, x, y, size, depth, uncertainty, corrected."""
    found = [ROW.fullmatch(line) for line in told["rows"][when][1:]]
    assert None not in found, told["rows"][when]
    return [row.groups(default="") for row in found if row is not None]


def pictures(told: Told, name: str) -> NDArray[np.uint8]:
    with Image.open(told.folder / f"{name}.png") as picture:
        return np.asarray(picture.convert("RGB"))


def piece(mask: NDArray[np.float32], row: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return the piece of a mask that a row of the table is about."""
    labels, _ = ndimage.label(mask > 0.5, structure=np.ones((3, 3)))
    x, y = float(row[2]), float(row[3])
    centers = ndimage.center_of_mass(mask, labels, range(1, labels.max() + 1))
    nearest = min(range(len(centers)), key=lambda i: np.hypot(centers[i][1] - x, centers[i][0] - y))
    return np.asarray(labels == nearest + 1)


@pytest.fixture(scope="module")
def told(bridge: Path, flat: NDArray[np.float32], tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("review")
    return perform(folder, "review", bridge, {"flat": flat}, leaveOut=FIRST)


def test_the_list_tells_what_the_report_tells(told: Told, expected: Planes) -> None:
    listed = rows(told, 0)
    depths = [float(row[5].removesuffix(" %")) for row in listed]
    assert [int(row[1]) for row in listed] == [1, 2, 3]
    assert depths == sorted(depths, reverse=True)
    for row, depth in zip(listed, depths, strict=True):
        inside = piece(expected["mask"][0], row)
        assert 2 * np.sqrt(inside.sum() / np.pi) == pytest.approx(float(row[4]), abs=0.06)
        deepest = 100 * (1 - expected["correction"][0][inside].min())
        assert depth == pytest.approx(deepest, abs=1)
        assert row[0].startswith("\u2611")
        assert row[7] == "yes"
    assert told["faults"] == []


def test_what_is_left_out_is_corrected_no_longer(told: Told) -> None:
    found, left = told.plane("mask_found")[0], told.plane("mask_left")[0]
    out = piece(found, rows(told, 0)[0])
    assert (left[out] == 0).all()
    reach = ndimage.binary_dilation(out, iterations=12)
    np.testing.assert_array_equal(left[~reach], found[~reach])
    assert (left <= found).all()
    before, after = told.factor(), told.factor("flat_dustfactor1")
    assert (before[0][out] != 1).mean() > 0.9
    assert (after[0][out] == 1).all()
    others = (found > 0.5) & ~out
    assert (after[0][others] != 1).mean() > 0.9
    for when in (1, 2, 3):
        assert [row[7] for row in rows(told, when)] == ["left out", "yes", "yes"]
        assert [row[0][:1] for row in rows(told, when)] == ["\u2610", "\u2611", "\u2611"]


def test_what_was_left_out_comes_back_as_it_was(told: Told) -> None:
    np.testing.assert_array_equal(told.plane("mask_back"), told.plane("mask_found"))
    assert told["maskHistory"] == ["Script for good", "Script"]  # as it came, and the tick


def test_the_dialog_grows_for_the_preview_and_shrinks_again(told: Told) -> None:
    assert told["openWidth"] > told["closedWidth"] + 400
    assert told["hiddenWidth"] == told["closedWidth"]


def test_the_preview_zooms_and_jumps(told: Told) -> None:
    zooms = dict(zip(
        ("whole", "span1", "span10", "jumped", "closer", "dragged", "untinted"), told["zooms"],
        strict=False,
    ))  # fmt: skip
    assert zooms["whole"] == zooms["jumped"] == zooms["untinted"] == "1:1"
    assert zooms["closer"] == zooms["dragged"] == "2:1"
    assert told["numbers"][0] == ["1", "2", "3"]
    x, y, value, factor = re.findall(r"[\d.]+", told["points"][0])[:4]
    assert float(factor) == pytest.approx(1, abs=0.3)
    assert 0 <= int(x) < 300
    assert 0 <= int(y) < 220
    assert float(value) == pytest.approx(1, abs=0.1)


def test_the_flat_is_shown_without_its_light_at_fixed_scales(told: Told) -> None:
    shown = pictures(told, "untinted").astype(int)
    y, x = np.nonzero((shown != shown[0, 0]).any(axis=2))
    assert (np.ptp(y) + 1, np.ptp(x) + 1) == told.plane("mask_found").shape[1:]
    clean = np.s_[y.min() + 5 : y.min() + 35, x.min() + 200 : x.max() - 10]
    assert np.mean(shown[clean]) == pytest.approx(127.5, abs=6)
    spread = {
        span: np.std(pictures(told, f"span{span}")[clean].astype(float)) for span in ("1", "10")
    }
    assert spread["1"] > 4 * spread["10"]


def test_dust_is_tinted_and_the_factor_has_colors_of_its_own(told: Told) -> None:
    def colored(name: str, *, warm: bool) -> int:
        red, blue = (pictures(told, name)[..., channel].astype(int) for channel in (0, 2))
        return int(((red - blue if warm else blue - red) > 60).sum())

    dust = int((told.plane("mask_found") > 0.5).sum())
    marks = colored("untinted", warm=True)
    assert colored("whole", warm=True) - marks > 0.7 * dust
    assert colored("factor", warm=False) > 0.1 * dust
    assert colored("corrected", warm=False) < colored("factor", warm=False)


SETTINGS: dict[str, dict[str, Any]] = {
    "controls tell of what the script sets": {
        "host": {"quirks": {"programmaticEvents": "always", "freshWrappers": True}}
    },
    "windows are other objects than assumed": {
        "host": {"quirks": {"freshWrappers": False, "integerArrays": "native"}}
    },
    "the mask was only detected yet": {"first": "Detect"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
def test_nothing_around_changes_what_is_left_out(
    play: Play, bridge: Path, flat: NDArray[np.float32], settings: dict[str, Any]
) -> None:
    levels = np.array([1, 0.8, 0.6])[:, None, None]
    color = np.rint(flat * levels * 65535).astype(np.uint16)
    told = play("review", bridge, {"flat": color}, leaveOut=FIRST, **settings)
    assert told["faults"] == []
    assert [row[7] for row in rows(told, 3)] == ["left out", "yes", "yes"]
    np.testing.assert_array_equal(told.plane("mask_back"), told.plane("mask_found"))
    if "first" in settings:
        assert [row[5:] for row in rows(told, 0)] == [("", "", "")] * 3
