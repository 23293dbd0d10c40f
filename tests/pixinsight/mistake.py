"""A plausible mistake in the script, and the test that must notice it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).parents[2] / "pjsr"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text of one file of the script that somebody changes.

    Parameters
    ----------
    what
        In words.
    file
        Below the script's folder.
    right, wrong
        The text, which stands there once, and what it becomes.
    test
        What must fail: a test below this folder, as pytest names it.
    """

    what: str
    file: str
    right: str
    wrong: str
    test: str

    def changed(self) -> str:
        """Return the file's text with the mistake.

        Raises
        ------
        ValueError
            If the text does not stand there exactly once.
        """
        text = (SCRIPT / self.file).read_text("utf-8")
        if text.count(self.right) != 1:
            raise ValueError(f"{self.file} holds {text.count(self.right)} times: {self.right}")
        return text.replace(self.right, self.wrong)

    def put(self, folder: Path) -> Path:
        """Make a copy of the script with the mistake; return its folder."""
        shutil.copytree(SCRIPT, folder)
        (folder / self.file).write_text(self.changed(), encoding="utf-8")
        return folder
