from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bridge.report import page
from tests.browser.scenes import document, donuts, nothing

PAPER, NIGHT = (247, 246, 243), (14, 17, 23)

# Drives the page in a frame and leaves what it saw as JSON; the page's own policy stays in force.
PROBE = """<!doctype html><body style="margin:0">
<iframe id="frame" style="width:400px;height:900px;border:0"></iframe><pre id="seen"></pre>
<script>
const frame = document.getElementById("frame");
const sleep = (time) => new Promise((done) => setTimeout(done, time));
frame.onload = async () => {
  const seen = {}, page = frame.contentDocument, body = page.getElementById("table").tBodies[0];
  const column = (index) => [...body.rows].map((row) => Number(row.cells[index].dataset.value));
  const head = (index) => page.querySelectorAll("th")[index];
  const press = (index) => head(index).querySelector("button").click();
  seen.overflow = page.documentElement.scrollWidth - page.documentElement.clientWidth;
  seen.paper = frame.contentWindow.getComputedStyle(page.body).backgroundColor;
  press(3);
  seen.widest_first = column(3);
  press(3);
  seen.narrowest_first = column(3);
  seen.sorts = [1, 3].map((index) => head(index).getAttribute("aria-sort"));

  const stage = page.getElementById("stage"), split = page.getElementById("split");
  const place = () => stage.style.getPropertyValue("--split");
  split.value = "20";
  split.dispatchEvent(new Event("input"));
  seen.dragged = [place(), split.getAttribute("aria-valuetext")];
  split.focus();
  seen.focusable = page.activeElement === split;
  const blink = page.getElementById("blink");
  blink.click();
  seen.blinks = [place()];
  for (let i = 0; i < 3; i++) { await sleep(700); seen.blinks.push(place()); }
  seen.pressed = blink.getAttribute("aria-pressed");
  blink.click();
  await sleep(1500);
  seen.stopped = [place(), blink.getAttribute("aria-pressed")];
  page.getElementById("outline").click();
  seen.outlines = page.querySelector(".outlines").hidden;

  const refused = [];
  page.addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
  const script = page.createElement("script");
  script.textContent = "window.injected = true";
  page.body.append(script);
  const image = page.createElement("img");
  image.src = "other.png";
  page.body.append(image);
  await sleep(200);
  seen.injected = frame.contentWindow.injected === true;
  seen.refused = refused.sort();
  document.getElementById("seen").textContent = JSON.stringify(seen);
};
frame.src = "report.html";
</script>"""


@pytest.fixture
def report_page(tmp_path: Path) -> Path:
    frame, right = donuts()
    path = tmp_path / "report.html"
    path.write_text(page(frame, right, document(frame, right), name="flat.fits"), encoding="utf-8")
    return path


def screenshot(browse, path: Path, *flags: str) -> np.ndarray:
    picture = path.with_suffix(".png")
    browse(path, f"--screenshot={picture}", "--window-size=1280,1400", *flags)
    return np.asarray(Image.open(picture).convert("RGB")).astype(int)


def test_the_page_renders_on_paper_by_day_and_dark_by_night(browse, report_page):
    day = screenshot(browse, report_page)
    night = screenshot(browse, report_page, "--blink-settings=preferredColorScheme=0")
    for seen, ground in ((day, PAPER), (night, NIGHT)):
        assert seen.shape == (1400, 1280, 3)
        assert tuple(seen[700, 5]) == ground
        assert (np.abs(seen - np.array(ground)).max(axis=2) > 30).mean() > 0.1


def test_an_empty_report_renders_without_a_comparison(browse, tmp_path):
    frame, right = nothing()
    path = tmp_path / "empty.html"
    path.write_text(page(frame, right, document(frame, right), name="flat"), encoding="utf-8")
    seen = screenshot(browse, path)
    assert (np.abs(seen - np.array(PAPER)).max(axis=2) > 30).mean() > 0.02


def test_the_script_sorts_the_list_by_depth(browse, report_page):
    shuffled = report_page.read_text(encoding="utf-8")
    rows = re.findall(r"<tr>\n<td.*?</tr>\n", shuffled, re.DOTALL)
    assert len(rows) >= 3
    shuffled = shuffled.replace("".join(rows), "".join(reversed(rows)))
    report_page.write_text(shuffled, encoding="utf-8")
    seen = browse(report_page, "--dump-dom")
    numbers = [int(n) for n in re.findall(r'<tr>\s*<td data-value="(\d+)"', seen)]
    assert numbers == list(range(1, len(rows) + 1))
    assert re.search(r'aria-sort="descending"[^>]*><button type="button">Depth', seen)


def test_everything_on_the_page_can_be_used(browse, report_page):
    probe = report_page.with_name("probe.html")
    probe.write_text(PROBE, encoding="utf-8")
    dom = browse(probe, "--dump-dom", "--virtual-time-budget=20000")
    (text,) = re.findall(r'<pre id="seen">(\{.*?\})</pre>', dom)
    seen = json.loads(text)
    assert seen["overflow"] == 0
    assert seen["paper"] == f"rgb{PAPER}"
    assert seen["widest_first"] == sorted(seen["widest_first"], reverse=True)
    assert seen["narrowest_first"] == sorted(seen["widest_first"])
    assert len(set(seen["widest_first"])) > 1
    assert seen["sorts"] == [None, "ascending"]
    assert seen["dragged"] == ["20%", "20 percent with dust"]
    assert seen["focusable"]
    assert seen["blinks"] == ["100%", "0%", "100%", "0%"]
    assert seen["pressed"] == "true"
    assert seen["stopped"] == ["50%", "false"]
    assert seen["outlines"] is False
    assert seen["injected"] is False
    assert seen["refused"] == ["img-src", "script-src-elem"]
