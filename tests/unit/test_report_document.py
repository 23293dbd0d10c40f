from __future__ import annotations

import json

import numpy as np

from bridge.frame import Frame, Notice
from bridge.options import Options
from bridge.report import figures, report
from tests.browser.scenes import corrected, disc, document, donuts


def test_report_json_has_exactly_the_agreed_members():
    frame, right = donuts()
    content = json.loads(json.dumps(document(frame, right), allow_nan=False))
    assert set(content) == {"version", "input", "engines", "options", "figures", "warnings"}
    assert content["input"] == {
        "sha256": frame.digest,
        "width": 420,
        "height": 300,
        "channels": 1,
        "sample_format": "uint16",
        "full_scale": 65535.0,
    }
    assert set(content["figures"]) == {
        "shadows", "touched", "factor_min", "factor_max", "residual", "noise",
    }  # fmt: skip
    assert set(content["figures"]["shadows"][0]) == {
        "id", "x", "y", "diameter", "depth", "uncertainty", "corrected",
    }  # fmt: skip
    assert content["options"] == Options().to_json()


def test_report_json_says_each_warning_once_and_what_was_paid():
    notice = Notice("clipped", "Some pixels are clipped.", 7)
    flat, where = np.full((1, 60, 80), 0.5, np.float32), disc((60, 80), 40, 30, 8)
    frame, right = corrected(flat, np.ones_like(flat), where, notice)
    warned = Frame(frame.pixels, "uint16", 65535.0, (notice,))
    content = report(
        warned,
        right,
        sha256="0" * 64,
        options=Options(),
        engines={"detector": "gemini"},
        cost={"calls": 2, "cost": 0.27, "currency": "USD"},
    )
    assert content["warnings"] == [
        {"code": "clipped", "message": "Some pixels are clipped.", "count": 7}
    ]
    assert content["cost"]["calls"] == 2


def test_figures_measured_before_are_taken_over():
    frame, right = donuts()
    known = figures(frame, right).to_json()
    known["noise"] = 0.125
    content = report(frame, right, sha256="", options=Options(), engines={}, known=known)
    assert content["figures"]["noise"] == 0.125
