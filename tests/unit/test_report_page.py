from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from bridge.frame import Frame, Notice
from bridge.report import headline, page
from bridge.report.words import percent, settings, verdict
from tests.browser.scenes import disc, document, donuts, nothing, result

VOID = {"meta", "img", "input", "link", "br", "hr"}


class Reader(HTMLParser):
    """Takes a page apart: every start tag with its attributes, and the text people read."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(html)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    def found(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def shown(frame, right, name="flat.fits"):
    return page(frame, right, document(frame, right), name=name)


@pytest.fixture(scope="module")
def html():
    return shown(*donuts(channels=3))


def test_every_tag_is_closed_and_every_id_is_there_once(html):
    reader = Reader(html)
    assert reader.open == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [a["aria-labelledby"] for _, a in reader.tags if "aria-labelledby" in a]
    assert set(named) <= set(ids)


def test_nothing_is_loaded_from_anywhere(html):
    reader = Reader(html)
    sources = [a[key] for _, a in reader.tags for key in ("src", "href") if key in a]
    assert sources
    assert all(source.startswith(("data:image/", "#")) for source in sources)
    assert not re.search(r"url\(|@import|https?:|//[a-z]", re.sub(r"base64,[^\"]*", "", html))


def test_the_policy_lets_only_the_pages_own_script_and_style_run(html):
    policy = next(
        a["content"]
        for a in Reader(html).found("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    attributes = {key for _, a in Reader(html).tags for key in a}
    assert "style" not in attributes
    assert not any(key.startswith("on") for key in attributes)


def test_pictures_have_alternative_texts_sizes_and_controls_have_names(html):
    reader = Reader(html)
    assert len(reader.found("img")) >= 8
    for image in reader.found("img"):
        assert image["alt"]
        assert int(image["width"]) > 0
        assert int(image["height"]) > 0
    (slider,) = reader.found("input")
    assert slider["aria-label"]
    assert reader.found("html")[0]["lang"] == "en"


def test_people_read_plain_words(html):
    text = Reader(html).text.lower()
    for word in ("dust mask", "dust factor", "dust-free flat"):
        assert word in text
    for word in ("seed mask", "matched", "engine", "inpaint", "detector", "blob", "donut"):
        assert word not in text


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>.fits",
        '"><img src=x onerror=alert(1)>.fits',
        "a&b 'c'.fits",
        "{{ 7 * 7 }}.fits",
    ],
)
def test_a_file_name_is_text_and_nothing_else(name):
    frame, right = nothing()
    html = shown(frame, right, name)
    plain = Reader(shown(frame, right, "plain"))
    reader = Reader(html)
    assert name in reader.text
    assert [tag for tag, _ in reader.tags] == [tag for tag, _ in plain.tags]


def test_a_file_name_that_is_no_text_can_still_be_written():
    html = shown(*nothing(), name="m\udcff\u202egpj.\x00fits")
    html.encode("utf-8")
    assert "\u202e" not in html
    assert "\x00" not in html


def test_warnings_are_shown_as_sentences_and_escaped():
    frame, right = donuts()
    warned = Frame(frame.pixels, "uint16", 65535.0, (Notice("x", "Clipped at <1> & up.", 3),))
    text = Reader(shown(warned, right)).text
    assert "Clipped at <1> & up." in text
    assert "The flat may still hold a pedestal." in text
    assert "Please note" not in Reader(shown(*nothing())).text


def test_the_page_says_what_was_found_and_lists_it(html):
    frame, right = donuts(channels=3)
    content = document(frame, right)
    text = Reader(html).text.replace("\N{NO-BREAK SPACE}", " ")
    assert headline(content["figures"]) in text
    assert html.count("<tr>") == len(content["figures"]["shadows"]) + 1
    assert f"{content['figures']['shadows'][0]['diameter']:.1f}" in text
    assert content["input"]["sha256"] in text


def test_without_dust_there_is_nothing_to_compare():
    html = shown(*nothing())
    reader = Reader(html)
    assert "No dust found: nothing was changed" in reader.text
    assert not reader.found("input")
    assert not reader.found("table")
    assert len(reader.found("img")) == 2


def test_the_same_input_gives_the_same_page():
    assert shown(*donuts()) == shown(*donuts())


def test_a_page_stays_small_however_large_the_frame_and_however_many_the_shadows():
    rng = np.random.default_rng(0)
    flat = (0.5 + 0.01 * rng.standard_normal((3, 720, 2400))).astype(np.float32)
    mask = np.zeros((720, 2400), np.float32)
    mask[::30, ::30] = mask[1::30, ::30] = 1
    factor = np.where(mask > 0, 0.9, 1).astype(np.float32)[None].repeat(3, axis=0)
    frame = Frame(flat)
    right = result(mask, flat / factor, factor, flat / factor)
    content = document(frame, right)
    assert len(content["figures"]["shadows"]) == 1920
    html = page(frame, right, content, name="big")
    assert html.count("<tr>") == 501
    assert "report.json lists all 1,920" in Reader(html).text
    assert len(html) < 5_000_000


def figures_with(*depths, touched=0.1, corrected=True):
    shadows = [
        {
            "id": number, "x": 1.0, "y": 1.0, "diameter": 9.0, "depth": depth,
            "uncertainty": 0.001, "corrected": corrected,
        }
        for number, depth in enumerate(depths, start=1)
    ]  # fmt: skip
    return {
        "shadows": shadows, "touched": touched, "factor_min": 0.9, "factor_max": 1.0,
        "residual": 0.0003, "noise": 0.004,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (figures_with(touched=0), "No dust found: nothing was changed"),
        (
            figures_with(0.05, touched=0, corrected=False),
            "1 possible shadow left alone: nothing was changed",
        ),
        (figures_with(touched=0.001), "No shadow stands out, 0.10 % of the picture touched"),
        (
            figures_with(0.123, 0.01, touched=0.041),
            "2 shadows found, deepest 12.3 %, 4.1 % of the picture touched",
        ),
        (
            figures_with(-0.001, touched=0.041),
            "1 shadow found, none darker than its surroundings, 4.1 % of the picture touched",
        ),
    ],
)
def test_the_headline_says_what_happened(found, sentence):
    assert headline(found) == sentence


def test_the_verdict_counts_what_was_left_alone():
    assert "uncertainty" not in verdict(figures_with(0.05, 0.02))
    assert "2 possible shadows were left alone" in verdict(
        figures_with(0.05, 0.02, corrected=False)
    )
    assert "1 possible shadow was left alone" in verdict(figures_with(0.05, corrected=False))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"), (0.123, "12.3 %"), (0.0123, "1.2 %"), (0.00123, "0.12 %"),
        (0.000123, "0.012 %"), (1e-7, "under 0.001 %"), (1, "100.0 %"), (-0.02, "-2.0 %"),
    ],
)  # fmt: skip
def test_percentages_carry_the_digits_worth_reading(share, text):
    assert percent(share) == text


def test_what_is_so_by_the_nature_of_a_file_is_no_warning():
    frame, right = nothing()
    right = replace(right, warnings=(Notice("tiff-clipped", "It ends at 1.", 7),))
    text = Reader(shown(frame, right)).text
    assert "Please note" not in text
    assert "It ends at 1." in text


def test_settings_are_told_in_words():
    frame, right = nothing()
    content = document(frame, right)
    content["engines"] = {"detector": {"name": "gemini", "model": "m-1"}, "inpainter": "local"}
    content["cost"] = {"calls": 1, "cost": 0.134, "currency": "USD"}
    lines = dict(settings(content))
    assert lines["Dust found by"] == "name gemini, model m-1"
    assert lines["Level under the dust by"] == "local"
    assert lines["Mask grown by"] == "automatic"
    assert lines["Detection threshold"] == f"{content['options']['threshold']:g} times the noise"
    assert lines["Cost"] == "calls 1, cost 0.134, currency USD"


def test_a_spot_at_the_border_has_a_close_up():
    flat = np.full((1, 100, 140), 0.5, np.float32)
    where = disc((100, 140), 0, 99, 9)
    factor = np.where(where, 0.9, 1)[None]
    frame = Frame((flat * factor).astype(np.float32))
    html = shown(frame, result(where.astype(np.float32), flat, factor, flat))
    assert "Deepest shadows, close up" in Reader(html).text
