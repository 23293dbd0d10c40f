"""Where the real frames lie, beside the project; none of them is part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"


def shared(*parts: str) -> Path:
    """Return a path below the data folder; without it the test is left out, or fails under CI."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        missing = f"{path.name} is missing in {path.parent}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def odd_files() -> list[Path]:
    """Return the odd FITS files, for parametrising; none where the folder is missing."""
    return sorted((DATA / "odd-fits").glob("*"))
