"""The bridge's own page, as a person without PixInsight uses it: opened, painted in, run again."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from tests.browser.scenes import disc
from tests.browser.tab import Tab
from tests.http.support import Live, until
from tests.ser import ser_bytes
from tests.synthetic import donut_flat

DARK = "rgb(13, 17, 23)"
SHAPE = (300, 420)


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    scene = donut_flat(3, shape=SHAPE, count=6, radii=(6, 30), depths=(0.03, 0.15))
    path = tmp_path / "flat.fits"
    fits.PrimaryHDU(np.rint(scene.flat * 40000).astype(np.uint16)).writeto(path)
    return path


def enter(tab: Tab, live: Live, path: str = "/") -> None:
    tab.open(f"{live.found['url']}{path}#token={live.found['token']}")


def pixels(live: Live, url: str) -> np.ndarray:
    status, data = live.ask("GET", url, raw=True)
    assert status == 200
    return fits.getdata(io.BytesIO(data))


def job_of(tab: Tab, live: Live) -> dict:
    return live.ask("GET", f"/v1/jobs/{tab.ask('location.pathname').rpartition('/')[2]}")[1]


def at(tab: Tab, x: float, y: float) -> tuple[float, float]:
    """Return where on the screen a pixel of the flat is; it is scrolled into view."""
    place = "document.querySelector('canvas')"
    tab.ask(f"{place}.scrollIntoView({{block: 'center'}})")
    box = tab.ask(f"(({{left, top, width, height}}) => [left, top, width, height])"
                  f"({place}.getBoundingClientRect())")  # fmt: skip
    return box[0] + (x + 0.5) / SHAPE[1] * box[2], box[1] + (y + 0.5) / SHAPE[0] * box[3]


def stroke(tab: Tab, start: tuple[float, float], end: tuple[float, float]) -> None:
    tab.mouse("mousePressed", *at(tab, *start), 1)
    tab.mouse("mouseMoved", *at(tab, *end), 1)
    tab.mouse("mouseReleased", *at(tab, *end), 0)


def correct(tab: Tab, bridge: Live, flat: Path) -> dict:
    """Correct a flat through the page; return its job."""
    enter(tab, bridge)
    tab.wait("document.querySelector('#open') !== null")
    return correct_here(tab, bridge, flat)


def correct_here(tab: Tab, bridge: Live, flat: Path) -> dict:
    """Choose a flat on the page that is open; return its job once it is done."""
    tab.choose("#open", flat)
    tab.wait("document.querySelector('#everything') !== null")
    return job_of(tab, bridge)


def leave(tab: Tab, job: dict) -> None:
    """Wait until another job than this one is shown, finished."""
    tab.wait(f"!location.pathname.endsWith('{job['id']}')")
    tab.wait("document.querySelector('#everything') !== null")


def test_a_flat_is_opened_reviewed_painted_in_run_again_and_downloaded(tab, bridge, flat, tmp_path):
    first = correct(tab, bridge, flat)
    assert first["state"] == "succeeded"
    assert "token" not in tab.ask("location.href")
    numbers = tab.ask("[...document.querySelectorAll('.marks text')].map((one) => one.textContent)")
    assert numbers == [str(one["id"]) for one in first["figures"]["shadows"]]
    assert len(numbers) >= 3
    images = tab.ask("[...document.images].map((one) => [one.alt, one.naturalWidth])")
    assert all(width > 0 for _, width in images)
    assert {alt for alt, _ in images} >= {"Dust factor", "Dust-free flat", "Reconstruction"}
    tab.picture(tmp_path / "day.png")

    # painted, undone, painted again, one shadow left out
    before = pixels(bridge, first["results"]["mask"]["url"])
    undo = "document.querySelector('#undo')"
    assert tab.ask(f"{undo}.disabled")
    stroke(tab, (20, 20), (60, 20))
    tab.wait(f"!{undo}.disabled")
    tab.press("z", modifiers=2)
    tab.wait(f"{undo}.disabled")
    stroke(tab, (200, 280), (260, 280))
    tab.wait(f"!{undo}.disabled")
    shadow = first["figures"]["shadows"][0]
    tab.click(f"[aria-label='Leave out shadow {shadow['id']}']")
    tab.wait("document.querySelector('[role=status]').textContent.startsWith('2 changes')")
    tab.picture(tmp_path / "painted.png")
    tab.click("#again")
    tab.wait(
        f"location.pathname.startsWith('/jobs/') && !location.pathname.endsWith('{first['id']}')"
    )
    tab.wait("document.querySelector('#everything') !== null")
    second = job_of(tab, bridge)
    assert second["mask"]
    after = pixels(bridge, second["results"]["mask"]["url"])
    assert (after[280, 200:261] == 1).all()
    assert after[20, 20] == before[20, 20]
    assert after[round(shadow["y"]), round(shadow["x"])] == 0
    factor = pixels(bridge, second["results"]["correction"]["url"])
    assert np.ptp(factor[after == 0]) == 0

    # compared with the first
    tab.ask(
        f"(() => {{ const one = document.querySelector('#compare'); one.value = '{first['id']}';"
        "one.dispatchEvent(new Event('change')); })()"
    )
    tab.wait("document.querySelectorAll('.pairs figure').length >= 8")
    assert "Greatest factor" in tab.ask("document.body.innerText")
    tab.night()
    assert tab.ask("getComputedStyle(document.body).backgroundColor") == DARK
    tab.picture(tmp_path / "night.png")

    # everything in one file
    folder = tmp_path / "downloads"
    folder.mkdir()
    tab.downloads_to(folder)
    tab.click("#everything")
    archive = folder / f"flatbridge-{second['id']}.zip"
    until(archive.exists, bool, seconds=60)
    with zipfile.ZipFile(archive) as held:
        assert held.testzip() is None
        planes = {f"{name}.fits" for name in second["results"]}
        assert set(held.namelist()) == {"job.json", "report.html", *planes}
        report = held.read("report.html")
        for name, entry in second["results"].items():
            assert held.read(f"{name}.fits") == bridge.ask("GET", entry["url"], raw=True)[1]
        assert json.loads(held.read("job.json"))["id"] == second["id"]
    assert report.startswith(b"<!doctype html>")
    tab.click("#report")
    alone = folder / "report.html"
    until(alone.exists, bool, seconds=60)
    assert alone.read_bytes() == report
    assert tab.troubles == []
    assert bridge.found["token"] not in bridge.log()


def test_all_of_it_works_by_keyboard(tab, bridge, flat):
    first = correct(tab, bridge, flat)
    before = pixels(bridge, first["results"]["mask"]["url"])
    tab.ask("document.querySelector('canvas').focus()")
    tab.press("e")
    assert tab.ask("document.querySelector('#mode-erase').checked")
    tab.press("a")
    tab.press("]")
    radius = int(tab.ask("document.querySelector('#size').value"))
    for _ in range(3):
        tab.press("ArrowRight", modifiers=8)
    tab.press("Enter")
    ring = "document.querySelector('.brush')"
    x, y = (float(tab.ask(f"{ring}.getAttribute('{name}')")) - 0.5 for name in ("cx", "cy"))
    tab.wait("!document.querySelector('#undo').disabled")
    tab.ask("document.querySelector('#again').focus()")
    tab.press("Enter")
    tab.wait(
        f"location.pathname.startsWith('/jobs/') && !location.pathname.endsWith('{first['id']}')"
    )
    tab.wait("document.querySelector('#everything') !== null")
    after = pixels(bridge, job_of(tab, bridge)["results"]["mask"]["url"])
    inside = disc(SHAPE, x, y, radius)
    assert (after[inside] == 1).all()
    np.testing.assert_array_equal(after[~inside], before[~inside])
    tab.click("a[href='/']")
    tab.wait("document.querySelectorAll('.jobs li').length === 2")
    tab.ask("document.querySelector('.jobs a').focus()")
    tab.press("Enter")
    tab.wait("document.querySelector('#everything') !== null")
    assert tab.troubles == []


def test_a_master_bias_is_subtracted_first(tab, bridge, flat, tmp_path):
    bias = tmp_path / "bias.fits"
    fits.PrimaryHDU(np.full(SHAPE, 500, np.uint16)).writeto(bias)
    enter(tab, bridge)
    tab.wait("document.querySelector('#bias') !== null")
    tab.picture(tmp_path / "open.png")
    tab.choose("#bias", bias)
    job = correct_here(tab, bridge, flat)
    held = bridge.ask("GET", f"/v1/frames/{job['options']['bias']}.fits", raw=True)[1]
    assert held == bias.read_bytes()
    assert "The master bias was subtracted from the flat." in tab.ask("document.body.innerText")
    assert tab.troubles == []


def test_a_video_becomes_a_flat_and_is_corrected(tab, bridge, tmp_path):
    scene = donut_flat(3, shape=SHAPE, count=6, radii=(6, 30), depths=(0.03, 0.15))
    noise = np.random.default_rng(1).normal(0, 200, (8, *SHAPE))
    path = tmp_path / "sun.ser"
    path.write_bytes(ser_bytes(np.rint(scene.flat * 40000 + noise).astype(np.uint16), depth=16))
    enter(tab, bridge)
    tab.wait("document.querySelector('#path') !== null")
    tab.ask("document.querySelector('#path').focus()")
    tab.tell("Input.insertText", text="missing.ser")
    tab.press("Enter")
    tab.wait("document.querySelector('[role=alert]').textContent.includes('whole path')")
    tab.troubles.clear()  # the browser tells of the refusal as well
    tab.ask("document.querySelector('#path').select()")
    tab.tell("Input.insertText", text=str(path))
    tab.press("Enter")
    tab.click("#further")
    tab.wait("document.querySelectorAll('.marks text').length >= 3")
    assert job_of(tab, bridge)["operation"] == "correct"
    tab.picture(tmp_path / "video.png")
    assert tab.troubles == []


def test_without_the_link_nothing_is_shown(tab, bridge):
    tab.open(bridge.found["url"])
    assert "needs its link" in tab.wait("document.querySelector('main').innerText")
    tab.open(f"{bridge.found['url']}/#token=wrong")
    tab.wait("location.hash === '' && document.querySelector('main').innerText.includes('link')")
    enter(tab, bridge)  # the right link in the same tab
    tab.wait("document.querySelector('#open') !== null")
    assert "token" not in tab.ask("location.href")
