"""``flatbridge package-script``: an update repository from which PixInsight installs the script.

The format is PixInsight's XML Repository Information, version 1.0. It is read strictly: no XML
namespace, a version range with both ends, a lower-case digest.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from bridge import __released__, __version__
from bridge.cli.install_script import script_source
from bridge.cli.terminal import say
from bridge.errors import FileTrouble
from bridge.io import write_files
from bridge.io.source import read_bytes

INDEX: Final = "updates.xri"
PLACES: Final = {"": "src/scripts/FlatBridge", "doc": "doc/scripts/FlatBridge"}
"""Where PixInsight's folder holds a folder of the script; all others go with the first."""

_VERSIONS: Final = "1.9.4:1.9.99"  # older ones refuse `#engine v8`
_ABOUT: Final = (
    "Finds the dust in a flat, works out by which factor it darkens each pixel, and divides "
    "images by it.",
    "Needs the bridge, a local program: see the script's documentation.",
)


def run(given: argparse.Namespace) -> int:
    """Write the repository; return 0.

    Raises
    ------
    BridgeError
    """
    files = script_files(script_source())
    if given.package is not None:
        files[f"{PLACES['']}/{_wheel_name(given.package)}"] = read_bytes(given.package)
    archive = zipped(files)
    name = archive_name()
    index = repository_index(name, hashlib.sha1(archive, usedforsecurity=False).hexdigest())
    write_files(given.output, [(name, archive), (INDEX, index)], force=given.force)
    say(
        f"The repository is in {given.output}: put its two files on an HTTPS server, in one folder."
    )
    say("In PixInsight: Resources > Updates > Manage Repositories > Add, the folder's address;")
    say("then Resources > Updates > Check for Updates.")
    return 0


def _wheel_name(path: Path) -> str:
    """Return a package file's name; raise `FileTrouble` where the script would not know it."""
    if not path.match("flatbridge-*.whl"):
        raise FileTrouble(f"{path.name} is no package file of FlatBridge: flatbridge-...-any.whl.")
    return path.name


def archive_name() -> str:
    """Return the archive's name, another one for each release."""
    return f"FlatBridge-{__version__}-{_date()}.zip"


def script_files(source: Path) -> dict[str, bytes]:
    """Return what is in the folder ``source``, by the path below PixInsight's own folder."""
    files = {}
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.is_file() and not any(part.startswith((".", "__")) for part in parts):
            folder = parts[0] if parts[0] in PLACES else ""
            inner = parts[1:] if folder else parts
            files["/".join((PLACES[folder], *inner))] = path.read_bytes()
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive, the same bytes for the same files on every platform."""
    date = __released__.split("-")
    stamp = (int(date[0]), int(date[1]), int(date[2]), 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: a compressor's bytes vary
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, stamp)
            entry.create_system = 3  # Unix, wherever it is made: its permissions count
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def repository_index(archive: str, sha1: str) -> bytes:
    """Return the XML by which PixInsight finds ``archive`` and checks it."""
    xri = ElementTree.Element("xri", version="1.0")
    _described(xri, "FlatBridge: dust removed from flats and images.")
    platform = ElementTree.SubElement(xri, "platform", os="all", arch="noarch", version=_VERSIONS)
    package = ElementTree.SubElement(
        platform, "package",
        fileName=archive, sha1=sha1, type="script", releaseDate=_date(),
    )  # fmt: skip
    ElementTree.SubElement(package, "title").text = f"FlatBridge {__version__}"
    _described(package, *_ABOUT)
    ElementTree.indent(xri, "   ")
    text = ElementTree.tostring(xri, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _described(parent: ElementTree.Element, *paragraphs: str) -> None:
    description = ElementTree.SubElement(parent, "description")
    for paragraph in paragraphs:
        ElementTree.SubElement(description, "p").text = paragraph


def _date() -> str:
    return __released__.replace("-", "")
