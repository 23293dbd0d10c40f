"""``flatbridge batch``: every video of a folder to its median, correction and report."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

from bridge import __version__, config
from bridge.cli.arguments import master_bias, option_values
from bridge.cli.cluster import on_cluster
from bridge.cli.correct import Task, correct_one
from bridge.cli.terminal import complain, plural, say
from bridge.engines import table
from bridge.errors import BridgeError, FileTrouble
from bridge.io import check_free, write_file
from bridge.io.ser import is_ser
from bridge.options import Options
from bridge.report import words
from bridge.report.index import Entry, index
from bridge.store import Store


@dataclass(frozen=True, slots=True)
class Item:
    """All that a process needs to do one task, be it on another machine."""

    version: str
    task: Task
    options: Options
    force: bool
    bias: Path | None

    def anywhere(self) -> Item:
        """Return it with whole paths, for processes with another working folder."""
        task = Task(self.task.source.resolve(), self.task.folder.resolve())
        return replace(self, task=task, bias=self.bias.resolve() if self.bias else None)


def run(given: argparse.Namespace) -> int:
    """Correct every video of the folder and those beneath; return 0, or 1 if one failed.

    Raises
    ------
    BridgeError
        For whatever can be known before work starts.
    """
    options = Options.from_mapping(option_values(given))
    table.check_available(options.detector, "detector")
    table.check_available(options.inpainter, "inpainter")
    tasks = _plan(given.folder, given.output)
    _check_apart(given.output, given.folder, tasks)
    done = {} if given.force else {task: _outcome(task) for task in tasks if _is_done(task)}
    left = [task for task in tasks if task not in done]
    if done:
        say(f"{plural(len(done), 'video')} done already.")
    outcomes: dict[Task, str | BridgeError] = {**done}
    for task, outcome in zip(left, _outcomes(left, options, given), strict=True):
        outcomes[task] = outcome
        if isinstance(outcome, BridgeError):
            complain(outcome.detail)
        else:
            say(f"{task.source.name}: {outcome}. {task.folder / 'report.html'}")
        _write_index(given, tasks, outcomes)
    _write_index(given, tasks, outcomes)
    failed = sum(isinstance(outcome, BridgeError) for outcome in outcomes.values())
    if failed:
        complain(words.failures(failed, len(tasks), "video"))
    say(f"Look: {given.output / 'index.html'}")
    return 1 if failed else 0


def _plan(folder: Path, output: Path) -> list[Task]:
    """Return a task for every video, its results in folders laid out as the videos are."""
    if not folder.is_dir():
        raise FileTrouble(f"{folder} is not a folder.")
    videos = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".ser")
    found = [path for path in videos if is_ser(path)]
    if not found:
        raise FileTrouble(f"{folder} holds no SER video.")
    # Whole names: a.ser and a.SER may lie beside each other.
    return [Task(path, output / path.relative_to(folder)) for path in found]


def _check_apart(output: Path, folder: Path, tasks: list[Task]) -> None:
    """Raise `FileTrouble` if results would lie among the videos, or have no room for a folder."""
    of_videos = {folder, *(task.source.parent for task in tasks)}
    if output.exists() and any(output.samefile(path) for path in of_videos):
        raise FileTrouble(f"{output} is where the videos are; choose another folder.")
    pages = [output / "index.html", *(task.folder / "report.html" for task in tasks)]
    check_free(pages, force=True)


def _is_done(task: Task) -> bool:
    """Tell whether an earlier run finished this video; its report is written with all the rest."""
    report = task.folder / "report.json"
    return report.is_file() and report.stat().st_mtime >= task.source.stat().st_mtime


def _outcome(task: Task) -> str:
    try:
        content = json.loads((task.folder / "report.json").read_text(encoding="utf-8"))
        return words.headline(content["figures"])
    except (OSError, ValueError, KeyError):
        return "done earlier"


def _outcomes(
    tasks: list[Task], options: Options, given: argparse.Namespace
) -> Iterator[str | BridgeError]:
    """Yield what came of every task, in their order."""
    bias = master_bias(given)
    work = [Item(__version__, task, options, given.force, bias) for task in tasks]
    if given.scheduler and tasks:
        yield from on_cluster(_one, [item.anywhere() for item in work], given.scheduler)
        return
    if given.jobs < 2 or len(tasks) < 2:
        yield from map(_one, work)
        return
    with ProcessPoolExecutor(min(given.jobs, len(tasks)), get_context("spawn")) as pool:
        yield from pool.map(_one, work)


def _one(item: Item) -> str | BridgeError:
    task = item.task
    if item.version != __version__:
        return BridgeError(f"A worker has FlatBridge {__version__}, not {item.version}.")
    settings = config.load()
    try:
        with Store(settings.home / "store", settings.store_bytes) as store:
            anew = item.force or not _is_done(task)
            content = correct_one(task, item.options, None, store, force=anew, bias=item.bias)
    except BridgeError as trouble:
        detail = trouble.detail
        return trouble if task.source.name in detail else FileTrouble(f"{task.source}: {detail}")
    return words.headline(content["figures"])


def _write_index(
    given: argparse.Namespace, tasks: list[Task], outcomes: dict[Task, str | BridgeError]
) -> None:
    entries = []
    for task in tasks:
        outcome = outcomes.get(task)
        if outcome is None:
            continue
        name = task.source.relative_to(given.folder).as_posix()
        if isinstance(outcome, BridgeError):
            entries.append(Entry(name, None, outcome.detail))
        else:
            entries.append(Entry(name, quote(f"{name}/report.html"), outcome))
    page = index(given.folder.resolve().name, entries)
    write_file(given.output / "index.html", page.encode("utf-8"), force=True)
