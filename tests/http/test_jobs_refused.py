import numpy as np
import pytest

from bridge.io import fits_bytes
from tests.http.support import slug

REFUSED = [
    ({"operation": "median"}, "bad-option"),
    ({"operation": "fit"}, "bad-option"),
    ({"operation": "apply"}, "bad-option"),
    ({"operation": None}, "bad-option"),
    ({"operation": ["detect"]}, "bad-option"),
    ({"frame": "0" * 64}, "unknown-frame"),
    ({"frame": "../../etc/passwd"}, "unknown-frame"),
    ({"frame": 7}, "unknown-frame"),
    ({"frame": None}, "bad-option"),
    ({"extra": 1}, "bad-option"),
    ({"options": []}, "bad-option"),
    ({"options": {"unknown": 1}}, "bad-option"),
    ({"options": {"threshold": 1e9}}, "bad-option"),
    ({"options": {"threshold": "5"}}, "bad-option"),
    ({"options": {"detector": "nobody"}}, "bad-option"),
    ({"options": {"engine": 5}}, "bad-option"),
    ({"mask": "0" * 64, "operation": "correct"}, "unknown-frame"),
    ({"mask": "0" * 64}, "bad-option"),
]


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/estimates"])
@pytest.mark.parametrize(("members", "expected"), REFUSED)
def test_a_job_that_cannot_be_is_refused_at_once(shared, path, members, expected):
    body = {"operation": "detect", "frame": shared.send(), **members}
    answer = shared.post(path, json=body)
    assert answer.status_code == 422
    assert slug(answer) == expected
    assert shared.get("/v1/jobs").json == {"jobs": []}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((12, 17), "mask-geometry"), ((16, 12), "mask-geometry"), ((3, 12, 16), "unsupported-frame")],
)
def test_a_mask_that_does_not_fit_is_refused_at_once(shared, shape, expected):
    mask = shared.send(fits_bytes(np.zeros(shape, np.float32)))
    body = {"operation": "correct", "frame": shared.send(), "mask": mask}
    answer = shared.post("/v1/jobs", json=body)
    assert answer.status_code == 422
    assert slug(answer) == expected


def test_an_engine_that_cannot_run_is_refused(client, monkeypatch):
    monkeypatch.setattr("bridge.engines.table.Entry.unavailable", lambda self: "It is asleep.")
    answer = client.post("/v1/jobs", json={"operation": "detect", "frame": client.send()})
    assert answer.status_code == 409
    assert slug(answer) == "engine-unavailable"
    listed = client.get("/v1/engines").json["engines"][0]
    assert not listed["available"]
    assert listed["reason"] == "It is asleep."
