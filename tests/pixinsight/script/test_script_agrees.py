"""The script's option table and the bridge's say the same."""

from __future__ import annotations

import json
import subprocess

from bridge.engines.table import ENGINES, Role
from bridge.jobs.watch import STAGES
from bridge.options import OPTIONS, Options
from tests.pixinsight.script.conftest import NODE, ROOT

TABLES = """
import { core, plain } from "./load.mjs";
const run = core();
const tables = run("({ parameters: PARAMETERS, stages: Object.keys(STAGES) })");
console.log(JSON.stringify(plain(tables)));
"""


def tables() -> dict[str, list[dict[str, object]]]:
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", TABLES], check=True, capture_output=True, text=True,
        encoding="utf-8", timeout=30, cwd=ROOT / "tests" / "pixinsight" / "core",
    )  # fmt: skip
    parsed: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return parsed


def test_ranges_choices_and_defaults_are_the_bridges() -> None:
    for parameter in tables()["parameters"]:
        if parameter["key"] in ("detector", "inpainter"):
            continue
        option = OPTIONS[str(parameter["key"])]
        assert parameter["default"] == option.default, option.name
        if parameter["type"] == "choice":
            assert tuple(word for word, _ in parameter["choices"]) == option.words, option.name
        else:
            assert (parameter["min"], parameter["max"]) == (option.low, option.high), option.name
            assert parameter.get("auto", False) == ("auto" in option.words), option.name


def test_the_engines_are_the_bridges() -> None:
    known = {str(parameter["key"]): parameter for parameter in tables()["parameters"]}
    roles: tuple[Role, Role] = ("detector", "inpainter")
    for role in roles:
        words = [word for word, _ in known[role]["choices"]]  # type: ignore[attr-defined]
        assert words == [name for name, entry in ENGINES.items() if role in entry.roles]
        assert known[role]["default"] == getattr(Options(), role)


def test_every_stage_has_words() -> None:
    assert set(STAGES) <= set(tables()["stages"])
