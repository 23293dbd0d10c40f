"""Names of files that were typed, also by a pattern where no shell has filled it in."""

from __future__ import annotations

import argparse
from glob import glob
from pathlib import Path

from bridge.errors import FileTrouble


class Inputs(argparse.Action):
    """Takes one path or several; a pattern such as ``light*.fits`` stands for what it matches."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the paths.

        Raises
        ------
        FileTrouble
            If a pattern matches nothing, or several files where there can be one.
        """
        del parser, option_string
        if isinstance(values, Path):
            setattr(namespace, self.dest, _one(values))
        elif isinstance(values, list):
            setattr(namespace, self.dest, [path for name in values for path in matches(name)])


def matches(name: Path) -> list[Path]:
    """Return what a pattern matches, sorted; a name that exists or is no pattern is itself.

    Raises
    ------
    FileTrouble
        If nothing does.
    """
    if not any(letter in str(name) for letter in "*?[") or name.exists():
        return [name]
    found = sorted(map(Path, glob(str(name))))
    if not found:
        raise FileTrouble(f"No file matches {name}.")
    return found


def _one(name: Path) -> Path:
    found = matches(name)
    if len(found) > 1:
        raise FileTrouble(f"{len(found):,} files match {name}; name one of them.")
    return found[0]
