"""The flat from a video or from frames in files; the dust-free flat as a master flat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

from bridge.io import read_image
from tests.pixinsight.script.conftest import Play, by_command
from tests.ser import ser_bytes
from tests.synthetic import Scene, record

CARD = ("name", "value", "comment")


def card(name: str, value: str) -> dict[str, str]:
    return dict(zip(CARD, (name, value, ""), strict=True))


@pytest.fixture(scope="session")
def stack(scene: Scene) -> NDArray[np.uint16]:
    """Return frames of a moving scene, with dust that stands still."""
    rng = np.random.default_rng(11)
    frames = [record(0.4 * scene.transmission, 0.01, rng) for _ in range(9)]
    for number, frame in enumerate(frames):
        frame[20 * number : 20 * number + 12, 30 * number : 30 * number + 12] *= 1.5
    return np.rint(np.clip(frames, 0, 1) * 65535).astype(np.uint16)


@pytest.fixture
def video(tmp_path: Path, stack: NDArray[np.uint16]) -> Path:
    path = tmp_path / "sun 1.ser"
    path.write_bytes(ser_bytes(stack, depth=16))
    return path


def frames_in(folder: Path, pixels: NDArray[Any], **cards: str) -> list[str]:
    paths = [folder / f"frame{number}.fits" for number in range(len(pixels))]
    for path, frame in zip(paths, pixels, strict=True):
        fits.PrimaryHDU(frame, fits.Header(cards)).writeto(path)
    return [str(path) for path in paths]


def full_scale(cards: dict[str, str]) -> float:
    return float(cards["FBFULL"])


def test_a_video_is_the_flat(
    play: Play, bridge: Path, video: Path, stack: NDArray[np.uint16], light: NDArray[np.float32],
    tmp_path: Path,
) -> None:  # fmt: skip
    told = play("sources", bridge, {"light": light}, tries=[[str(video)]], light="light")
    assert told["faults"] == []
    assert told["source"] == "sun_1_median"
    assert told["status"][0] == "Median of 9 frames: this is the flat now."
    median = np.median(stack, axis=0)
    true = told.plane("sun_1_median")[0] * np.float32(full_scale(told["keywords"]["sun_1_median"]))
    np.testing.assert_array_equal(true, median)
    factor = told.factor("sun_1_median_dustfactor")
    expected = by_command((median / 65536).astype(np.float32), tmp_path)
    np.testing.assert_allclose(factor, expected["correction"], atol=2e-6)
    assert factor.min() < 0.97
    cleaned = (light / factor.astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("light"), cleaned, rtol=1.3e-7)


@pytest.mark.parametrize("kind", ["16-bit", "float beyond 1"])
def test_frames_are_the_flat(
    play: Play, bridge: Path, stack: NDArray[np.uint16], tmp_path: Path, kind: str
) -> None:
    pixels = stack if kind == "16-bit" else stack.astype(np.float32)
    files = frames_in(tmp_path, pixels, ROWORDER="TOP-DOWN")
    told = play("sources", bridge, tries=[files], run=False)
    assert told["source"] == "frame0_median"
    true = told.plane("frame0_median")[0] * full_scale(told["keywords"]["frame0_median"])
    np.testing.assert_allclose(true, np.median(pixels, axis=0), rtol=1e-6)


def test_frames_lie_as_pixinsight_shows_them(
    play: Play, bridge: Path, stack: NDArray[np.uint16], tmp_path: Path
) -> None:
    told = play(
        "sources", bridge, tries=[frames_in(tmp_path, stack, ROWORDER="BOTTOM-UP")], run=False
    )
    true = told.plane("frame0_median")[0] * full_scale(told["keywords"]["frame0_median"])
    np.testing.assert_allclose(true, np.median(stack, axis=0)[::-1], rtol=1e-6)


def test_what_makes_no_median_is_told(
    play: Play, bridge: Path, video: Path, stack: NDArray[np.uint16], flat: NDArray[np.float32],
    tmp_path: Path,
) -> None:  # fmt: skip
    frames = frames_in(tmp_path, stack)
    fits.setval(frames[4], "HISTORY", value="StarAlignment.pixelInterpolation")
    other = tmp_path / "other.fits"
    fits.PrimaryHDU(stack[0][:50]).writeto(other)
    broken = tmp_path / "broken.ser"
    broken.write_bytes(video.read_bytes()[:100])
    tries = [[str(video), frames[0]], frames[:2], frames, [*frames[:3], str(other)], [str(broken)]]
    told = play("sources", bridge, {"flat": flat}, tries=tries, run=False)
    assert told["status"][0] == "Choose one video alone, or frames."
    assert "at least 3 frames" in told["status"][1]
    assert "frame4.fits was registered" in told["status"][2]
    assert "one size" in told["status"][3]
    assert "sound SER video" in told["status"][4]
    assert told["ids"] == ["flat"]
    assert told["source"] == "flat"


KEYWORDS = [
    card("IMAGETYP", "'Flat Frame'"), card("FILTER", "'Ha'"), card("NCOMBINE", "20"),
    card("HISTORY", ""),
]  # fmt: skip


def test_the_master_flat_keeps_all_that_the_flat_tells(
    play: Play, bridge: Path, flat: NDArray[np.float32]
) -> None:
    flat16 = np.rint(flat * 65535).astype(np.uint16)
    told = play(
        "sources", bridge, {"flat": flat16}, masters=["", ""],
        more={"flat": {"keywords": KEYWORDS}},
        properties={"flat": {"PCL:CFASourcePattern": "RGGB", "Median": 0.5}},
    )  # fmt: skip
    name = "masterFlat_flat_FB"
    assert f"not saved: save it as {name}.xisf" in told["status"][1]
    assert f"{name}1.xisf" in told["status"][2]
    assert told["histories"][name] == ["Script", "PixelMath"]
    assert told["histories"]["flat"] == []
    assert told["formats"][name] == 16
    expected = {one["name"]: one["value"] for one in KEYWORDS} | {"IMAGETYP": "'Master Flat'"}
    assert told["keywords"][name] == expected
    assert told["keywords"]["flat"]["IMAGETYP"] == "'Flat Frame'"
    assert told["properties"][name] == {"PCL:CFASourcePattern": "RGGB"}
    clean = flat16 / told.factor().astype(np.float64)
    assert np.abs(told.plane(name) - clean.clip(0, 65535)).max() <= 0.51
    np.testing.assert_array_equal(told.plane("flat")[0], flat16)


def test_the_master_flat_of_a_video_is_no_window_of_flatbridge(
    play: Play, bridge: Path, video: Path
) -> None:
    told = play("sources", bridge, tries=[[str(video)]], masters=[""])
    cards = told["keywords"]["masterFlat_sun_1_median_FB"]
    assert cards["IMAGETYP"] == "'Master Flat'"
    assert not {"FBPLANE", "FBJOB", "FBSOURC", "FBFRAME"} & cards.keys()


def test_the_master_flat_is_saved_with_all_it_tells(
    play: Play, bridge: Path, flat: NDArray[np.float32], tmp_path: Path
) -> None:
    flat16 = np.rint(flat * 65535).astype(np.uint16)
    told = play(
        "sources", bridge, {"flat": flat16}, masters=[str(tmp_path / "masterFlat_flat_FB")],
        more={"flat": {"keywords": KEYWORDS}},
        properties={"flat": {"PCL:CFASourcePattern": "RGGB"}},
    )  # fmt: skip
    path = tmp_path / "masterFlat_flat_FB.xisf"
    assert told["status"][1].startswith(f"Your dust-free master flat is saved as {path}.")
    header = path.read_text("latin-1").partition("</xisf>")[0]
    assert 'name="IMAGETYP" value="\'Master Flat\'"' in header
    assert 'name="FILTER" value="\'Ha\'"' in header
    assert '<Property id="PCL:CFASourcePattern" type="String">RGGB<' in header
    frame = read_image(path)
    assert frame.sample_format == "uint16"
    saved = np.rint(frame.pixels[0] * 65535.0)
    np.testing.assert_array_equal(saved, told.plane("masterFlat_flat_FB")[0])
    assert told["filePaths"]["flat"] == ""


def test_the_master_flat_is_never_saved_over_another_file(
    play: Play, bridge: Path, flat: NDArray[np.float32], tmp_path: Path
) -> None:
    path = tmp_path / "masterFlat_flat_FB.xisf"
    path.write_bytes(b"the year's work")
    tries = [str(path), str(path.with_suffix("")), str(tmp_path / "none" / "a.xisf")]
    told = play("sources", bridge, {"flat": flat}, masters=tries)
    assert path.read_bytes() == b"the year's work"
    for status in told["status"][1:3]:
        assert f"not saved: {path} exists already and was left as it is." in status
    assert "could not be written" in told["status"][3]
    assert {"masterFlat_flat_FB", "masterFlat_flat_FB1"} <= set(told["ids"])
