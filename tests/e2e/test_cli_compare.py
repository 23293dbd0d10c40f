"""``flatbridge compare``: the fate of each shadow."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.e2e.cli_support import FlatBridge, write
from tests.synthetic import Donut, donut_transmission

SHAPE = (260, 340)
STAY = Donut(70, 60, 14, 0.15)
CHANGE = Donut(240, 80, 12, 0.1)
FAR = Donut(110, 190, 10, 0.12)


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def flat(*donuts, seed=0, level=0.5, noise=0.001):
    rng = np.random.default_rng(seed)
    light = np.full(SHAPE, level) * np.linspace(0.9, 1, SHAPE[1])
    for donut in donuts:
        light *= donut_transmission(SHAPE, donut, 1.0, 0.3)
    return np.rint(65535 * light * (1 + noise * rng.standard_normal(SHAPE))).astype(np.uint16)


CASES = {
    "nothing changed": ((STAY, CHANGE), {"same": 2}, "Your flat is still good."),
    "one is gone": ((STAY,), {"same": 1, "gone": 1}, "1 gone shadow: update your flat."),
    "one moved": (
        (STAY, Donut(262, 90, 12, 0.1)), {"same": 1, "moved": 1},
        "1 moved shadow: update your flat.",
    ),
    "one is new": ((STAY, CHANGE, FAR), {"same": 2, "new": 1}, "1 new shadow: update your flat."),
    "one is deeper": (
        (STAY, Donut(240, 80, 12, 0.2)), {"same": 1, "deeper": 1},
        "1 deeper shadow: update your flat.",
    ),
    "one is gone, one is new": (
        (STAY, FAR), {"same": 1, "gone": 1, "new": 1},
        "1 gone shadow, 1 new: update your flat.",
    ),
    "both are gone": ((), {"gone": 2}, "2 gone shadows: update your flat."),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_each_shadow_has_its_fate(flatbridge, tmp_path, kind):
    donuts, fates, words = CASES[kind]
    old = write(tmp_path / "old.fits", flat(STAY, CHANGE))
    now = write(tmp_path / "now.fits", flat(*donuts, seed=1))
    told = json.loads(flatbridge("compare", old, now, "--json").out)
    seen = [shadow["fate"] for shadow in told["shadows"]]
    assert {fate: seen.count(fate) for fate in seen} == fates
    assert told["verdict"] == words
    (stay,) = [s for s in told["shadows"] if abs(s["x"] - 70) < 5 and abs(s["y"] - 60) < 5]
    assert stay["fate"] == ("gone" if not donuts else "same")


def test_frames_are_pooled_and_the_lines_say_it(flatbridge, tmp_path):
    old = write(tmp_path / "old.fits", flat(STAY, CHANGE))
    frames = [
        write(tmp_path / f"{seed}.fits", flat(STAY, seed=seed, level=0.05, noise=0.03))
        for seed in range(4)
    ]
    lines = flatbridge("compare", old, *frames).out.splitlines()
    assert sorted(line.split()[0] for line in lines[:-1]) == ["gone", "same"]
    assert lines[-1] == "1 gone shadow: update your flat."


def test_too_little_light_is_said(flatbridge, tmp_path):
    old = write(tmp_path / "old.fits", flat(STAY, CHANGE))
    rng = np.random.default_rng(0)
    frames = [
        write(tmp_path / f"{seed}.fits", rng.poisson(0.5, SHAPE).astype(np.uint16))
        for seed in (1, 2)
    ]
    assert "too little light" in flatbridge("compare", old, *frames).out


def test_another_size_is_refused(flatbridge, tmp_path):
    old = write(tmp_path / "old.fits", flat(STAY))
    small = write(tmp_path / "small.fits", np.ones((130, 170), np.uint16))
    assert "It was binned 2 x 2." in flatbridge.refuses("compare", old, small)
