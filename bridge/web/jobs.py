"""Work: what it would cost, asking for it, following it, stopping it."""

from __future__ import annotations

from typing import cast

from flask import Blueprint

from bridge.errors import BadOption
from bridge.jobs import OPERATIONS, Job, Work
from bridge.jobs.errors import UnknownFrame
from bridge.jobs.operations import ON_FILES, ON_FRAME
from bridge.jobs.stack import Stack, of_frames, of_video
from bridge.jobs.updating import check_count
from bridge.jobs.work import Operation, without_master_id
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.store import Facts, StoredResult
from bridge.web.applying import MEMBERS as APPLIED
from bridge.web.applying import applying
from bridge.web.requests import (
    number_argument,
    only,
    options_of,
    read_bytes,
    read_members,
    switch,
)
from bridge.web.services import services

LONGEST_WAIT = 20.0
LISTED = 100

MEMBERS = (
    "frame", "mask", "options", "correction", "target", "path", "frames", "paths", "output", "flat",
)  # fmt: skip
"""What some operation takes besides its name."""

MOST_FRAMES = 1000

blueprint = Blueprint("jobs", __name__)


@blueprint.post("/v1/estimates")
def estimate() -> dict[str, object]:
    """Tell what a job would cost; nothing is sent anywhere."""
    work = _requested()
    work.check()
    return services().jobs.estimate(work).to_json()


@blueprint.post("/v1/jobs")
def submit() -> tuple[dict[str, object], int]:
    """Ask for work; known work is answered with the job that did it."""
    return job_json(services().jobs.submit(_requested())), 202


@blueprint.get("/v1/jobs")
def listing() -> dict[str, object]:
    """List the newest jobs, newest first."""
    return {"jobs": [job_json(job) for job in services().jobs.listing()[:LISTED]]}


@blueprint.get("/v1/jobs/<word:identity>")
def follow(identity: str) -> dict[str, object]:
    """Show a job, with ``?wait=`` seconds at its next change of state or stage."""
    seconds = number_argument("wait", 0.0, 0.0, LONGEST_WAIT)
    waiters, jobs = services().waiters, services().jobs
    if seconds and waiters.acquire(blocking=False):
        try:
            return job_json(jobs.wait(identity, seconds))
        finally:
            waiters.release()
    return job_json(jobs.get(identity))


@blueprint.post("/v1/jobs/<word:identity>/cancel")
def cancel(identity: str) -> tuple[dict[str, object], int]:
    """Stop a job; the body counts for nothing."""
    read_bytes()
    return job_json(services().jobs.cancel(identity)), 202


def job_json(job: Job) -> dict[str, object]:
    """Return a job as answers show it."""
    result = services().jobs.glance(job)
    shown: dict[str, object] = {
        "id": job.id,
        "operation": job.operation,
        "frame": job.frame,
        "mask": job.mask,
        "options": job.options,
        "created": job.created,
        "state": job.state,
        "stage": job.stage,
        "progress": job.progress,
        "message": job.message,
        "poll_after_ms": 0 if job.finished else 250 if job.state == "running" else 500,
        "figures": result.record.figures if result else None,
        "warnings": [notice.to_json() for notice in result.record.warnings] if result else [],
        "results": _planes_json(job, result) if result else {},
    }
    if result and result.record.cost is not None:
        shown["cost"] = result.record.cost
    if job.problem is not None:
        shown["problem"] = job.problem
    return shown


def _planes_json(job: Job, result: StoredResult) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, plane in result.planes.items():
        entry: dict[str, object] = {"url": f"/v1/jobs/{job.id}/{name}.fits", "scale": plane.scale}
        if plane.frame is not None:
            entry["frame"] = plane.frame
        shown[name] = entry
    return shown


def _requested() -> Work:
    members = read_members(("operation",), MEMBERS)
    operation = members["operation"]
    if operation == "fit":
        return _fitting(members)
    if operation == "median":
        return Work("median", None, Options(), stack=_stack(members))
    if operation == "update":
        return _updating(members)
    if operation == "apply":
        only(members, ("operation", *APPLIED, "options"), *APPLIED)
        made, flat = _correction(members)
        asked = applying(members, made, flat)
        return Work("apply", None, Options(), correction=made, applying=asked)
    if not isinstance(operation, str) or operation not in OPERATIONS:
        known = ", ".join((*OPERATIONS, *ON_FRAME, *ON_FILES))
        raise BadOption(f"There is no operation {operation!r}; known are: {known}.")
    only(members, ("operation", "frame", "mask", "options"), "frame")
    options = options_of(members)
    if operation != "correct" and "mask" in members:
        raise BadOption("Only the operation 'correct' takes a mask.")
    mask = _frame(members["mask"]) if "mask" in members else None
    plain, master = without_master_id(options)
    checked = Options.from_mapping(plain)
    bias = _frame(master) if master else None
    return Work(cast(Operation, operation), _frame(members["frame"]), checked, mask, bias=bias)


def _fitting(members: dict[str, object]) -> Work:
    """Return the dust fit asked for: a job's correction, and a frame as the target."""
    only(members, ("operation", "correction", "target"), "correction", "target")
    correction, _ = _correction(members)
    return Work("fit", _frame(members["target"]), Options(), correction=correction)


def _updating(members: dict[str, object]) -> Work:
    """Return what is asked for: a stale flat, and frames it was divided into."""
    only(members, ("operation", "flat", "frames", "options"), "flat", "frames")
    options = options_of(members)
    force = switch(options, "force")
    how = {name: value for name, value in options.items() if name != "force"}
    checked = Options.from_mapping({**how, "bias": 0.0})
    flat, frames = _frame(members["flat"]), _frames(members["frames"])
    check_count(len(frames))
    stack = of_frames(frames, estimator="median", normalize=True)
    work = Work("update", flat, checked, stack=stack, force=force)
    if work.costs:
        raise BadOption("A flat is brought up to date by the offline engine; choose local.")
    check_shapes("A frame", frames[0].shape, flat.shape, to="the flat")
    return work


def _correction(members: dict[str, object]) -> tuple[str, str | None]:
    """Return the key of the result of a job that made a correction, and the id of its flat."""
    job = services().jobs.get(str(members["correction"]))
    made = services().jobs.glance(job)
    if made is None or "correction" not in made.planes:
        raise BadOption(f"The job {job.id} holds no correction.")
    return made.key, job.frame


def _stack(members: dict[str, object]) -> Stack:
    """Return what a median is asked for: a video on this computer, or images sent before."""
    options = options_of(members)
    if "frames" not in members:
        only(members, ("operation", "path", "options"), "path")
        only(options, ("estimator", "byte_order"))
        return of_video(
            str(members["path"]),
            estimator=str(options.get("estimator", "median")),
            byte_order=str(options.get("byte_order", "auto")),
        )
    only(members, ("operation", "frames", "options"))
    only(options, ("estimator", "normalize"))
    normalize = switch(options, "normalize")
    estimator = str(options.get("estimator", "median"))
    frames = _frames(members["frames"])
    return of_frames(frames, estimator=estimator, normalize=normalize)


def _frames(listed: object) -> tuple[Facts, ...]:
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_FRAMES:
        raise BadOption(f"The member 'frames' must list 1 to {MOST_FRAMES} ids of images.")
    return tuple(_frame(one) for one in listed)


def _frame(identity: object) -> Facts:
    found = services().store.frame(identity) if isinstance(identity, str) else None
    if found is None:
        raise UnknownFrame("The bridge does not hold this image; send it first.")
    return found[0]
