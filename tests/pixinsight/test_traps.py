"""The traps of a real PixInsight, reproduced by the emulator: each test in `traps/*.test.mjs`."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "traps"
FILES = sorted(FOLDER.glob("*.test.mjs"))
TITLE = re.compile(r"^test\(\s*(['\"])(.+?)(?<!\\)\1", re.MULTILINE)
TRAPS = range(1, 54)
NO_EMULATED_PART: dict[int, str] = {}  # trap number: why there is nothing to reproduce it in


@dataclass(frozen=True)
class Outcome:
    """What became of one test: a message if it failed or was left out."""

    failure: str | None
    skipped: str | None


def titles(path: Path) -> list[str]:
    """Titles of the tests in a file, as written at its top level."""
    return [re.sub(r"\\(.)", r"\1", text) for _, text in TITLE.findall(path.read_text("utf-8"))]


@cache
def outcomes(node: Path, path: Path) -> dict[str, Outcome]:
    """Run a file once; its outcomes by title."""
    done = subprocess.run(
        [node, "--test-reporter=junit", path],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    try:
        cases = ET.fromstring(done.stdout).iter("testcase")
    except ET.ParseError:
        pytest.fail(f"{path.name} could not run:\n{done.stdout}\n{done.stderr}")
    return {case.get("name", ""): _outcome(case) for case in cases}


def _outcome(case: ET.Element) -> Outcome:
    failure, skipped = case.find("failure"), case.find("skipped")
    return Outcome(
        None if failure is None else f"{failure.get('message')}\n{failure.text}",
        None if skipped is None else str(skipped.get("message")),
    )


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param(path, title, id=f"{path.name}: {title}")
        for path in FILES
        for title in titles(path)
    ],
)
def test_trap(node: Path, path: Path, title: str) -> None:
    outcome = outcomes(node, path).get(title)
    if outcome is None:
        pytest.fail(f"{path.name} has no outcome for '{title}'")
    if outcome.failure is not None:
        pytest.fail(outcome.failure, pytrace=False)
    if outcome.skipped is not None:
        pytest.skip(outcome.skipped)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_seen_whole(node: Path, path: Path) -> None:
    written = titles(path)
    assert written, "a file without tests"
    assert len(set(written)) == len(written), "two tests share a title"
    assert set(outcomes(node, path)) == set(written)


def test_every_trap_has_a_test() -> None:
    covered = {
        int(number)
        for path in FILES
        for title in titles(path)
        for number in re.findall(r"^trap (\d+)\b", title)
    }
    assert covered | NO_EMULATED_PART.keys() == set(TRAPS)
    assert not covered & NO_EMULATED_PART.keys()
