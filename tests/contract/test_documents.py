"""What the documents say holds in the code, and the other way round."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import bridge
from bridge.errors import BridgeError
from bridge.options import OPTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def error_classes(kind: type[BridgeError] = BridgeError) -> set[type[BridgeError]]:
    return {kind}.union(*(error_classes(child) for child in kind.__subclasses__()))


def documented_slugs() -> set[str]:
    table = README.split("## Troubleshooting")[1].split("\n## ")[0]
    names = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return {slug for cell in names for slug in re.findall(r"`([a-z-]+)`", cell)}


def test_troubleshooting_names_every_problem_and_no_other() -> None:
    for module in pkgutil.walk_packages(bridge.__path__, "bridge."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    slugs = {error.slug for error in error_classes() if error.__module__.startswith("bridge.")}
    assert documented_slugs() == slugs


def test_the_second_command_is_the_one_that_is_checked() -> None:
    commands = re.findall(r"^    (python3 -m venv .*)$", README, flags=re.MULTILINE)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_pictures_and_files_that_the_readme_names_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_options_of_the_readme_exist() -> None:
    from bridge.cli import arguments

    known = Path(arguments.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(known.glob("*.py")))
    known_options = {f"--{name}" for name in OPTIONS}
    named = set(re.findall(r"`(?:[^`]* )?(--[a-z][a-z-]*)", README)) - {"--help"}
    named -= known_options
    assert named
    assert {flag for flag in named if f'"{flag}"' not in text} == set()
