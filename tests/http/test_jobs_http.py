import io
import threading
import time

import numpy as np
import pytest
from PIL import Image

from bridge.io import fits_bytes, read_image
from tests.http.stub import WARNING, fits
from tests.http.support import bridge_in, slug, until


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A client, and a job that has succeeded."""
    with bridge_in(tmp_path_factory.mktemp("done")) as client:
        yield client, client.run()


def planes(client, job):
    return {name: client.get(entry["url"]).data for name, entry in job["results"].items()}


def test_a_job_from_asking_to_its_planes(client):
    asked = client.submit("correct")
    assert asked["operation"] == "correct"
    assert asked["results"] == {} or asked["state"] == "succeeded"
    job = client.finish(asked)
    assert job["state"] == "succeeded"
    assert job["progress"] == 1.0
    assert job["poll_after_ms"] == 0
    assert "problem" not in job
    assert job["warnings"] == [WARNING.to_json()]
    assert {"shadows", "touched", "factor_min", "factor_max", "residual", "noise"} <= set(
        job["figures"]
    )
    assert set(job["results"]) == {"mask", "seed_mask", "inpainted", "clean_flat", "correction"}
    assert job["results"]["correction"]["scale"] == 2.0
    for name, entry in job["results"].items():
        assert entry["url"] == f"/v1/jobs/{job['id']}/{name}.fits"
        pixels = read_image(client.get(entry["url"]).data).pixels
        assert pixels.shape == (1, 12, 16)
        assert pixels.min() >= 0
        assert pixels.max() <= 1


def test_a_detection_tells_where_the_dust_is(client):
    job = client.run("detect")
    assert set(job["results"]) == {"mask", "seed_mask"}
    assert job["figures"] == {
        "shadows": [{"id": 1, "x": 5.5, "y": 4.0, "diameter": 3.91}],
        "touched": 0.0625,
    }


def test_a_signal_plane_is_a_frame_for_further_work(client):
    job = client.run("correct")
    named = {name: entry.get("frame") for name, entry in job["results"].items()}
    assert {name for name, frame in named.items() if frame} == {"inpainted", "clean_flat"}
    again = client.run("detect", frame=named["clean_flat"])
    assert again["state"] == "succeeded"
    assert (
        client.get(f"/v1/frames/{named['clean_flat']}.fits").data
        == planes(client, job)["clean_flat"]
    )


def test_a_mask_of_the_users_own_is_used(client):
    mask = np.zeros((12, 16), np.float32)
    mask[2, 2] = 1
    job = client.run("correct", mask=client.send(fits_bytes(mask)))
    assert set(job["results"]) == {"mask", "inpainted", "clean_flat", "correction"}
    assert np.array_equal(read_image(planes(client, job)["mask"]).pixels[0], mask)


def test_known_work_is_the_same_job(client):
    first = client.run("correct")
    again = client.submit("correct")
    assert again == first
    assert client.stub.calls == 1
    assert client.submit("correct", options={"threshold": 7})["id"] != first["id"]


def test_work_under_way_is_not_started_twice(client):
    client.stub.hold.touch()
    first = client.submit()
    assert client.submit()["id"] == first["id"]
    client.stub.hold.unlink()
    client.finish(first)
    assert client.stub.calls == 1


@pytest.mark.parametrize("trouble", ["fail", "bug"])
def test_failed_work_is_told_and_runs_afresh(client, trouble):
    (flag := getattr(client.stub, trouble)).touch()
    job = client.run()
    assert job["state"] == "failed"
    assert (
        job["problem"]["type"]
        == f"/problems/{'engine-bad-output' if trouble == 'fail' else 'internal-error'}"
    )
    assert "secret" not in str(job)
    assert job["results"] == {}
    assert slug(client.get(f"/v1/jobs/{job['id']}/mask.fits")) == "job-not-ready"
    flag.unlink()
    again = client.run()
    assert again["id"] != job["id"]
    assert again["state"] == "succeeded"


def test_a_running_job_is_cancelled_and_runs_afresh(client):
    client.stub.hold.touch()
    job = client.finish(client.submit(), states=("running",))
    assert job["stage"] in ("", "read", "detect")
    cancelled = client.post(f"/v1/jobs/{job['id']}/cancel")
    assert cancelled.status_code == 202
    assert client.finish(job)["state"] == "cancelled"
    client.stub.hold.unlink()
    again = client.run()
    assert again["id"] != job["id"]
    assert again["state"] == "succeeded"
    after = client.post(f"/v1/jobs/{again['id']}/cancel")
    assert after.status_code == 202
    assert after.json == again


def test_a_waiting_job_is_cancelled_at_once(client):
    client.stub.hold.touch()
    running = client.finish(client.submit(), states=("running",))
    waiting = client.submit("correct")
    assert waiting["state"] == "queued"
    assert slug(client.get(f"/v1/jobs/{waiting['id']}/mask.fits")) == "job-not-ready"
    assert client.post(f"/v1/jobs/{waiting['id']}/cancel").json["state"] == "cancelled"
    client.stub.hold.unlink()
    client.finish(running)
    assert client.stub.calls == 1


def test_a_full_queue_says_when_to_come_back(client):
    client.stub.hold.touch()
    client.finish(client.submit(), states=("running",))
    jobs = [client.submit(options={"threshold": 3 + number}) for number in range(2)]
    answer = client.post("/v1/jobs", json={"operation": "correct", "frame": client.send()})
    assert answer.status_code == 429
    assert slug(answer) == "queue-full"
    assert answer.json["retry_after_ms"] > 0
    client.post(f"/v1/jobs/{jobs[0]['id']}/cancel")
    assert client.submit("correct")["state"] == "queued"


def test_a_long_poll_returns_at_the_next_change(client):
    client.stub.hold.touch()
    job = client.finish(client.submit(), states=("running",))
    until(lambda: client.get(f"/v1/jobs/{job['id']}").json, lambda job: job["stage"] == "detect")
    threading.Timer(0.2, client.stub.hold.unlink).start()
    start = time.monotonic()
    changed = client.get(f"/v1/jobs/{job['id']}?wait=20").json
    assert time.monotonic() - start < 10
    assert (changed["state"], changed["stage"]) != ("running", "detect")


def test_a_long_poll_of_a_finished_job_returns_at_once(client):
    job = client.run()
    start = time.monotonic()
    assert client.get(f"/v1/jobs/{job['id']}?wait=20").json == job
    assert time.monotonic() - start < 5


def test_a_poll_too_many_returns_at_once(client):
    client.stub.hold.touch()
    job = client.finish(client.submit(), states=("running",))
    taken = 0
    while client.services.waiters.acquire(blocking=False):
        taken += 1
    start = time.monotonic()
    assert client.get(f"/v1/jobs/{job['id']}?wait=20").json["state"] == "running"
    assert time.monotonic() - start < 5
    client.services.waiters.release(taken)


@pytest.mark.parametrize("wait", ["abc", "nan", ""])
def test_a_wait_that_is_no_number_is_refused(client, wait):
    assert slug(client.get(f"/v1/jobs/{client.submit()['id']}?wait={wait}")) == "bad-option"


@pytest.mark.parametrize("wait", ["0", "-5"])
def test_a_wait_of_nothing_is_none(client, wait):
    client.stub.hold.touch()
    job = client.submit()
    assert client.get(f"/v1/jobs/{job['id']}?wait={wait}").status_code == 200


def test_the_newest_job_is_listed_first(client):
    ids = [client.run(options={"threshold": 3 + number})["id"] for number in range(3)]
    assert [job["id"] for job in client.get("/v1/jobs").json["jobs"]] == ids[::-1]


def test_planes_are_shown(client):
    job = client.run("correct")
    for name in job["results"]:
        answer = client.get(f"/v1/jobs/{job['id']}/{name}.png?width=16")
        assert answer.content_type == "image/png"
        assert Image.open(io.BytesIO(answer.data)).width == 16


@pytest.mark.parametrize(
    "name", ["median", "record", "..", "%2e%2e%2fmask", "Mask", "mask.fits", "x" * 70]
)
@pytest.mark.parametrize("suffix", [".fits", ".png"])
def test_a_plane_that_is_not_part_of_the_job_is_not_found(done, name, suffix):
    client, job = done
    assert client.get(f"/v1/jobs/{job['id']}/{name}{suffix}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/cancel"),
        ("GET", "/mask.fits"),
        ("GET", "/mask.png"),
        ("GET", "?wait=1"),
    ],
)
def test_an_unknown_job_is_not_found(shared, method, path):
    answer = shared.ask(method, f"/v1/jobs/0000{path}")
    assert answer.status_code == 404
    assert slug(answer) == "not-found"


def test_local_work_costs_nothing(client):
    answer = client.post("/v1/estimates", json={"operation": "detect", "frame": client.send()})
    assert answer.status_code == 200
    assert answer.json == {"calls": 0, "cost": 0, "currency": "USD", "prices_as_of": None}
    assert client.get("/v1/jobs").json == {"jobs": []}


def test_a_result_that_is_damaged_is_dropped_and_made_again(client, tmp_path):
    job = client.run()
    path = next((tmp_path / "store" / "results").glob("*/mask.fits"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert client.get(f"/v1/jobs/{job['id']}/mask.fits").status_code == 404
    assert client.get(f"/v1/jobs/{job['id']}").json["results"] == {}
    again = client.run()
    assert again["id"] != job["id"]
    assert set(again["results"]) == {"mask", "seed_mask"}


def test_the_same_pixels_in_another_file_are_known_work(client):
    first = client.run(frame=client.send(fits()))
    other = fits().replace(b"TOP-DOWN", b"top-down")
    assert other != fits()
    again = client.run(frame=client.send(other))
    assert client.stub.calls == 1
    assert planes(client, again) == planes(client, first)
