"""The disk fills at every write there is, one after another: nothing finished is lost."""

import base64
import itertools
import re

import numpy as np
import pytest
import tifffile

from bridge.io import fits_bytes
from tests.full_disk import full_disk
from tests.http.stub import fits
from tests.http.support import bridge_in
from tests.ser import ser_bytes
from tests.xisf_files import written

SAID = re.compile(r"\b(full|room|No space left on device)\b")
FRAMES = np.random.default_rng(4).integers(100, 4000, (3, 12, 16))


@pytest.fixture
def client(tmp_path_factory):
    """Give a bridge of the test's own: all that it keeps is read again at every step."""
    with bridge_in(tmp_path_factory.mktemp("home")) as client:
        client.folder = tmp_path_factory.mktemp("videos")
        yield client


def ended(client, answer):
    """Return the problem that a job ended with, None if it succeeded."""
    if answer.status_code != 202:
        return answer.json
    job = client.finish(answer.json)
    assert job["state"] in ("succeeded", "failed"), job
    return job.get("problem")


def frame(client, number):
    data = fits(10_000 + number)

    def do():
        answer = client.post("/v1/frames", data=data, content_type="application/fits")
        return None if answer.status_code in (200, 201) else answer.json

    return do


def pieces(client, number):
    data = fits(20_000 + number)

    def do():
        begun = client.post("/v1/uploads", json={"size": len(data)}).json
        for at in range(0, len(data), 3000):
            answer = client.post(
                f"/v1/uploads/{begun['upload']}",
                data=base64.b64encode(data[at : at + 3000]),
                content_type="text/plain",
                headers={"Upload-Offset": str(at)},
            )
            if answer.status_code != 200:
                again = client.post(
                    f"/v1/uploads/{begun['upload']}", data=b"", content_type="text/plain",
                    headers={"Upload-Offset": "0"},
                )  # fmt: skip
                assert again.status_code == 404  # a client learns that it has to begin anew
                return answer.json
        return None

    return do


def job(operation):
    def prepare(client, number):
        members = {"operation": operation, "frame": client.send(), "options": {"seed": number}}
        return lambda: ended(client, client.post("/v1/jobs", json=members))

    return prepare


def median_of_frames(client, number):
    ids = [client.send(fits_bytes(np.float32(one / 4096 / (number + 2)))) for one in FRAMES]
    members = {"operation": "median", "frames": ids}
    return lambda: ended(client, client.post("/v1/jobs", json=members))


def video(client, name, number):
    path = client.folder / f"{name}{number}.ser"
    path.write_bytes(ser_bytes(FRAMES, depth=12, stamps=True))
    return path


def median_of_video(client, number):
    members = {"operation": "median", "path": str(video(client, "median", number))}
    return lambda: ended(client, client.post("/v1/jobs", json=members))


def apply(client, number):
    made = client.run("correct")
    output = client.folder / "corrected"
    output.mkdir(exist_ok=True)
    members = {
        "operation": "apply", "correction": made["id"], "output": str(output),
        "paths": [str(video(client, "apply", number))],
    }  # fmt: skip
    return lambda: ended(client, client.post("/v1/jobs", json=members))


def apply_to_images(client, number):
    """A FITS, a TIFF and an XISF image; one that cannot be written does not stop the others."""
    made = client.run("correct")
    output = client.folder / "cleaned"
    output.mkdir(exist_ok=True)
    paths = [client.folder / f"image{number}.{ending}" for ending in ("fits", "tif", "xisf")]
    paths[0].write_bytes(fits_bytes(np.float32(FRAMES[:1] / 4096)))
    tifffile.imwrite(paths[1], FRAMES[0].astype(np.uint16))
    written(paths[2], FRAMES[:1].astype(np.uint16), codec="zlib")
    members = {
        "operation": "apply", "correction": made["id"], "output": str(output),
        "paths": [str(path) for path in paths], "options": {"force": True},
    }  # fmt: skip

    def do():
        answer = client.post("/v1/jobs", json=members)
        if answer.status_code != 202:
            return answer.json
        done = client.finish(answer.json)
        if done.get("problem"):
            return done["problem"]
        return next((one["problem"] for one in done["figures"]["files"] if "problem" in one), None)

    return do


def update(client, number):
    scene = np.random.default_rng(number).normal(0.4, 0.001, (6, 64, 80)).astype(np.float32)
    flat, *frames = (client.send(fits_bytes(one[None])) for one in scene)
    members = {"operation": "update", "flat": flat, "frames": frames}
    return lambda: ended(client, client.post("/v1/jobs", json=members))


WAYS = {
    "frame": frame,
    "pieces": pieces,
    "detect": job("detect"),
    "correct": job("correct"),
    "median of frames": median_of_frames,
    "median of a video": median_of_video,
    "apply": apply,
    "apply to images": apply_to_images,
    "update": update,
}


def kept(client):
    """Return every file in which something finished is, with its bytes."""
    store = client.services.store.folder
    places = (store / "frames", store / "results", client.folder)
    return {
        path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()
    }


def unfinished(client):
    return list(client.services.store.folder.glob("unfinished/*/*"))


@pytest.mark.parametrize("way", WAYS)
def test_a_full_disk_loses_nothing_and_is_told(client, way):
    after = {}
    for number in itertools.count():
        do = WAYS[way](client, number)
        before = kept(client)
        assert before.items() >= after.items(), "work that was repeated took something away"
        with full_disk(client.folder.parent, number) as disk:
            problem = do()
        if not disk.met:
            break
        assert problem is not None, number
        assert problem["type"] in ("/problems/no-room", "/problems/file-trouble"), problem
        assert SAID.search(problem["detail"]), problem
        assert problem["detail"].endswith((".", "again."))
        after = kept(client)
        assert after.items() >= before.items()
        # What was corrected is whole before the books say so; the next time it is passed over.
        whole = {client.folder / "corrected" / f"apply{number}.ser"} | {
            client.folder / "cleaned" / f"image{number}.{ending}"
            for ending in ("fits", "tif", "xisf")
        }
        if way == "update":  # so are the results of its first steps
            whole |= {path for path in after if path.parent.parent.name == "results"}
        assert after.keys() - before.keys() <= whole
        assert unfinished(client) == []
        assert do() is None, "with room again, the same works"
    assert number >= 2
    assert problem is None
