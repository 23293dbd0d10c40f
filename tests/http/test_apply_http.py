"""Videos on this computer divided by a job's correction, over HTTP."""

import numpy as np
import pytest

from bridge.io.ser import open_ser
from bridge.videos import PIECE
from tests.http.support import slug, until
from tests.ser import ser_bytes

FRAMES = np.random.default_rng(4).integers(100, 4000, (7, 12, 16))


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "sun.ser"
    path.write_bytes(ser_bytes(FRAMES, depth=12, stamps=True))
    return path


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "corrected"
    folder.mkdir()
    return folder


def values(path):
    video = open_ser(path, "little")
    return video.read(slice(0, video.samples), range(video.frames)).reshape(-1, 12, 16)


def members(correction, paths, out, **more):
    listed = [str(path) for path in paths]
    return {
        "operation": "apply",
        "correction": correction["id"],
        "paths": listed,
        "output": str(out),
        **more,
    }


def asked(client, *given, **more):
    answer = client.post("/v1/jobs", json=members(*given, **more))
    assert answer.status_code == 202, answer.text
    return client.finish(answer.json)


def test_a_video_is_divided_and_the_rest_kept(client, video, out):
    correction = client.run("correct")
    job = asked(client, correction, [video], out)
    assert job["state"] == "succeeded", job
    told = {"path": str(video), "output": str(out / "sun.ser"), "saturated": 0, "clipped": 0}
    assert job["figures"] == {"files": [told], "direction": "divided"}
    assert job["results"] == {}
    divided = values(out / "sun.ser")
    np.testing.assert_array_equal(divided[:, 0], FRAMES[:, 0])
    np.testing.assert_array_equal(divided[:, 4, 5], np.rint(FRAMES[:, 4, 5] / 1.5))
    assert (out / "sun.ser").stat().st_size == video.stat().st_size


def test_asked_again_what_is_done_stays_and_what_has_gone_is_made(client, video, out):
    correction = client.run("correct")
    first = asked(client, correction, [video], out)
    before = (out / "sun.ser").stat().st_mtime_ns
    again = asked(client, correction, [video], out)
    assert again["id"] != first["id"]
    assert again["figures"]["files"][0]["done_before"]
    assert (out / "sun.ser").stat().st_mtime_ns == before
    (out / "sun.ser").unlink()
    assert "saturated" in asked(client, correction, [video], out)["figures"]["files"][0]


def test_one_bad_video_does_not_stop_the_others(client, video, out, tmp_path):
    correction = client.run("correct")
    odd = tmp_path / "odd.ser"
    odd.write_bytes(ser_bytes(FRAMES[:, :5], depth=12))
    job = asked(client, correction, [odd, video], out)
    assert job["state"] == "succeeded"
    bad, good = job["figures"]["files"]
    assert "odd.ser is 16 x 5" in bad["problem"]["detail"]
    assert good["output"] == str(out / "sun.ser")
    assert [one["code"] for one in job["warnings"]] == ["apply-failed"]
    alone = asked(client, correction, [odd], out)
    assert alone["state"] == "failed"
    assert "16 x 5" in alone["problem"]["detail"]


def test_a_video_without_the_dust_is_refused_unless_forced(client, out, tmp_path):
    correction = client.run("correct")
    path = tmp_path / "clean.ser"
    light = np.random.default_rng(2).integers(2000, 2010, FRAMES.shape)
    path.write_bytes(ser_bytes(light, depth=12))
    job = asked(client, correction, [path], out)
    assert job["state"] == "failed"
    assert job["problem"]["type"] == "/problems/target-refused"
    assert job["problem"]["rule"] == "not-in-target"
    assert not (out / "clean.ser").exists()
    forced = asked(client, correction, [path], out, options={"force": True})
    assert forced["state"] == "succeeded"


def test_a_video_is_never_written_over(client, video, out, tmp_path):
    correction = client.run("correct")
    held = video.read_bytes()
    job = asked(client, correction, [video], tmp_path)
    assert "is an input" in job["problem"]["detail"]
    assert video.read_bytes() == held
    (out / "sun.ser").write_bytes(b"other")
    job = asked(client, correction, [video], out)
    assert "exists already" in job["problem"]["detail"]
    assert (out / "sun.ser").read_bytes() == b"other"


def test_undone_it_is_the_video_again(client, video, out, tmp_path):
    correction = client.run("correct")
    asked(client, correction, [video], out, options={"depth": 16})
    back = tmp_path / "back"
    back.mkdir()
    job = asked(client, correction, [out / "sun.ser"], back, options={"multiply": True})
    assert job["state"] == "succeeded", job
    assert np.abs(values(back / "sun.ser") / (65535 / 4095) - FRAMES).max() <= 0.5


def test_cancelled_in_the_middle_it_leaves_nothing(client, out, tmp_path):
    correction = client.run("correct")
    path = tmp_path / "long.ser"
    frame = np.full((1, 12, 16), 500)
    count = 20 * PIECE // (2 * 12 * 16)
    with path.open("wb") as file:
        file.write(ser_bytes(frame, depth=12, counted=count))
        file.truncate(178 + count * 2 * 12 * 16)
    job = client.post("/v1/jobs", json=members(correction, [path], out)).json
    until(
        lambda: client.get(f"/v1/jobs/{job['id']}").json,
        lambda seen: seen["progress"] > 0.05 or seen["state"] != "queued",
    )
    client.post(f"/v1/jobs/{job['id']}/cancel")
    assert client.finish(job)["state"] == "cancelled"
    assert list(out.iterdir()) == []


def test_paths_that_cannot_be_are_refused_in_the_same_words(client, video, out, tmp_path):
    correction = client.run("correct")
    text = tmp_path / "secret.txt"
    text.write_text("hello", encoding="utf-8")
    said = set()
    for paths, folder in (
        ([text], out),
        ([tmp_path / "missing.ser"], out),
        (["sun.ser"], out),
        ([video, "\0"], out),
        ([video], tmp_path / "missing"),
        ([video], video),
        ([video], "corrected"),
    ):
        answer = client.post("/v1/jobs", json=members(correction, paths, folder))
        assert (answer.status_code, slug(answer)) == (422, "bad-option")
        said.add(answer.json["detail"])
    assert len(said) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"paths": []},
        {"paths": "sun.ser"},
        {"output": None},
        {"frame": "0" * 64},
        {"options": []},
        {"options": {"multiply": 1}},
        {"options": {"pedestal": "much"}},
        {"options": {"pedestal": -1}},
        {"options": {"depth": 8}},
        {"options": {"force": 1}},
    ],
)
def test_what_cannot_be_is_refused_at_once(client, video, out, changed):
    body = {**members(client.run("correct"), [video], out), **changed}
    answer = client.post("/v1/jobs", json=body)
    assert (answer.status_code, slug(answer)) == (422, "bad-option")


def test_a_job_without_a_correction_or_none_at_all_is_told(client, video, out):
    answer = client.post("/v1/jobs", json=members(client.run("detect"), [video], out))
    assert (answer.status_code, slug(answer)) == (422, "bad-option")
    assert client.post("/v1/jobs", json=members({"id": "x"}, [video], out)).status_code == 404


def test_two_videos_of_one_name_are_refused(client, video, out, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "SUN.ser").write_bytes(video.read_bytes())
    paths = [video, folder / "SUN.ser"]
    answer = client.post("/v1/jobs", json=members(client.run("correct"), paths, out))
    assert "same name" in answer.json["detail"]
