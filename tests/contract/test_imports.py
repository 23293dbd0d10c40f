"""Imports run one way: each part of the package knows only what lies below it."""

import ast
from pathlib import Path

import pytest

import bridge

ROOT = Path(bridge.__file__).parent
LAYERS = (
    {"__init__"},  # the version alone
    {"errors", "frame", "settings"},
    {"options", "config", "parallel", "machine"},
    {"io", "numerics"},
    {"engines"},
    {"pipeline", "median", "videos"},
    {"guard"},
    {"targets"},
    {"store", "report"},
    {"jobs"},
    {"web", "logs"},
    {"serve"},
    {"cli"},
    {"__main__"},
)
"""The parts of the package, lowest first; a part knows those below it, never one beside it."""

CONFINED = {
    "flask": {"web"},
    "werkzeug": {"web"},
    "cheroot": {"web"},
    "google": {"engines/gemini"},
    "astropy": {"io"},
    "tifffile": {"io"},
    "xisf": {"io"},
    "zstandard": {"io"},
    "sqlite3": {"store"},
    "argparse": {"cli"},
    "distributed": {"cli/cluster"},
}
"""Packages, and the only places that may import them."""

PURE = ("errors.py", "frame.py", "options.py", "numerics/")
IMPURE = {"os", "io", "pathlib", "logging", "shutil", "subprocess", "socket", "threading", "time"}

RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}
SOURCES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def part_of(name):
    """Return the layer's part that a file such as ``io/fits_in.py`` belongs to."""
    return name.split("/")[0].removesuffix(".py")


def is_within(name, place):
    return name == f"{place}.py" or name.startswith(f"{place}/") or name == place


def imports(tree):
    """Yield the dotted name of everything a module imports, at its top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_parts(name):
    """Return the parts of the package that the file imports; its version is `__init__`."""
    for target in imports(TREES[name]):
        package, _, rest = target.partition(".")
        if package == "bridge":
            head = rest.split(".")[0]
            yield head if head in RANK and head != "__init__" else "__init__"


@pytest.mark.parametrize("name", SOURCES)
def test_every_file_belongs_to_a_layer_and_knows_only_lower_ones(name):
    part = part_of(name)
    assert part in RANK, f"{name} has no place in the order of imports"
    wrong = {other for other in own_parts(name) if other != part and RANK[other] >= RANK[part]}
    assert not wrong, f"{name} must not import {wrong}"


@pytest.mark.parametrize(("package", "places"), CONFINED.items(), ids=CONFINED)
def test_a_package_is_known_in_its_place_alone(package, places):
    users = {
        name
        for name, tree in TREES.items()
        if any(target.split(".")[0] == package for target in imports(tree))
    }
    wrong = {name for name in users if not any(is_within(name, place) for place in places)}
    assert not wrong


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith(PURE)])
def test_arithmetic_touches_nothing_outside(name):
    tops = {target.split(".")[0] for target in imports(TREES[name])}
    assert not tops & IMPURE


@pytest.mark.parametrize("name", [name for name in SOURCES if not name.startswith("cli/")])
def test_only_the_command_line_prints(name):
    calls = [node.func for node in ast.walk(TREES[name]) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    streams = {"sys.stdout", "sys.__stdout__"}
    assert not streams & {
        ast.unparse(node) for node in ast.walk(TREES[name]) if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "config.py"])
def test_only_the_configuration_reads_the_environment(name):
    reads = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
    used = {ast.unparse(n) for n in ast.walk(TREES[name]) if isinstance(n, ast.Attribute)}
    assert not reads & (used | set(imports(TREES[name])))


def test_the_rules_can_fail():
    tree = ast.parse("import flask\ndef f():\n    from bridge.cli import main\n")
    assert set(imports(tree)) == {"flask", "bridge.cli.main"}
    assert RANK["errors"] < RANK["numerics"] < RANK["pipeline"] < RANK["jobs"] < RANK["cli"]
    assert is_within("io/fits_in.py", "io")
    assert is_within("engines/gemini/codec.py", "engines/gemini")
    assert not is_within("iota.py", "io")
