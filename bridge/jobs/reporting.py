"""The report on a correction that the store holds: the same behind every door."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.frame import Frame, Planes
from bridge.io import read_image
from bridge.jobs.errors import UnknownFrame
from bridge.jobs.work import without_master_id
from bridge.numerics.bias import light, without_master
from bridge.options import Options
from bridge.pipeline import Correction
from bridge.report.document import ReportJson, report
from bridge.report.page import page
from bridge.store import Store, StoredResult


def read_back(found: StoredResult, flat: Planes) -> Correction:
    """Return a stored correction of ``flat``, what the pictures show of it: no seed mask."""

    def planes(name: str) -> Planes:
        return found.planes[name].read()

    return Correction(
        flat=flat,
        seed_mask=None,
        mask=planes("mask")[0],
        inpainted=planes("inpainted"),
        correction=planes("correction"),
        warnings=found.record.warnings,
    )


def described(
    frame: Frame, options: Options, found: StoredResult, result: Correction
) -> ReportJson:
    """Return report.json's content for ``found``, read back as ``result``, of ``frame``."""
    return report(
        frame,
        result,
        sha256=frame.digest,
        options=options,
        engines=found.record.engines,
        known=found.record.figures,  # type: ignore[arg-type]
        cost=found.record.cost,
    )


def report_page(
    flat: str, how: Mapping[str, object], found: StoredResult, store: Store, *, name: str
) -> str:
    """Return report.html of a correction.

    Parameters
    ----------
    flat
        The id of the frame that it was made of.
    how
        The options, as the job shows them.
    found, store
        The result, and what holds it and the frame.
    name
        What people call the flat.

    Raises
    ------
    UnknownFrame
        If the store let the frame go.
    """
    plain, master = without_master_id(how)
    options = Options.from_mapping(plain)
    frame = _frame(flat, store)
    if master:
        frame = without_master(frame, _frame(master, store), "The master bias")
    seen = light(frame, options)
    result = read_back(found, seen.pixels)
    content = described(frame, options, found, result)
    return page(seen, result, content, name=name)


def _frame(identity: str, store: Store) -> Frame:
    with store.hold("frame", identity):
        held = store.frame(identity)
        if held is None:
            raise UnknownFrame("The store has let go of this image; send it again.")
        return read_image(held[1], name="The image")
