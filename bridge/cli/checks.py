"""What `doctor` looks at; each check gives its findings and never raises."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from bridge import __version__, config
from bridge.cli.install_script import usual_folder
from bridge.errors import BridgeError
from bridge.settings import address


class State(Enum):
    """How much a finding matters: BAD means that flats cannot be corrected."""

    GOOD = 0
    NOTE = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    state: State
    what: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]

_FOR_WORK: Final = {
    "numpy": "numpy",
    "scipy": "scipy",
    "astropy": "astropy",
    "tifffile": "tifffile",
    "PIL": "pillow",
    "jinja2": "jinja2",
}
_FOR_BRIDGE: Final = {"flask": "flask", "cheroot": "cheroot"}
_SCRIPT_FOLDERS: Final = (
    Path("/opt/PixInsight/src/scripts"),
    Path("/Applications/PixInsight/src/scripts"),
    Path("C:/Program Files/PixInsight/src/scripts"),
)


def python() -> Iterator[Finding]:
    """Name the interpreter; an older one than 3.11 does not come this far."""
    found = ".".join(map(str, sys.version_info[:3]))
    yield Finding(State.GOOD, f"FlatBridge {__version__}, Python {found} ({sys.executable})")


def packages() -> Iterator[Finding]:
    """Import every package that is needed."""
    good = []
    for module, package in (_FOR_WORK | _FOR_BRIDGE).items():
        try:
            import_module(module)
            good.append(f"{package} {version(package)}")
        except (ImportError, PackageNotFoundError) as trouble:
            needed = module in _FOR_WORK
            yield Finding(
                State.BAD if needed else State.NOTE,
                f"The package {package} cannot be used: {trouble}",
                f"Install it: {sys.executable} -m pip install {package}"
                + ("" if needed else " (only the bridge for PixInsight needs it)"),
            )
    yield Finding(State.GOOD, f"Packages: {', '.join(good)}")


def state_folder() -> Iterator[Finding]:
    """See whether the settings can be read and the state folder be written."""
    try:
        settings = config.load()
    except BridgeError as trouble:
        yield Finding(State.BAD, trouble.detail, "Correct or remove that setting.")
        return
    try:
        from bridge.store import Store

        with Store(settings.home / "store", settings.store_bytes):
            pass
    except Exception as trouble:
        advice = "Make the folder writable, or set FLATBRIDGE_HOME to one that is."
        yield Finding(State.BAD, f"State folder {settings.home}: {trouble}", advice)
    else:
        yield Finding(State.GOOD, f"State folder: {settings.home}")


def main_job() -> Iterator[Finding]:
    """Correct a small flat with one speck of dust."""
    try:
        import numpy as np

        from bridge.engines.base import Quiet
        from bridge.frame import Frame
        from bridge.options import Options
        from bridge.pipeline import correct

        y, x = np.mgrid[:128, :160]
        rng = np.random.default_rng(0)
        light = 0.5 + 0.001 * rng.standard_normal(x.shape)
        dusty = light * (1 - 0.2 * np.exp(-((x - 80) ** 2 + (y - 60) ** 2) / 50))
        found = correct(Frame(dusty.astype(np.float32)[None]), Options(), Quiet())
        depth = 1 - float(found.correction.min())
    except Exception as trouble:
        what = f"A test flat could not be corrected: {trouble or type(trouble).__name__}"
        yield Finding(State.BAD, what, "Install FlatBridge again.")
    else:
        well = 0.1 < depth < 0.3
        what = f"A test flat with a shadow 20 % deep was corrected by {100 * depth:.0f} %"
        advice = "" if well else "Install FlatBridge again."
        yield Finding(State.GOOD if well else State.BAD, what, advice)


def gemini() -> Iterator[Finding]:
    """Tell whether the paid service can be asked, and where its key comes from."""
    try:
        from bridge.engines.table import ENGINES

        reason = ENGINES["gemini"].unavailable()
        source = config.load().sources["gemini.key"]
    except BridgeError:
        return
    if reason is None:
        yield Finding(State.GOOD, f"Gemini can be asked, for money; its key comes from {source}")
    else:
        yield Finding(
            State.GOOD, "Gemini cannot be asked; the offline engine needs no such thing", reason
        )


def bridge() -> Iterator[Finding]:
    """See whether a bridge runs, or else whether its port is free."""
    try:
        settings = config.load()
    except BridgeError:
        return
    url = _running(settings.home / "server.json")
    if url:
        yield Finding(State.GOOD, f"A bridge is running at {url}")
    elif settings.port and _taken(settings.host, settings.port):
        yield Finding(
            State.NOTE,
            f"No bridge is running, and another program uses port {settings.port}",
            'Choose another port, for example "flatbridge serve --port 0".',
        )
    else:
        yield Finding(
            State.GOOD,
            f"No bridge is running; port {settings.port} is free",
            'Start one: "flatbridge serve".',
        )


def script() -> Iterator[Finding]:
    """Look for the script where PixInsight keeps its own."""
    folders = [*_SCRIPT_FOLDERS]
    with suppress(BridgeError):  # of the configuration, told already
        folders.insert(0, usual_folder())
    for folder in folders:
        if folder.is_dir():
            found = next(folder.rglob("FlatBridge.js"), None)
            if found:
                yield Finding(State.GOOD, f"PixInsight script: {found}")
                return
    yield Finding(
        State.NOTE,
        "The PixInsight script is not installed in one of the usual places",
        'Install it: "flatbridge install-script", which says what to click in PixInsight.',
    )


CHECKS: Final[tuple[Check, ...]] = (
    python,
    packages,
    state_folder,
    main_job,
    gemini,
    bridge,
    script,
)
"""Every check, in the order of printing."""


def _running(server_file: Path) -> str | None:
    """Return the address of the bridge that the file names, if it answers."""
    try:
        url = str(json.loads(server_file.read_text(encoding="utf-8"))["url"])
        address(urlsplit(url).hostname)  # a name could lead anywhere
        if not url.startswith("http://"):
            return None
        with build_opener(ProxyHandler({})).open(f"{url}/v1/health", timeout=3) as answer:
            return url if json.load(answer)["name"] == "flatbridge" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
