import numpy as np

from bridge.io import fits_bytes
from tests.e2e.cli_support import dust, dusty
from tests.http.support import slug

SHAPE = (150, 200)


def sent(client, values):
    return client.send(fits_bytes(values.astype(np.float32)[None] / np.float32(65535)))


def corrected(client):
    """Return the job that made a correction of the dust that `dusty` has."""
    client.stub.factor = dust()
    return client.run("correct", frame=sent(client, np.full(SHAPE, 0.5)))


def test_the_fit_tells_what_there_is(client):
    made = corrected(client)
    for values, verdict in (
        (dusty(), "matches"),
        (dusty(with_dust=False), "not-in-target"),
        (dusty(with_dust=False) / dust()[0], "stale-flat"),
        (dusty() + 20000, "pedestal-or-gamma"),
    ):
        target = sent(client, values)
        answer = client.post(
            "/v1/jobs", json={"operation": "fit", "correction": made["id"], "target": target}
        )
        assert answer.status_code == 202
        job = client.finish(answer.json)
        assert (job["state"], job["operation"], job["results"]) == ("succeeded", "fit", {})
        figures = job["figures"]
        assert figures["verdict"] == verdict
        assert figures["offset"] == [0, 0]
        assert 0 < figures["k_error"] < 0.2
        assert figures["words"].startswith(verdict)


def test_asked_twice_it_is_the_same_job(client):
    made = corrected(client)
    body = {"operation": "fit", "correction": made["id"], "target": sent(client, dusty())}
    first = client.finish(client.post("/v1/jobs", json=body).json)
    assert client.post("/v1/jobs", json=body).json["id"] == first["id"]


def test_an_image_of_another_size_fails_with_its_reason(client):
    made = corrected(client)
    target = sent(client, dusty((75, 100)))
    body = {"operation": "fit", "correction": made["id"], "target": target}
    job = client.finish(client.post("/v1/jobs", json=body).json)
    assert job["state"] == "failed"
    assert "It was binned 2 x 2." in job["problem"]["detail"]


def test_what_is_missing_or_unknown_is_refused(client):
    made, target = corrected(client), sent(client, dusty())
    detected = client.run("detect")
    whole = {"operation": "fit", "correction": made["id"], "target": target}
    for change, status, kind in (
        ({"target": None}, 422, "bad-option"),
        ({"correction": None}, 422, "bad-option"),
        ({"mask": target}, 422, "bad-option"),
        ({"target": "nothing"}, 422, "unknown-frame"),
        ({"correction": "nothing"}, 404, "not-found"),
        ({"correction": detected["id"]}, 422, "bad-option"),
    ):
        answer = client.post("/v1/jobs", json=whole | change)
        assert (answer.status_code, slug(answer)) == (status, kind), change
