"""A marked key and marked pixels go through every door; then everything left behind is searched.

The key may be nowhere but where the user put it. The pixels may be in the files that hold images,
and in the answers that are asked for as images; in nothing else.
"""

import base64
import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from tests.e2e.cluster import Cluster
from tests.e2e.traces import Traces, forms
from tests.gemini.mind import Mind
from tests.gemini.service import KEY, Service, error
from tests.http.support import ROOT, start
from tests.once import once
from tests.ser import ser_bytes
from tests.synthetic import donut_flat
from tests.xisf_files import written

PRIVATE = "pictures of Anna"
INVALID = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}


class Stage:
    """The folders, the files, and everything that is done with them."""

    def __init__(self, folder):
        self.traces = Traces()
        self.token = ""
        self.home, self.temporary = folder / "state", folder / "tmp"
        self.private, self.out = folder / PRIVATE, folder / "out"
        for made in (self.home, self.temporary, self.private):
            made.mkdir()
        self.scene = donut_flat(11, shape=(160, 200), count=3, radii=(8, 16), depths=(0.05, 0.12))
        self.pixels = np.rint(self.scene.flat * 65535).astype(np.uint16)
        self.flat = self.private / "flat.fits"
        fits.writeto(self.flat, self.pixels)
        self.cut = self.private / "cut.fits"
        self.cut.write_bytes(self.flat.read_bytes()[:-20000])
        self.video = self.private / "sun.ser"
        self.video.write_bytes(ser_bytes(np.stack([self.pixels] * 3), depth=16))
        (self.home / "config.toml").write_text(f'[gemini]\nkey = "{KEY}"\n', encoding="utf-8")
        self.images = [self.flat, self.video]
        for name in ("flat.tif", "flat.xisf"):
            self.images.append(self.private / name)
        tifffile.imwrite(self.images[2], self.pixels)
        written(self.images[3], self.pixels[None])
        self.nights = []
        for number in range(5):  # of a clear sky, divided by the flat
            sky = np.random.default_rng(number).normal(0.3, 0.001, self.pixels.shape)
            self.nights.append(self.private / f"night{number}.fits")
            fits.writeto(self.nights[-1], sky.astype(np.float32))

    @property
    def mind(self):
        return Mind(self.scene.transmission, self.scene.signal)

    def environment(self, service):
        """Return what the children run in: the key is in the user's own file alone."""
        kept = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
        temporary = {name: str(self.temporary) for name in ("TMPDIR", "TEMP", "TMP")}
        found = {**service.environment(), "FLATBRIDGE_HOME": str(self.home), **temporary}
        del found["GEMINI_API_KEY"]
        return kept | found

    def command(self, service, *arguments, code=0):
        process = subprocess.Popen(
            [sys.executable, "-m", "bridge", *map(str, arguments)],
            cwd=ROOT, env=self.environment(service), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while True:  # its helpers come and go
            self.traces.look()
            try:
                out, err = process.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                assert time.monotonic() < deadline, f"{arguments[0]} does not end"
        assert process.returncode == code, err
        self.traces.hear(f"output of {arguments[0]}", out + err)

    def ask(self, live, method, path, body=None, headers=None, *, expected=(200, 201, 202)):
        status, data = live.ask(method, path, body, headers, raw=True)
        assert status in expected, data
        self.traces.look()
        if not path.endswith(".fits"):
            self.traces.hear(f"answer to {method} {path}", data)
            return json.loads(data) if data.startswith(b"{") else None
        return data

    def work(self, live, wanted="succeeded", **members):
        job = self.ask(live, "POST", "/v1/jobs", members)
        live.finish(job["id"], seconds=120)
        job = self.ask(live, "GET", f"/v1/jobs/{job['id']}")
        assert job["state"] == wanted, job
        for plane in job["results"].values():
            self.ask(live, "GET", plane["url"])
            self.ask(live, "GET", plane["url"].replace(".fits", ".png"))
        return job


def by_command(stage, service):
    out = stage.out
    stage.command(service, "correct", stage.flat, "-o", out / "one", "--json")
    stage.command(service, "correct", stage.flat, "-o", out / "two", "--engine", "gemini")
    stage.command(service, "correct", stage.cut, "-o", out / "no", code=1)
    stage.command(service, "fit", out / "one" / "correction.fits", stage.flat, "--json")
    stage.command(service, "apply", out / "one" / "correction.fits", stage.flat, "-o", out / "a")
    stage.command(service, "apply", out / "one" / "correction.fits", stage.cut, "-o", out, code=1)
    stage.command(service, "median", stage.video, "-o", out / "median.fits")
    stage.command(service, "update-flat", stage.flat, *stage.nights, "-o", out / "updated")
    on_cluster(stage, service)
    for name in ("config", "engines", "doctor"):
        stage.command(service, name)
    service.mind = lambda _: error(400, "INVALID_ARGUMENT", f"{'.' * 290} {KEY} is wrong", INVALID)
    stage.command(
        service, "correct", stage.flat, "-o", out / "x", "--engine", "gemini", "--seed", 5, code=1
    )
    service.mind = stage.mind


def on_cluster(stage, service):
    """Work on the videos by a worker of a Dask cluster, which has the same state folder."""
    folder = stage.out / "cluster"
    folder.mkdir()
    with ExitStack() as ended:
        scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))  # Dask leaves some there
        cluster = Cluster(folder, ended, **stage.environment(service) | scratch)
        cluster.worker("one", stage.home)
        batch = "batch", stage.private, "-o", stage.out / "batch"
        stage.command(service, *batch, "--scheduler", cluster.address)


