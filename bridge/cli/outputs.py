"""One correction from the work to its files: the same work, store and bytes as over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

from bridge import config, pipeline
from bridge.cli.terminal import Bar
from bridge.frame import Frame, Notice
from bridge.io import PICTURES, check_free, picture_bytes, write_files
from bridge.io.cards import Value
from bridge.io.planes import FACTOR
from bridge.io.setups import with_setup
from bridge.jobs import correct
from bridge.jobs.paid import Paid
from bridge.jobs.reporting import described, read_back
from bridge.jobs.watch import Watch
from bridge.numerics.bias import light
from bridge.options import Options
from bridge.report.document import ReportJson
from bridge.report.page import page
from bridge.store import Store, StoredResult

_PLANES = ("seed_mask", "mask", "inpainted", "clean_flat", "correction")


MEDIAN = "median.fits"
"""What a correction that made a median writes it to."""


def check_folder(
    folder: Path, *, force: bool, inputs: list[Path], also: Iterable[str] = ()
) -> None:
    """Raise `FileTrouble` if a file of a correction, or ``also``, may not go into ``folder``."""
    names = [*file_names(), *also]
    check_free((folder / name for name in names), force=force, inputs=inputs)


def file_names() -> list[str]:
    """Return the names of the files that any correction may have; some make a median as well."""
    planes = [f"{name}.fits" for name in _PLANES]
    return [*planes, *PICTURES, "report.json", "report.html"]


def work(
    frame: Frame, options: Options, store: Store, bar: Bar, mask: Frame | None = None
) -> StoredResult:
    """Return the correction of ``frame``, showing on ``bar`` how far it is."""
    total = pipeline.estimate(frame, options, detecting=mask is None)
    if total.calls:
        bar.tell(f"Pixels go to the Gemini service: {total.words()}; answers kept before are free.")
    paid = Paid(store)
    watch = Watch(options.seed, lambda _, share, words: bar.show(share, words), Event(), paid)
    try:
        return correct(frame, options, watch, store, mask)
    except KeyboardInterrupt:
        if paid.busy:
            bar.tell("An answer that is paid for will be kept when it comes; Ctrl-C drops it.")
            paid.settle(config.load().gemini_timeout)
        raise


def write_outputs(
    folder: Path,
    name: str,
    frame: Frame,
    options: Options,
    found: StoredResult,
    *,
    force: bool,
    also: Iterable[tuple[str, bytes]] = (),
    told: Iterable[Notice] = (),
    setup: Mapping[str, Value] | None = None,
) -> ReportJson:
    """Write every file of a correction into ``folder``, all or none, and return its report.

    Parameters
    ----------
    folder
        Made if it is missing.
    name
        What people call the flat.
    frame, options, found
        The flat, and what came of it.
    force
        Whether files of these names may be replaced.
    also
        Further files, name and bytes.
    told
        What else the report tells of.
    setup
        With what the flat was taken, told in correction.fits: `apply` compares.

    Raises
    ------
    FileTrouble
    """
    written: list[ReportJson] = []

    def files() -> Iterator[tuple[str, bytes]]:
        for plane, stored in found.planes.items():
            data = stored.path.read_bytes()
            yield f"{plane}.fits", with_setup(data, setup or {}) if plane == FACTOR else data
        clipped: list[Notice] = []
        for file, data, notice in picture_bytes(found.planes["correction"].read()):
            clipped += [notice] if notice else []
            yield file, data
        seen = light(frame, options)
        result = read_back(found, seen.pixels)
        result = replace(result, warnings=(*result.warnings, *clipped, *told))
        content = described(frame, options, found, result)
        written.append(content)
        yield "report.json", report_text(content).encode("utf-8")
        yield "report.html", page(seen, result, content, name=name).encode("utf-8")
        yield from also

    write_files(folder, files(), force=force, replaces=file_names())
    return written[0]


def report_text(content: ReportJson) -> str:
    """Return a report as report.json holds it."""
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
