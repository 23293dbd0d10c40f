"""One function per operation, behind every door; asked twice, it answers from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from bridge import __version__, pipeline
from bridge.engines.base import Run
from bridge.frame import Frame, Notice
from bridge.io import NAMES, Provenance, mask_plane, plane_parts
from bridge.io.fits_out import Cards
from bridge.jobs.steps import Steps
from bridge.jobs.updating import updated
from bridge.jobs.work import Work
from bridge.numerics import fit as measure
from bridge.numerics.bias import about_pedestal, without_master
from bridge.numerics.correction import clean
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.pipeline import Correction
from bridge.report.figures import figures
from bridge.report.fitting import fit_json, sentence
from bridge.report.spots import spots
from bridge.store import Facts, Record, Store, StoredResult
from bridge.store.errors import NotFound
from bridge.store.facts import Json

Operate = Callable[[Frame, Options, Run, Store, Frame | None, Frame | None], StoredResult]
Planes = Iterator[tuple[str, NDArray[np.float32]]]


def detect(
    frame: Frame,
    options: Options,
    run: Run,
    store: Store,
    mask: Frame | None = None,
    bias: Frame | None = None,
) -> StoredResult:
    """Return where the dust of ``frame`` is: the planes ``mask`` and ``seed_mask``.

    ``mask`` must be None; ``bias`` as for `correct`. Raises what `pipeline.detect` raises.
    """
    assert mask is None
    work = Work("detect", Facts.of(frame), options, bias=Facts.of(bias) if bias else None)
    known = store.result(work.key)
    if known is not None:
        return known
    frame = without_master(frame, bias, "The master bias") if bias else frame
    made = pipeline.detect(frame, options, run)
    planes = iter([("mask", made.mask), ("seed_mask", made.seed_mask)])
    return _keep(work, frame, planes, spots(made.mask), made.warnings, run, store)


def correct(
    frame: Frame,
    options: Options,
    run: Run,
    store: Store,
    mask: Frame | None = None,
    bias: Frame | None = None,
) -> StoredResult:
    """Return the correction of ``frame``.

    Its planes are ``mask``, ``seed_mask`` (unless the user gave the mask), ``inpainted``,
    ``clean_flat`` and ``correction``.

    Parameters
    ----------
    frame
        The flat.
    options, run
        Checked options; progress, cancel and seed.
    store
        Asked first; holds the result afterwards.
    mask
        The user's own mask as it was read, one plane of the frame's size.
    bias
        A master bias or dark to subtract first, of the frame's size.

    Raises
    ------
    BadOption, UnsupportedFrame, MaskGeometry, NoCleanPixels, EngineError, Cancelled, NoRoom
    """
    own = Facts.of(mask) if mask else None
    master = Facts.of(bias) if bias else None
    work = Work("correct", Facts.of(frame), options, own, bias=master)
    known = store.result(work.key)
    if known is not None:
        return known
    frame = without_master(frame, bias, "The master bias") if bias else frame
    given = mask_plane(mask, "The mask") if mask else None
    made = pipeline.correct(frame, options, run, given)
    run.progress("measure", 0.0)
    found = figures(replace(frame, pixels=made.flat), made)
    measured: Json = {**found.to_json()}
    warnings = made.warnings
    if options.bias == "auto":
        depths = [(one.depth, one.uncertainty) for one in found.shadows if one.corrected]
        warnings += tuple(about_pedestal(frame, depths))
    planes = _planes(made)
    del made
    return _keep(work, frame, planes, measured, warnings, run, store)


def _planes(made: Correction) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Yield the planes of a correction by name, and let go of each before the next."""
    mask, seed, inpainted = made.mask, made.seed_mask, made.inpainted
    flat, factor = made.flat, made.correction
    del made
    yield "inpainted", inpainted
    del inpainted
    yield "mask", mask
    del mask
    if seed is not None:
        yield "seed_mask", seed
    del seed
    yield "clean_flat", clean(flat, factor)
    yield "correction", factor


def fit(work: Work, frame: Frame, run: Run, store: Store) -> StoredResult:
    """Return whether the dust of a correction is in ``frame``: figures without planes.

    Raises
    ------
    NotFound
        If the store no longer holds the correction.
    UnsupportedFrame
        If ``frame`` is of another size or number of colors.
    """
    known = store.result(work.key)
    if known is not None:
        return known
    made = store.result(work.correction or "")
    if made is None or "correction" not in made.planes:
        raise NotFound("The bridge no longer holds this correction; make it again.")
    factor = made.planes["correction"].read()
    check_shapes("The image", frame.pixels.shape, factor.shape)
    run.progress("measure", 0.0)
    found = measure.fit(frame.pixels, factor, ceiling=1.0)
    measured: Json = {**fit_json(found), "words": sentence(found)}
    return _keep(work, frame, iter(()), measured, (), run, store)


