"""The median over HTTP: of a video on this computer, and of images sent before."""

import io
import os
import sys

import numpy as np
import pytest
from astropy.io import fits

from bridge.io import fits_bytes
from tests.http.support import slug
from tests.ser import ser_bytes

RNG = np.random.default_rng(4)
FRAMES = RNG.integers(0, 4096, (7, 12, 16))


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "sun.ser"
    path.write_bytes(ser_bytes(FRAMES, depth=12, texts=("Anna", "", "")))
    return path


def asked(client, **members):
    answer = client.post("/v1/jobs", json={"operation": "median", **members})
    assert answer.status_code == 202, answer.text
    return client.finish(answer.json)


def plane(client, job):
    answer = client.get(job["results"]["median"]["url"])
    return fits.getdata(io.BytesIO(answer.data)), fits.getheader(io.BytesIO(answer.data))


def test_the_median_of_a_video_is_exact_and_ready_for_the_next_job(client, video):
    job = asked(client, path=str(video))
    assert job["state"] == "succeeded", job
    assert (job["frame"], job["figures"]) == (None, {"frames": 7})
    assert job["options"] == {"estimator": "median", "byte_order": "auto"}
    pixels, header = plane(client, job)
    back = pixels * np.float32(job["results"]["median"]["scale"]) * np.float32(4095)
    np.testing.assert_allclose(back, np.median(FRAMES, axis=0), rtol=1e-6)
    assert header["OBSERVER"] == "Anna"
    further = client.run("detect", frame=job["results"]["median"]["frame"])
    assert further["state"] == "succeeded"


def test_the_same_video_is_read_once_and_a_changed_one_again(client, video):
    first = asked(client, path=str(video))
    assert asked(client, path=str(video))["id"] == first["id"]
    assert asked(client, path=str(video), options={"estimator": "iqm"})["id"] != first["id"]
    video.write_bytes(ser_bytes(FRAMES[:5] // 2, depth=12))
    again = asked(client, path=str(video))
    assert again["id"] != first["id"]
    assert again["figures"] == {"frames": 5}


def test_the_median_of_frames_sent_before(client):
    stack = RNG.random((5, 12, 16), dtype=np.float32)
    ids = [client.send(fits_bytes(one)) for one in stack]
    job = asked(client, frames=ids)
    assert job["state"] == "succeeded", job
    pixels, _ = plane(client, job)
    np.testing.assert_array_equal(pixels, np.median(stack, axis=0))
    assert asked(client, frames=ids, options={"normalize": True})["id"] != job["id"]


def test_a_video_that_changes_while_its_job_waits_fails_in_a_sentence(client, video):
    client.stub.hold.touch()
    client.submit()
    answer = client.post("/v1/jobs", json={"operation": "median", "path": str(video)})
    assert answer.json["state"] == "queued"
    video.write_bytes(ser_bytes(FRAMES[:3], depth=12))
    client.stub.hold.unlink()
    job = client.finish(answer.json)
    assert job["state"] == "failed"
    assert "sun.ser has changed" in job["problem"]["detail"]


def test_a_waiting_median_is_cancelled(client, video):
    client.stub.hold.touch()
    client.submit()
    job = client.post("/v1/jobs", json={"operation": "median", "path": str(video)}).json
    client.post(f"/v1/jobs/{job['id']}/cancel")
    assert client.get(f"/v1/jobs/{job['id']}").json["state"] == "cancelled"


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/estimates"])
def test_whatever_is_no_video_is_refused_in_the_same_words(client, tmp_path, path):
    text = tmp_path / "secret.txt"
    text.write_text("hello", encoding="utf-8")
    cut = tmp_path / "cut.ser"
    cut.write_bytes(ser_bytes(FRAMES, depth=12)[:200])
    places = [text, cut, tmp_path, tmp_path / "missing.ser", "relative.ser", "", "\0", f"{text}\0"]
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.ser")
        (tmp_path / "link.ser").symlink_to("/dev/zero")
        places += [tmp_path / "pipe.ser", tmp_path / "link.ser", "/dev/zero", "/dev/stdin"]
    said = set()
    for place in places:
        answer = client.post(path, json={"operation": "median", "path": str(place)})
        assert (answer.status_code, slug(answer)) == (422, "bad-option")
        said.add(answer.json["detail"])
    assert len(said) == 1
    assert str(tmp_path) not in said.pop()


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "bad-option"),
        ({"path": 5}, "bad-option"),
        ({"frames": []}, "bad-option"),
        ({"frames": "all"}, "bad-option"),
        ({"frames": ["0" * 64]}, "unknown-frame"),
        ({"frames": [None]}, "unknown-frame"),
        ({"frames": [], "path": "x"}, "bad-option"),
        ({"path": "/x.ser", "options": []}, "bad-option"),
        ({"path": "/x.ser", "options": {"memory": 1}}, "bad-option"),
        ({"path": "/x.ser", "options": {"estimator": "mode"}}, "bad-option"),
        ({"path": "/x.ser", "frame": "0" * 64}, "bad-option"),
    ],
)
def test_a_median_that_cannot_be_is_refused_at_once(shared, members, expected):
    answer = shared.post("/v1/jobs", json={"operation": "median", **members})
    assert (answer.status_code, slug(answer)) == (422, expected)


def test_frames_that_differ_are_refused_at_once(client):
    ids = [client.send(), client.send(fits_bytes(np.zeros((5, 6), np.float32)))]
    answer = client.post("/v1/jobs", json={"operation": "median", "frames": ids})
    assert (answer.status_code, slug(answer)) == (422, "bad-option")
    assert "one size" in answer.json["detail"]
