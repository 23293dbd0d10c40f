"""What the repository holds, and what none of its texts may say."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import bridge
from bridge.web import control

ROOT = Path(__file__).parents[2]
TOP = {"bridge", "pjsr", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
SOURCE = (".py", ".js", ".mjs", ".css", ".html")
LONGEST = 300

FOREIGN = {
    "a machine's path": r"(?<![\w.])/(work|tmp/[a-z]{2}|root|mnt|home/(?!u/)\w{2,})[/]\w",
    "a registry's address": r"(pypi[.]org|pythonhosted[.]|registry[.]npmjs)",
    "a workplace": r"\b(collea[g]ues?|sub-?a[g]ents?|br[i]ef[.]md|design[.]m[d]|style[.]m[d])\b",
    "a conversation": r"(?i)\b(claud[e]|anthropi[c]|chatgp[t]|as an A[I]|langu[a]ge model said)\b",
    "a ticket": r"(?i)\b(iss[u]e|tick[e]t|pull requ[e]st) #\d+",
    "an unfinished thought": r"\b(TOD[O]|FIXM[E]|XX[X])\b",
}
"""Patterns that no text may match; written so that they do not match themselves."""


@pytest.fixture(scope="module")
def tracked():
    if not (ROOT / ".git").exists():
        if os.environ.get("CI"):
            pytest.fail("the tests run outside a git checkout")
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, timeout=30
    ).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts(names):
    for name in names:
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8")


def test_the_top_level_holds_nothing_unexpected(tracked):
    top = {name.split("/")[0] for name in tracked}
    assert {name for name in top - TOP if not name.startswith(".")} == set()
    assert {"bridge", "pjsr", "tests", "pyproject.toml", "LICENSE"} <= top


def test_no_file_is_too_long(tracked):
    lengths = {name: text.count("\n") for name, text in texts(tracked) if name.endswith(SOURCE)}
    assert len(lengths) > 50
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_text_ends_with_a_line_and_has_no_stray_blanks(tracked):
    faults = {
        name
        for name, text in texts(tracked)
        if text and (not text.endswith("\n") or re.search(r"[ \t\r]+$", text, re.MULTILINE))
    }
    assert faults == set()


@pytest.mark.parametrize("what", FOREIGN)
def test_the_texts_speak_of_the_product_alone(tracked, what):
    pattern = re.compile(FOREIGN[what])
    found = {
        f"{name}: {match.group()}"
        for name, text in texts(tracked)
        if (match := pattern.search(text))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a machine's path", 'open("/work' + '/main/x")'),
        ("a machine's path", "/home" + "/anna/flat.fits"),
        ("a registry's address", "https://pypi" + ".org/simple"),
        ("a workplace", "as my colleag" + "ue wrote"),
        ("a conversation", "Clau" + "de wrote this"),
        ("a ticket", "see iss" + "ue #12"),
        ("an unfinished thought", "# TO" + "DO later"),
    ],
)
def test_the_patterns_can_match(what, text):
    assert re.search(FOREIGN[what], text)


def test_versions_agree():
    changes = ROOT / "CHANGELOG.md"
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changes.read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == bridge.__version__
    for script in sorted((ROOT / "pjsr").rglob("*.js")):
        for named in re.findall(r"\bVERSION\s*[=\s]\s*\"([^\"]+)\"", script.read_text("utf-8")):
            assert named == bridge.__version__, script.name


def test_bridge_and_script_speak_the_same_protocol():
    script = (ROOT / "pjsr" / "core" / "protocol.js").read_text("utf-8")
    spoken = re.search(r"^const API_VERSION = (\d+);", script, re.MULTILINE)
    assert spoken is not None
    assert int(spoken.group(1)) == control.API
