"""report.html: one file that shows a correction, with nothing to load and nothing to install."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from bridge.frame import Frame
from bridge.pipeline import Correction
from bridge.report import words
from bridge.report.document import ReportJson
from bridge.report.drawing import BAR_HEIGHT
from bridge.report.figures import Figures
from bridge.report.pictures import CloseUp, close_ups, comparison, pictures

ROWS: Final = 500
"""Shadows listed at most; report.json holds them all."""

_STATIC: Final = Path(__file__).with_name("static")


def page(frame: Frame, result: Correction, report: ReportJson, *, name: str) -> str:
    """Return report.html for ``result``, the correction of ``frame``.

    The page is self-contained, forbids itself by its Content-Security-Policy to load or send
    anything, and is the same text for the same input.

    Parameters
    ----------
    frame, result
        The flat and its correction, of one shape.
    report
        The content of report.json for them.
    name
        What people call the flat: its file name. Any text; it is escaped.
    """
    figures = Figures.from_json(report["figures"])
    return rendered(
        "report.html",
        name=name,
        headline=_held(words.headline(report["figures"])),
        verdict=_held(words.verdict(report["figures"])),
        input_line=words.input_line(report),
        settings=[(label, _printable(value)) for label, value in words.settings(report)],
        report=report,
        notes=words.notes(report),
        asides=words.asides(report),
        figures=figures,
        rows=figures.shadows[:ROWS],
        comparison=_embedded(asdict(comparison(frame, result, figures))),
        pictures=_embedded(asdict(pictures(frame, result, figures))),
        close_ups=[_close_up_entry(close_up) for close_up in close_ups(frame, result, figures)],
        factor_range=words.factor_range(report["figures"]),
        nothing=not figures.shadows and figures.touched == 0,
        bar_height=BAR_HEIGHT,
        percent=lambda share: _held(words.percent(share)),
    )


def rendered(template: str, *, name: str, **values: object) -> str:
    """Return a self-contained page from a template of this folder; every text is escaped.

    Parameters
    ----------
    template
        The template's file name.
    name
        What people call the page's subject.
    values
        What else the template shows.
    """
    style, script = _text("report.css"), _text("report.js")
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(_text(template))
    return made.render(
        policy=_policy(style, script),
        style=style,
        script=script,
        name=_printable(name),
        **values,
    )


def _close_up_entry(close_up: CloseUp) -> dict[str, object]:
    times = max(1, int(close_up.zoom))
    scale = f"{times}:1" if close_up.zoom >= 1 else f"1:{1 / close_up.zoom:.1f}"
    return {
        "shadow": close_up.shadow,
        "views": [
            ("Flat", _data_uri(close_up.flat)),
            ("Dust factor", _data_uri(close_up.factor)),
            ("Dust-free flat", _data_uri(close_up.clean_flat)),
        ],
        "width": close_up.width * times,
        "height": close_up.height * times,
        "scale": scale,
        "colors": _held(f"\N{PLUS-MINUS SIGN}{100 * close_up.factor_scale:g} %"),
    }


def _policy(style: str, script: str) -> str:
    """Return a policy that lets run and show only what the page itself holds."""
    style_hash, script_hash = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (style, script)
    )
    return (
        "default-src 'none'; img-src data:; "
        f"style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _embedded(pictures: dict[str, object]) -> dict[str, object]:
    """Return the mapping with its pictures as data URIs and its numbers as they are."""
    return {
        key: _data_uri(value) if isinstance(value, bytes) else value
        for key, value in pictures.items()
    }


def _held(text: str) -> str:
    """Return text whose percent signs stay with their numbers."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _data_uri(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _printable(text: str) -> str:
    """Return text that UTF-8 can hold and that cannot reorder or hide what stands beside it."""
    known = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in known)


def _text(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
