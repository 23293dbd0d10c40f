"""Work: what it would cost, asking for it, following it, stopping it."""

from __future__ import annotations

from math import inf
from secrets import token_hex
from typing import cast

from flask import Blueprint

from bridge.errors import BadOption
from bridge.jobs import OPERATIONS, Job, Work
from bridge.jobs.applying import Applying, of_videos
from bridge.jobs.errors import UnknownFrame
from bridge.jobs.operations import ON_FILES
from bridge.jobs.stack import Stack, of_frames, of_video
from bridge.jobs.work import Operation
from bridge.options import Options
from bridge.store import Facts, StoredResult
from bridge.web.requests import number_argument, read_bytes, read_members
from bridge.web.services import services

LONGEST_WAIT = 20.0
LISTED = 100

MEMBERS = ("frame", "mask", "options", "correction", "target", "path", "frames", "paths", "output")
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
    operation, options = members["operation"], members.get("options", {})
    if operation == "fit":
        return _fitting(members)
    if operation == "median":
        return Work("median", None, Options(), stack=_stack(members))
    if operation == "apply":
        work = _applying(members)
        return Work("apply", None, Options(), correction=work.correction, applying=work)
    if not isinstance(operation, str) or operation not in OPERATIONS:
        known = ", ".join((*OPERATIONS, "fit", *ON_FILES))
        raise BadOption(f"There is no operation {operation!r}; known are: {known}.")
    _only(members, ("operation", "frame", "mask", "options"), "frame")
    if not isinstance(options, dict):
        raise BadOption("The member 'options' must be an object.")
    if operation != "correct" and "mask" in members:
        raise BadOption("Only the operation 'correct' takes a mask.")
    mask = _frame(members["mask"]) if "mask" in members else None
    checked = Options.from_mapping(options)
    return Work(cast(Operation, operation), _frame(members["frame"]), checked, mask)


def _fitting(members: dict[str, object]) -> Work:
    """Return the dust fit asked for: a job's correction, and a frame as the target."""
    _only(members, ("operation", "correction", "target"), "correction", "target")
    correction = _correction(members)
    return Work("fit", _frame(members["target"]), Options(), correction=correction)


def _correction(members: dict[str, object]) -> str:
    job = services().jobs.get(str(members["correction"]))
    made = services().jobs.glance(job)
    if made is None or "correction" not in made.planes:
        raise BadOption(f"The job {job.id} holds no correction.")
    return made.key


def _applying(members: dict[str, object]) -> Applying:
    """Return what is asked for: a job's correction, videos on this computer, and a folder."""
    known = ("correction", "paths", "output")
    _only(members, ("operation", *known, "options"), *known)
    paths, options = members["paths"], members.get("options", {})
    if not isinstance(options, dict):
        raise BadOption("The member 'options' must be an object.")
    _only(options, ("multiply", "pedestal", "depth", "force"))
    if not isinstance(paths, list) or not 1 <= len(paths) <= MOST_FRAMES:
        raise BadOption(f"The member 'paths' must list 1 to {MOST_FRAMES} videos.")
    multiply, pedestal = options.get("multiply", False), options.get("pedestal", 0)
    force = options.get("force", False)
    depth = options.get("depth")
    for name, value in (("multiply", multiply), ("force", force)):
        if not isinstance(value, bool):
            raise BadOption(f"The option {name!r} must be true or false.")
    if isinstance(pedestal, bool) or not isinstance(pedestal, int | float):
        raise BadOption("The option 'pedestal' must be a number.")
    if not 0 <= pedestal < inf:
        raise BadOption("The option 'pedestal' must be at least 0, and finite.")
    if isinstance(depth, bool) or depth not in (None, 16):
        raise BadOption("The option 'depth' must be 16 or null.")
    return of_videos(
        _correction(members), [str(one) for one in paths], str(members["output"]),
        asked=token_hex(16), multiply=bool(multiply), pedestal=float(pedestal), depth=depth,
        force=bool(force),
    )  # fmt: skip


def _stack(members: dict[str, object]) -> Stack:
    """Return what a median is asked for: a video on this computer, or images sent before."""
    options = members.get("options", {})
    if not isinstance(options, dict):
        raise BadOption("The member 'options' must be an object.")
    if "frames" not in members:
        _only(members, ("operation", "path", "options"), "path")
        _only(options, ("estimator", "byte_order"))
        return of_video(
            str(members["path"]),
            estimator=str(options.get("estimator", "median")),
            byte_order=str(options.get("byte_order", "auto")),
        )
    _only(members, ("operation", "frames", "options"))
    _only(options, ("estimator", "normalize"))
    frames, normalize = members["frames"], options.get("normalize", False)
    if not isinstance(frames, list) or not 1 <= len(frames) <= MOST_FRAMES:
        raise BadOption(f"The member 'frames' must list 1 to {MOST_FRAMES} ids of images.")
    if not isinstance(normalize, bool):
        raise BadOption("The option 'normalize' must be true or false.")
    found = tuple(_frame(one) for one in frames)
    estimator = str(options.get("estimator", "median"))
    return of_frames(found, estimator=estimator, normalize=normalize)


def _only(members: dict[str, object], known: tuple[str, ...], *required: str) -> None:
    for name in members:
        if name not in known:
            words = ", ".join(known)
            raise BadOption(f"There is no member {name!r} here; known are: {words}.")
    for name in required:
        if name not in members:
            raise BadOption(f"The member {name!r} is missing.")


def _frame(identity: object) -> Facts:
    found = services().store.frame(identity) if isinstance(identity, str) else None
    if found is None:
        raise UnknownFrame("The bridge does not hold this image; send it first.")
    return found[0]
