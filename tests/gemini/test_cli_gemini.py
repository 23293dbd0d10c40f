"""Gemini from the command line: told before, kept after a kill, and no word of the key anywhere."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bridge.io import fits_bytes
from tests.gemini.mind import Mind
from tests.gemini.service import KEY, Answer, Service

ROOT = Path(__file__).parents[2]


@pytest.fixture
def flat(tmp_path, scene):
    path = tmp_path / "flat.fits"
    path.write_bytes(fits_bytes(scene.flat))
    return path


def command(service, tmp_path, *arguments):
    hidden = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
    variables = {**service.environment(), "FLATBRIDGE_HOME": str(tmp_path / "state")}
    return subprocess.Popen(
        [sys.executable, "-m", "bridge", *map(str, arguments)],
        cwd=ROOT, env={**hidden, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip


def holding_key(folder):
    return [
        path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()
    ]


def test_the_price_is_told_and_the_report_says_what_came_of_it(tmp_path, scene, flat):
    with Service(mind=Mind(scene.transmission, scene.signal[0])) as service:
        process = command(
            service,
            tmp_path,
            "correct",
            flat,
            "-o",
            tmp_path / "out",
            "--engine",
            "gemini",
            "--json",
        )
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "2 calls, at most 0.11 USD (prices of 2026-11-22)" in err
    report = json.loads(out)
    assert report["cost"] == {
        "calls": 2, "answers_kept_before": 0, "cost": 0.11, "currency": "USD",
    }  # fmt: skip
    (call,) = report["engines"]["inpainter"]["calls"]
    assert set(call) == {"model", "cost", "placed", "tone", "error"}
    assert report["engines"]["inpainter"]["holes"].keys() == {"drawn", "offline"}
    assert report["engines"]["detector"]["proposals"].keys() == {"kept", "moved", "dropped"}
    assert holding_key(tmp_path) == []
    assert KEY not in out + err


def test_a_kill_after_an_answer_costs_nothing_again(tmp_path, scene, flat):
    mind = Mind(scene.transmission, scene.signal[0])

    def first_only(request):
        return mind(request) if len(request.pictures) == 1 else Answer(delay=30.0)

    arguments = ("correct", flat, "-o", tmp_path / "out", "--engine", "gemini")
    with Service(mind=first_only) as service:
        process = command(service, tmp_path, *arguments)
        deadline = time.monotonic() + 60
        while len(service.requests) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.kill()
        process.communicate()
        assert len(service.requests) == 2
        # The question names its service: the same one must answer again.
        service.mind = mind
        again = command(service, tmp_path, *arguments)
        _, err = again.communicate(timeout=120)
        assert again.returncode == 0, err
        asked = [len(request.pictures) for request in service.requests]
    assert asked == [1, 2, 2]  # the mask was asked for once, the drawing again: it never came
    assert holding_key(tmp_path) == []


def test_engines_says_why_it_cannot_run(tmp_path):
    hidden = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "bridge", "engines"],
        cwd=ROOT, env={**hidden, "FLATBRIDGE_HOME": str(tmp_path)}, capture_output=True, text=True,
        encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("gemini")]
    assert "no: There is no key" in line
    assert "yes" in line.split("no:")[0]


def test_the_report_page_tells_it_in_words(tmp_path, scene, flat):
    with Service(mind=Mind(scene.transmission, scene.signal[0])) as service:
        process = command(
            service, tmp_path, "correct", flat, "-o", tmp_path / "out", "--detector", "gemini"
        )
        assert process.wait(120) == 0
        process.communicate()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "call 1: stand-in, 0.055 USD" in page
    assert "moved to where the shadow is" in page
