"""``flatbridge correct``: flats in, corrections and reports out."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from bridge import config
from bridge.cli.arguments import master_bias, option_values
from bridge.cli.median import read_median
from bridge.cli.outputs import MEDIAN, check_folder, report_text, work, write_outputs
from bridge.cli.summary import print_summary
from bridge.cli.terminal import Bar, complain, say
from bridge.engines import table
from bridge.errors import BridgeError, FileTrouble
from bridge.frame import Frame, Notice
from bridge.io import check_mask, read_image
from bridge.io.cards import Value
from bridge.io.ser import is_ser
from bridge.io.setups import setup_of
from bridge.io.source import read_bytes
from bridge.numerics.bias import without_master
from bridge.options import Options
from bridge.report import words
from bridge.report.document import ReportJson
from bridge.store import Store
from bridge.store.errors import DamagedStore, NoRoom


@dataclass(frozen=True, slots=True)
class Task:
    """One flat, and the folder for what comes of it."""

    source: Path
    folder: Path


def run(given: argparse.Namespace) -> int:
    """Correct every input; return 0, or 1 if one failed.

    Raises
    ------
    BridgeError
        For whatever can be known before work starts.
    """
    options = Options.from_mapping(option_values(given))
    if given.mask is None:
        table.check_available(options.detector, "detector")
    table.check_available(options.inpainter, "inpainter")
    tasks = _plan(given.inputs, given.output)
    bias = master_bias(given)
    if bias and not bias.is_file():
        raise FileTrouble(f"{bias} does not exist.")
    inputs = [*given.inputs, *(path for path in (given.mask, bias) if path)]
    for task in tasks:
        also = [MEDIAN] if is_ser(task.source) else []
        check_folder(task.folder, force=given.force, inputs=inputs, also=also)
    mask = read_image(given.mask) if given.mask else None
    if mask:
        check_mask(given.mask.name, mask.channels, mask.sample_format, mask.full_scale)
    failed = 0
    settings = config.load()
    with Store(settings.home / "store", settings.store_bytes) as store:
        for task in tasks:
            try:
                content = correct_one(
                    task, options, mask, store, force=given.force, hdu=given.hdu, bias=bias
                )
            except BridgeError as trouble:
                complain(_naming(task.source, trouble))
                failed += 1
                continue
            if given.json:
                say(_printed(content, alone=len(tasks) == 1))
            else:
                print_summary(task.source.name, content, task.folder)
    if failed and len(tasks) > 1:
        complain(words.failures(failed, len(tasks), "input"))
    return 1 if failed else 0


def _plan(inputs: list[Path], output: Path) -> list[Task]:
    """Return the tasks; refuse inputs that are missing or would share a folder."""
    stems: dict[str, Path] = {}
    for source in inputs:
        if not source.exists():
            raise FileTrouble(f"{source} does not exist.")
        other = stems.setdefault(source.stem.casefold(), source)
        if other is not source:
            raise FileTrouble(f"{other} and {source} have the same base name; correct them apart.")
    if len(inputs) == 1:
        return [Task(inputs[0], output)]
    return [Task(source, output / source.stem) for source in inputs]


def correct_one(
    task: Task,
    options: Options,
    mask: Frame | None,
    store: Store,
    *,
    force: bool,
    hdu: int | None = None,
    bias: Path | None = None,
) -> ReportJson:
    """Write the correction of one flat or video into its folder, and return its report.

    What the file ``bias`` holds, a master bias or dark, is subtracted first.
    """
    name = task.source.name
    with Bar(name) as bar:
        also: list[tuple[str, bytes]] = []
        told: list[Notice] = []
        setup: dict[str, Value] = {}
        if is_ser(task.source):
            frame, median = read_median(task.source, bar)
            also = [(MEDIAN, median)]
        else:
            bar.show(0, "Reading the image")
            data = read_bytes(task.source)
            frame, setup = read_image(data, name=name, hdu=hdu), setup_of(data, name, hdu)
            del data
            if (task.folder / MEDIAN).exists():
                told = [Notice("other-median", f"{MEDIAN} in that folder is of other work.")]
        if bias:
            frame = without_master(frame, read_image(bias), bias.name)
            options = replace(options, bias=0.0)
        found = work(frame, options, store, bar, mask)
        bar.show(1, "Writing the files")
        with store.hold("result", found.key):
            return write_outputs(
                task.folder, name, frame, options, found,
                force=force, also=also, told=told, setup=setup,
            )  # fmt: skip


def _naming(source: Path, trouble: BridgeError) -> str:
    elsewhere = isinstance(trouble, FileTrouble | NoRoom | DamagedStore)
    named = elsewhere or source.name in trouble.detail
    return trouble.detail if named else f"{source}: {trouble.detail}"


def _printed(content: ReportJson, *, alone: bool) -> str:
    """Return the report as its file holds it, or in one line where several follow each other."""
    import json

    return report_text(content).rstrip("\n") if alone else json.dumps(content, allow_nan=False)
