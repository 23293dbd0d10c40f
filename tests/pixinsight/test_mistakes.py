"""The list of mistakes fits the script and its tests; those that take a moment are tried."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.pixinsight.mistake import Mistake
from tests.pixinsight.mistakes import MISTAKES
from tests.pixinsight.test_script_core import CORE, NODE

HERE = Path(__file__).parent
QUICK = [mistake for mistake in MISTAKES if mistake.test.startswith("test_script_core")]


def test_there_are_enough_of_them_and_no_two_are_one() -> None:
    assert len(MISTAKES) >= 25
    assert len({mistake.what for mistake in MISTAKES}) == len(MISTAKES)
    assert len({(mistake.file, mistake.wrong, mistake.right) for mistake in MISTAKES}) == len(
        MISTAKES
    )


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_it_changes_the_script_and_names_a_test(mistake: Mistake) -> None:
    assert mistake.changed()
    file, name = mistake.test.split("::")
    assert re.search(
        rf"^def {name.split('[')[0]}\(", (HERE / file).read_text("utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("mistake", QUICK, ids=lambda mistake: mistake.what)
def test_it_is_noticed(mistake: Mistake, tmp_path: Path) -> None:
    name = mistake.test.split("[")[1].removesuffix("]")
    script = mistake.put(tmp_path / "pjsr")
    done = subprocess.run(
        [NODE, "--test", CORE / name], env={**os.environ, "SCRIPT_UNDER_TEST": str(script)},
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert re.search(r"^. fail 0$|SyntaxError", done.stdout, re.MULTILINE) is None, done.stdout
