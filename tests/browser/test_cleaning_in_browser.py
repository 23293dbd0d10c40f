"""Images cleaned from the bridge's page: the measurement answers first, and asks in plain words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from tests.browser.tab import Tab
from tests.browser.test_review_in_browser import SHAPE, correct
from tests.synthetic import Scene, donut_flat, record


@pytest.fixture
def scene() -> Scene:
    return donut_flat(3, shape=SHAPE, count=6, radii=(6, 30), depths=(0.03, 0.15))


def written(path: Path, pixels: np.ndarray) -> Path:
    fits.PrimaryHDU(pixels).writeto(path)
    return path


def fill(tab: Tab, paths: list[Path], output: Path) -> None:
    lines = "\\n".join(path.as_posix() for path in paths)
    tab.ask(f"document.querySelector('#paths').value = '{lines}'")
    tab.ask(f"document.querySelector('#output').value = '{output.as_posix()}'")
    tab.click("#clean")


def test_images_are_divided_and_a_stale_flat_is_asked_about(tab, bridge, scene, tmp_path):
    flat = written(tmp_path / "flat.fits", np.rint(scene.flat * 40000).astype(np.uint16))
    job = correct(tab, bridge, flat)
    rng = np.random.default_rng(6)
    lights = [
        written(tmp_path / f"{n}.fits", record(0.2 * scene.transmission, 0.01, rng))
        for n in range(2)
    ]
    out = tmp_path / "out"
    out.mkdir()
    fill(tab, lights, out)
    tab.wait("document.querySelector('#cleaned').textContent.startsWith('2 of 2 divided')")
    assert "matches (k = " in tab.ask("document.querySelector('#cleaned').textContent")
    tab.ask("document.querySelector('#cleaned').scrollIntoView({block: 'end'})")
    tab.picture(tmp_path / "cleaned.png")
    left = fits.getdata(out / "0.fits").astype(float)
    dust = scene.transmission < 0.97
    assert abs(left[dust].mean() / left[~dust].mean() - 1) < 0.01

    stale = written(tmp_path / "stale.fits", record(0.2 / scene.transmission, 0.01, rng))
    fill(tab, [stale], out)
    tab.wait("document.querySelector('#multiply') !== null")
    assert "Has this flat already been divided into them" in tab.ask(
        "document.querySelector('#cleaned').textContent"
    )
    assert not (out / "stale.fits").exists()
    tab.picture(tmp_path / "asked.png")
    tab.click("#multiply")
    tab.wait("document.querySelector('#cleaned').textContent.startsWith('1 of 1 multiplied')")
    left = fits.getdata(out / "stale.fits").astype(float)
    assert abs(left[dust].mean() / left[~dust].mean() - 1) < 0.01
    assert job["results"]["correction"]


def test_what_is_too_faint_to_tell_is_asked_about_in_two_plain_questions(
    tab, bridge, scene, tmp_path
):
    flat = written(tmp_path / "flat.fits", np.rint(scene.flat * 40000).astype(np.uint16))
    correct(tab, bridge, flat)
    rng = np.random.default_rng(6)
    faint = written(tmp_path / "faint.fits", rng.poisson(0.5, SHAPE).astype(np.uint16))
    out = tmp_path / "out"
    out.mkdir()
    fill(tab, [faint], out)
    tab.wait("document.querySelector('#yes') !== null")
    said = tab.ask("[...document.querySelectorAll('#cleaned p')].map((one) => one.textContent)")
    assert said[0] == "faint.fits has too little light, or too little dust, to tell (k unknown)."
    assert said[1:] == [
        "Is the dust still in these images?",
        "Has this flat already been divided into them?",
    ]
    assert list(out.iterdir()) == []
    tab.ask("document.querySelector('#cleaned').scrollIntoView({block: 'end'})")
    tab.picture(tmp_path / "faint.png")
    tab.click("#multiply")
    tab.wait("document.querySelector('#cleaned').textContent.startsWith('1 of 1 multiplied')")
    assert (out / "faint.fits").exists()
    assert tab.troubles == []
