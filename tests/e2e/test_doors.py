"""Real frames through every door: the same mask and factor, bit for bit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from tests.http.support import Live, start
from tests.pixinsight.script.conftest import perform
from tests.real_frames import Made, Pixels, by_command, real, whole

CROPS = {"solar": np.s_[600:950, 1050:1550], "brightfield": np.s_[330:680, 60:560]}
"""Half a megapixel or less with dozens of specks each, for what every door has to do."""


def by_http(live: Live, out: Path, operation: str, **frames: Path) -> Made:
    """Do a job on files that are sent first; keep its planes in ``out``."""
    sent = {name: live.send(path.read_bytes()) for name, path in frames.items()}
    status, job = live.ask("POST", "/v1/jobs", {"operation": operation, **sent})
    assert status == 202, job
    done = live.finish(job["id"], seconds=120)
    assert done["state"] == "succeeded", done
    out.mkdir()
    for name, entry in done["results"].items():
        _, data = live.ask("GET", entry["url"], raw=True)
        (out / f"{name}.fits").write_bytes(data)
    return Made.of({name: out / f"{name}.fits" for name in done["results"]})


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    bridge = start(tmp_path_factory.mktemp("state"), command=("-m", "bridge", "serve", "--port=0"))
    yield bridge
    bridge.kill()


@dataclass(frozen=True)
class Case:
    """A piece of a real frame, as a FITS file, and what the command line makes of it."""

    pixels: Pixels
    path: Path
    made: Made


@pytest.fixture(scope="module", params=CROPS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp(request.param)
    pixels = np.ascontiguousarray(real(request.param)[CROPS[request.param]])
    fits.PrimaryHDU(pixels).writeto(folder / "flat.fits")
    return Case(pixels, folder / "flat.fits", by_command(folder / "flat.fits", folder / "fits"))


def test_these_pieces_are_worth_the_comparison(case: Case) -> None:
    factor = case.made["correction"]
    assert factor.min() < 0.9
    assert factor.max() > 1.02
    assert 0.002 < (factor != 1).mean() < 0.5


def test_by_command_from_tiff(case: Case, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "flat.tiff", case.pixels)
    made = by_command(tmp_path / "flat.tiff", tmp_path / "out")
    for name, plane in case.made.planes.items():
        np.testing.assert_array_equal(made[name], plane, err_msg=name)


def test_by_http(case: Case, live: Live, tmp_path: Path) -> None:
    made = by_http(live, tmp_path / "out", "correct", frame=case.path)
    for name, plane in case.made.planes.items():
        np.testing.assert_array_equal(made[name], plane, err_msg=name)


def test_by_http_in_two_steps(case: Case, live: Live, tmp_path: Path) -> None:
    found = by_http(live, tmp_path / "found", "detect", frame=case.path)
    np.testing.assert_array_equal(found["seed_mask"], case.made["seed_mask"])
    mask = tmp_path / "found" / "mask.fits"
    made = by_http(live, tmp_path / "out", "correct", frame=case.path, mask=mask)
    for name in ("mask", "inpainted", "clean_flat", "correction"):
        np.testing.assert_array_equal(made[name], case.made[name], err_msg=name)


def test_by_script(case: Case, live: Live, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(1, 0.02, case.pixels.shape)
    light = (0.3 * case.made["correction"] * noise).clip(0, 0.99).astype(np.float32)
    told = perform(tmp_path, "run_and_apply", live.home, {"flat": case.pixels, "light": light})
    np.testing.assert_array_equal(told.plane("flat_dustmask")[0], case.made["mask"])
    np.testing.assert_array_equal(told.factor()[0], case.made["correction"])
    np.testing.assert_array_equal(told.plane("flat_dustfree")[0], case.made["clean_flat"])
    expected = (light / case.made["correction"].astype(np.float64)).clip(0, 1)
    np.testing.assert_allclose(told.plane("applied")[0], expected, rtol=2**-23)
    np.testing.assert_array_equal(told.plane("undone")[0], light)


def test_by_script_in_two_steps(case: Case, live: Live, tmp_path: Path) -> None:
    told = perform(tmp_path, "detect_edit_correct", live.home, {"flat": case.pixels})
    np.testing.assert_array_equal(told.plane("mask_found")[0], case.made["mask"])
    np.testing.assert_array_equal(told.factor()[0], case.made["correction"])


@pytest.fixture(params=CROPS)
def whole_frame(
    request: pytest.FixtureRequest, whole_sun: Callable[[], Path], tmp_path: Path
) -> tuple[Pixels, Path]:
    """Return a whole frame, and the folder of what the command makes of it."""
    if request.param == "solar":
        return real("solar"), whole_sun()
    whole(request.param, tmp_path)
    return real(request.param), tmp_path / "out"


def test_a_whole_frame(whole_frame: tuple[Pixels, Path]) -> None:
    pixels, out = whole_frame
    made = Made.within(out)
    clean = made["mask"] == 0
    assert made["correction"].shape == pixels.shape
    assert (made["correction"][clean] == 1).all()
    assert clean.mean() > 0.8
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert len(report["figures"]["shadows"]) >= 40
