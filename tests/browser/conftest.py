"""A headless Chromium to look at pages with; its tests are left out loudly where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.tab import Tab, opened
from tests.http.support import Live, start

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--allow-file-access-from-files",
    "--hide-scrollbars",
)
MISSING = "no Chromium here, so the pages were not looked at (install chromium, or put it in PATH)"

Browse = Callable[..., str]


@pytest.fixture(scope="session")
def chromium() -> str:
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [path for path in APPLICATIONS if Path(path).exists()]
    if found:
        return found[0]
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Iterator[Browse]:
    """Open a page with further flags and a new profile; return what Chromium printed."""
    runs = 0

    def run(page: Path, *flags: str) -> str:
        nonlocal runs
        runs += 1
        home = tmp_path / f"home{runs}"
        home.mkdir()
        places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        done = subprocess.run(
            [chromium, *FLAGS, f"--user-data-dir={home / 'profile'}", *flags, page.as_uri()],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            check=False,
            env={**os.environ, **places},
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    yield run
    for number in range(1, runs + 1):
        shutil.rmtree(tmp_path / f"home{number}", ignore_errors=True)


@pytest.fixture
def tab(chromium: str, tmp_path: Path) -> Iterator[Tab]:
    """A page that can be driven: clicked, typed into, asked."""
    if os.name != "posix":
        pytest.skip("elsewhere a browser is not driven through pipes")
    with opened(chromium, FLAGS, tmp_path / "home") as tab:
        yield tab


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if MISSING in str(r.longrepr)]
    if left_out:
        terminalreporter.write_line(f"LEFT OUT {len(left_out)} browser tests: {MISSING}", red=True)


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Live]:
    """Give a bridge with the page, on an empty state folder."""
    live = start(tmp_path / "state", command=("-m", "bridge", "serve", "--port=0"))
    yield live
    live.kill()
