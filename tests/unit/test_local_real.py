"""The offline engine on a real solar median with in-focus dust on filaments and plages."""

import csv
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import label, sum_labels

from bridge.io import read_image
from tests.real_frames import Made
from tests.shared_data import shared
from tests.unit.planes import corrected

EIGHT = np.ones((3, 3))
PARTS = {"whole": np.s_[:, :], "heart": np.s_[300:1100, 400:1400]}
"""The frame, and the part of it with filaments, plages and dust on both."""


@dataclass(frozen=True)
class Found:
    mask: NDArray[np.float32]
    correction: NDArray[np.float32]


@pytest.fixture(scope="module", params=PARTS)
def solar(request, whole_sun):
    """What is found in the median as a flat, and the specks that another eye marked."""
    part = PARTS[request.param]
    with Image.open(shared("solar-median", "mask_0.jpg")) as opened:
        marked, _ = label(np.asarray(opened.convert("L"))[part] > 127, EIGHT)
    sizes = np.bincount(marked.ravel())
    specks = np.isin(marked, np.flatnonzero(sizes > 20)[1:]) * marked
    made = Made.within(whole_sun())
    return Found(made["mask"][part], made["correction"][part]), specks


def test_strong_specks_are_seen(solar):
    found, specks = solar
    numbers = np.unique(specks)[1:]
    assert len(numbers) > 30
    touched = sum_labels(found.mask > 0, specks, numbers)
    assert np.mean(touched > 0) >= 0.95


def test_filaments_and_plages_are_left_alone(solar):
    found, _ = solar
    assert np.mean(found.mask > 0) < 0.15
    pieces, _ = label(found.mask > 0, EIGHT)
    assert np.bincount(pieces.ravel())[1:].max() <= 4000


def test_clean_pixels_are_exactly_one_on_the_sun_too(solar):
    found, _ = solar
    assert (found.correction[found.mask == 0] == 1).all()
    assert found.correction.max() > 1.02  # bright rims are corrected, not cut off


DISCS = {
    "two shadows": (300, 400, 1500, 1400),
    "edges that cross": (900, 1200, 1800, 2000),
    "filaments": (1200, 1000, 2000, 1900),
}
"""Parts of the median of eight displaced discs, (left, top, right, bottom)."""


@pytest.mark.parametrize("part", DISCS)
def test_of_overlapping_discs_only_dust_is_marked(part):
    left, top, *_ = DISCS[part]
    frames = []
    for number in range(1, 9):
        with Image.open(shared("bbso-halpha", f"h619l0{number}.jpg")) as opened:
            frames.append(np.asarray(opened.convert("L").crop(DISCS[part]), np.float32) / 255)
    found = corrected(np.median(frames, axis=0)).mask > 0
    with shared("bbso-halpha", "bbso_candidates.csv").open(newline="") as file:
        dust = [
            (float(row["y_full"]) - top, float(row["x_full"]) - left, float(row["r_px"]))
            for row in csv.DictReader(file)
        ]
    rows, columns = np.indices(found.shape)
    away = np.min([np.hypot(rows - y, columns - x) - 2 * radius for y, x, radius in dust], axis=0)
    assert not found[away > 0].any()
    if part == "two shadows":
        for x, y in ((997, 682), (1362, 728)):
            assert found[y - top - 3 : y - top + 4, x - left - 3 : x - left + 4].all()


def test_shadows_with_a_strong_rim_all_around_go_as_a_whole():
    path = shared("brightfield", "Timelapse_brightfield_median.tiff")
    found = corrected(read_image(path).pixels[0, 450:700, 100:500])
    for x, y in ((131, 116), (249, 118), (212, 225)):
        assert (found.mask[y - 5 : y + 6, x - 5 : x + 6] == 1).all()
        assert found.correction[0, y - 20 : y + 21, x - 20 : x + 21].max() > 1.02