def by_http(stage, live, service):
    data = stage.flat.read_bytes()
    kind = {"Content-Type": "application/fits"}
    frame = stage.ask(live, "POST", "/v1/frames", data, kind)["id"]
    stage.ask(live, "POST", "/v1/frames", stage.cut.read_bytes(), kind, expected=(422,))
    for digest, expected in ((hashlib.sha256(b"").hexdigest(), 422), (None, 200)):
        begun = stage.ask(live, "POST", "/v1/uploads", {"size": len(data), "sha256": digest})
        headers = {"Content-Type": "text/plain", "Upload-Offset": "0"}
        path = f"/v1/uploads/{begun['upload']}"
        coded = base64.b64encode(data)
        stage.ask(live, "POST", path, coded[1:], headers, expected=(422,))
        stage.ask(live, "POST", path, coded, headers, expected=(expected,))
    unfinished = stage.ask(live, "POST", "/v1/uploads", {"size": len(data) + 1})
    stage.ask(live, "POST", f"/v1/uploads/{unfinished['upload']}", coded, headers)
    made = stage.work(live, operation="correct", frame=frame)
    gemini = {"engine": "gemini", "seed": 3}
    stage.ask(live, "POST", "/v1/estimates", {"operation": "correct", "frame": frame,
                                              "options": gemini})  # fmt: skip
    stage.work(live, operation="correct", frame=frame, options=gemini)
    service.mind = lambda _: error(400, "INVALID_ARGUMENT", f"{KEY} is wrong", INVALID)
    stage.work(live, "failed", operation="detect", frame=frame, options={**gemini, "seed": 4})
    stage.work(live, operation="median", path=str(stage.video))
    stage.work(live, operation="fit", correction=made["id"], target=frame)
    stage.ask(live, "GET", f"/v1/jobs/{made['id']}/report.html")
    output = stage.private / "corrected"
    output.mkdir()
    stage.work(
        live, operation="apply", correction=made["id"], paths=[*map(str, stage.images)],
        output=str(output),
    )  # fmt: skip
    assert {path.name for path in output.iterdir()} == {path.name for path in stage.images}
    nights = [
        stage.ask(live, "POST", "/v1/frames", path.read_bytes(), kind)["id"]
        for path in stage.nights
    ]
    stage.work(live, operation="update", flat=frame, frames=nights)
    stage.work(live, "failed", operation="update", flat=frame, frames=[frame] * 5)
    for path in ("/v1/jobs", "/v1/engines", "/v1/health", f"/v1/frames/{frame}", "/"):
        stage.ask(live, "GET", path)
    stage.ask(live, "GET", f"/v1/frames/{frame}.png")
    stage.ask(live, "GET", f"/v1/frames/{frame}.fits")
    stage.ask(live, "POST", "/v1/jobs", {"operation": PRIVATE}, expected=(422,))
    stage.ask(live, "POST", "/v1/shutdown")
    assert live.wait() == 0
    stage.traces.hear("output of serve", live.process.stdout.read() + live.process.stderr.read())


def everything(folder):
    """Do it all in a folder, and leave what came of it in ``folder / "stage"``."""
    made = Stage(folder)
    with Service(mind=made.mind) as service:
        by_command(made, service)
        command = ("-m", "bridge", "serve", "--port", "0")
        live = start(made.home, command=command, **made.environment(service))
        try:
            made.token = live.found["token"]
            by_http(made, live, service)
        finally:
            live.kill()
    made.traces.files(made.home)
    made.traces.files(made.out)
    (folder / "stage").write_bytes(pickle.dumps(made))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """Everything, done once in a run."""
    return pickle.loads((once(tmp_path_factory, "privacy", everything) / "stage").read_bytes())


def test_the_key_is_where_the_user_put_it_and_nowhere_else(stage):
    assert stage.traces.holding(KEY.encode()) == {"state/config.toml"}
    stems = [KEY[:20].encode(), base64.b64encode(KEY.encode())[:20]]
    assert stage.traces.holding(*stems) == {"state/config.toml"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no list to read here")
def test_the_key_and_the_token_are_in_no_list_of_processes(stage):
    commands = stage.traces.commands
    assert any(b"bridge\0serve" in line for line in commands)
    assert any(b"bridge\0correct" in line for line in commands)
    assert any(b"dask_worker" in line for line in commands)
    secrets = (KEY[:20].encode(), stage.token.encode())
    assert [line for line in commands if any(secret in line for secret in secrets)] == []


def test_the_token_is_gone_with_the_bridge(stage):
    assert len(stage.token) >= 32
    assert stage.traces.holding(stage.token.encode()) == set()


def test_pixels_are_in_files_of_images_and_nowhere_else(stage):
    found = {Path(where) for where in stage.traces.holding(*forms(stage.pixels))}
    assert {path.name for path in found} >= {"clean_flat.fits", "inpainted.fits", "median.fits"}
    kept = {path.parts[2] for path in found if path.parts[0] == "state"}
    assert kept == {"frames", "results"}
    assert {path.suffix for path in found} == {".fits"}
    assert {path.parts[0] for path in found} == {"state", "out"}


def test_nothing_unfinished_or_temporary_is_left(stage):
    assert list(stage.temporary.iterdir()) == []
    assert list((stage.home / "store" / "unfinished").rglob("*")) == []


def test_the_log_tells_what_happened_but_not_where_files_are(stage):
    log = "".join(path.read_text(encoding="utf-8") for path in (stage.home / "logs").iterdir())
    assert "succeeded" in log
    assert "failed" in log
    for words in (
        PRIVATE,
        "Anna",
        "sun.ser",
        "flat.fits",
        "flat.xisf",
        "night",
        "corrected",
        str(stage.home),
    ):
        assert words not in log