def median(work: Work, run: Run, store: Store) -> StoredResult:
    """Return the median of a stack: the plane ``median``.

    Raises
    ------
    FileTrouble, UnknownFrame, BadOption, UnreadableImage, UnsupportedFrame, Cancelled, NoRoom
    """
    found = store.result(work.key)
    if found is not None:
        return found
    assert work.stack is not None
    frame, count, cards = work.stack.median(run, store)
    planes = iter([("median", np.nan_to_num(frame.pixels))])
    return _keep(work, frame, planes, {"frames": count}, (), run, store, cards)


def apply(work: Work, run: Run, store: Store) -> StoredResult:
    """Divide videos by a correction; return what became of each: figures without planes.

    Raises what `Applying.carry_out` raises.
    """
    assert work.applying is not None
    done, warnings = work.applying.carry_out(run, store)
    with store.draft(work.key) as draft:
        return draft.finish(Record(figures=done, warnings=warnings, options=work.how))


def update(work: Work, frame: Frame, run: Run, store: Store) -> StoredResult:
    """Return how a stale flat is to change; the plane ``correction`` is to be multiplied into it.

    Raises
    ------
    TargetRefused
        If the frames hold the flat's dust itself.
    BridgeError
        What `median` and `correct` raise.
    """
    known = store.result(work.key)
    if known is not None:
        return known
    assert work.stack is not None
    steps = Steps(run, 3)
    median, count, _ = work.stack.median(steps.next(), store)
    now = updated(
        frame, median, lambda one: correct(one, work.options, steps.next(), store), force=work.force
    )
    told: Json = {"frames": count, "words": now.fates, "trust": now.trust}
    return _keep(
        work, frame, iter([("correction", now.change)]), told, now.found.record.warnings, run, store
    )


ON_FILES: Final[Mapping[str, Callable[[Work, Run, Store], StoredResult]]] = {
    "median": median,
    "apply": apply,
}
"""Every operation that is not on one image of the store, by name."""

ON_FRAME: Final[Mapping[str, Callable[[Work, Frame, Run, Store], StoredResult]]] = {
    "fit": fit,
    "update": update,
}
"""Every operation on an image and something else, by name."""

OPERATIONS: Final[Mapping[str, Operate]] = {"detect": detect, "correct": correct}
"""Every operation on a flat by name."""


def _keep(
    work: Work,
    frame: Frame,
    planes: Planes,
    measured: Json,
    warnings: tuple[Notice, ...],
    run: Run,
    store: Store,
    cards: Cards | None = None,
) -> StoredResult:
    engines = work.engines
    provenance = Provenance(
        version=__version__,
        detector=engines.get("detector", ""),
        inpainter=engines.get("inpainter", ""),
        options=work.how,  # type: ignore[arg-type]
        input_digest=work.frame.pixels if work.frame else "",
    )
    record = Record(
        figures=measured,
        warnings=tuple(dict.fromkeys((*frame.warnings, *warnings))),
        engines={
            role: {"name": name, **run.notes[role]} if role in run.notes else name
            for role, name in engines.items()
        },
        options=work.how,
        cost=_cost(run),
    )
    with store.draft(work.key) as draft:
        for done, (name, plane) in enumerate(planes):
            run.check_cancelled()
            run.progress("write", done / len(NAMES))
            parts, scale = plane_parts(
                name, plane, provenance, full_scale=frame.full_scale, cards=cards
            )
            draft.add(name, parts, scale)
            del plane, parts
        run.check_cancelled()
        return draft.finish(record)


def _cost(run: Run) -> Json | None:
    """Return what the calls of all roles cost together; None if there were none."""
    calls = [call for notes in run.notes.values() for call in _calls(notes)]
    if not calls:
        return None
    paid = [float(str(call["cost"])) for call in calls]
    sent = sum(1 for cost in paid if cost)
    return {
        "calls": sent,
        "answers_kept_before": len(calls) - sent,
        "cost": round(sum(paid), 4),
        "currency": "USD",
    }


def _calls(notes: Mapping[str, object]) -> list[Mapping[str, object]]:
    return cast(list[Mapping[str, object]], notes.get("calls", []))
