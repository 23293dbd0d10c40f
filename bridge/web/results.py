"""The planes of a finished job."""

from __future__ import annotations

from flask import Blueprint, Response

from bridge.jobs import Job
from bridge.jobs.errors import JobNotReady
from bridge.jobs.reporting import report_page
from bridge.store import StoredPlane, StoredResult
from bridge.store.errors import NotFound
from bridge.web.pixels import fits_answer, picture_answer
from bridge.web.services import services

blueprint = Blueprint("results", __name__)


@blueprint.get("/v1/jobs/<word:identity>/<word:name>.fits")
def pixels(identity: str, name: str) -> Response:
    """Give a plane, as it is stored."""
    return fits_answer(_plane(identity, name).path)


@blueprint.get("/v1/jobs/<word:identity>/<word:name>.png")
def picture(identity: str, name: str) -> Response:
    """Show a plane."""
    plane = _plane(identity, name)
    return picture_answer(plane.path, name, plane.scale)


@blueprint.get("/v1/jobs/<word:identity>/report.html")
def report(identity: str) -> Response:
    """Give report.html of a correction, to keep."""
    job, result = _finished(identity)
    if job.operation != "correct" or job.frame is None:
        raise NotFound("The job made no correction, so there is no report on it.")
    with services().drawing, services().store.hold("result", result.key):
        page = report_page(job.frame, job.options, result, services().store, name=f"Job {identity}")
    return Response(
        page,
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="report.html"'},
    )


def _plane(identity: str, name: str) -> StoredPlane:
    _, result = _finished(identity)
    if name not in result.planes:
        known = ", ".join(result.planes)
        raise NotFound(f"The job has no {name}; it has {known}.")
    return result.planes[name]


def _finished(identity: str) -> tuple[Job, StoredResult]:
    jobs = services().jobs
    job = jobs.get(identity)
    if job.state != "succeeded":
        why = f"it {job.state}" if job.state == "failed" else f"it is {job.state}"
        raise JobNotReady(f"The job has no result: {why}.")
    result = jobs.result(job)
    if result is None:
        raise NotFound("The store has let go of this job's result; ask for the work again.")
    return job, result
