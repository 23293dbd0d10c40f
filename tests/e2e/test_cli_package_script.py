"""``flatbridge package-script``: what PixInsight's Manage Repositories reads, bit for bit again."""

from __future__ import annotations

import hashlib
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

import bridge
from tests.e2e.cli_support import FlatBridge, tree

SCRIPT = Path(__file__).parents[2] / "pjsr"


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


@pytest.fixture
def site(flatbridge, tmp_path):
    done = flatbridge("package-script", "-o", tmp_path / "site")
    assert (done.code, done.err) == (0, "")
    assert "Manage Repositories" in done.out
    return tmp_path / "site"


def package(site):
    return ElementTree.parse(site / "updates.xri").getroot().find("platform/package")


def entries(site):
    with zipfile.ZipFile(site / package(site).get("fileName")) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_the_index_names_the_archive_and_its_digest(site):
    assert {path.name for path in site.iterdir()} == {"updates.xri", package(site).get("fileName")}
    told = package(site).attrib
    archive = (site / told["fileName"]).read_bytes()
    assert told["sha1"] == hashlib.sha1(archive).hexdigest()
    assert told["type"] == "script"
    assert date.fromisoformat(told["releaseDate"]) == date.fromisoformat(bridge.__released__)
    assert bridge.__version__ in package(site).findtext("title")


def test_the_index_is_as_strict_as_its_reader(site):
    text = (site / "updates.xri").read_bytes()
    assert text.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<xri version="1.0">\n')
    assert b"xmlns" not in text
    root = ElementTree.fromstring(text)
    assert [child.tag for child in root] == ["description", "platform"]
    assert [child.tag for child in package(site)] == ["title", "description"]
    assert root.findtext("description/p")
    assert package(site).findtext("description/p")
    assert root.find("platform").attrib == {
        "os": "all",
        "arch": "noarch",
        "version": "1.9.4:1.9.99",
    }


def test_the_bridges_package_goes_beside_the_script(flatbridge, tmp_path):
    wheel = tmp_path / "flatbridge-9.9-py3-none-any.whl"
    wheel.write_bytes(b"a package")
    out = tmp_path / "site"
    assert flatbridge("package-script", "-o", out, "--package", wheel).code == 0
    assert entries(out)[f"src/scripts/FlatBridge/{wheel.name}"] == b"a package"
    other = wheel.rename(tmp_path / "numpy-9.9-py3-none-any.whl")
    said = flatbridge.refuses("package-script", "-o", tmp_path / "more", "--package", other)
    assert "no package file of FlatBridge" in said
    assert not (tmp_path / "more").exists()


def test_the_range_begins_where_the_script_does(site):
    (needed,) = re.findall(
        r"ensureMinimumVersion\((.*)\)", (SCRIPT / "FlatBridge.js").read_text("utf-8")
    )
    versions = ElementTree.parse(site / "updates.xri").getroot().find("platform").get("version")
    assert versions.split(":")[0] == needed.replace(", ", ".")


def test_every_file_is_where_pixinsight_looks_for_it(site):
    found = entries(site)
    expected = {}
    for path in (path for path in SCRIPT.rglob("*") if path.is_file()):
        inner = path.relative_to(SCRIPT).as_posix()
        kind = "doc" if inner.startswith("doc/") else "src"
        expected[f"{kind}/scripts/FlatBridge/{inner.removeprefix('doc/')}"] = path.read_bytes()
    assert found == expected
    assert "doc/scripts/FlatBridge/FlatBridge.html" in found
    assert "src/scripts/FlatBridge/host/dialog.js" in found


@pytest.mark.parametrize("script", ["FlatBridge.js", "SelfTest.js"])
def test_the_icon_and_all_that_is_included_came_along(site, script):
    found = entries(site)
    text = found[f"src/scripts/FlatBridge/{script}"].decode()
    named = re.findall(r'^#(?:include|feature-icon) "?([\w/.]+)"?$', text, re.MULTILINE)
    assert "FlatBridge.svg" in named
    assert len(named) > 10
    assert {f"src/scripts/FlatBridge/{name}" for name in named} <= set(found)
    assert ElementTree.fromstring(found["src/scripts/FlatBridge/FlatBridge.svg"]).tag.endswith(
        "}svg"
    )


def test_the_same_script_makes_the_same_bytes(flatbridge, site, tmp_path):
    flatbridge("package-script", "-o", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(site)
    with zipfile.ZipFile(site / package(site).get("fileName")) as archive:
        listed = archive.infolist()
    assert {entry.date_time for entry in listed} == {
        (*map(int, bridge.__released__.split("-")), 0, 0, 0)
    }
    assert {entry.create_system for entry in listed} == {3}
    assert [entry.filename for entry in listed] == sorted(entry.filename for entry in listed)


def test_nothing_is_overwritten_unless_asked_for(flatbridge, site):
    assert "--force" in flatbridge.refuses("package-script", "-o", site)
    (site / "updates.xri").write_text("old", encoding="utf-8")
    assert flatbridge("package-script", "-o", site, "--force").code == 0
    assert package(site) is not None
