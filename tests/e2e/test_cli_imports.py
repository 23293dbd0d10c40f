"""Help and usage errors are instant: they import nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "scipy", "skimage", "astropy", "tifffile", "PIL", "flask", "cheroot", "sqlite3")


@pytest.mark.parametrize("arguments", [["--help"], ["correct", "--help"], ["apply"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\n"
        "from bridge.cli import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "finally:\n"
        f"    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] == "[]"
    assert done.returncode == (2 if arguments == ["apply"] else 0)
