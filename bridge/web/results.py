"""The planes of a finished job."""

from __future__ import annotations

from flask import Blueprint, Response

from bridge.jobs.errors import JobNotReady
from bridge.store import StoredPlane
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


def _plane(identity: str, name: str) -> StoredPlane:
    jobs = services().jobs
    job = jobs.get(identity)
    if job.state != "succeeded":
        why = f"it {job.state}" if job.state == "failed" else f"it is {job.state}"
        raise JobNotReady(f"The job has no result: {why}.")
    result = jobs.result(job)
    if result is None:
        raise NotFound("The store has let go of this job's result; ask for the work again.")
    if name not in result.planes:
        known = ", ".join(result.planes)
        raise NotFound(f"The job has no {name}; it has {known}.")
    return result.planes[name]
