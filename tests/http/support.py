"""A bridge in this process or in one of its own, spoken to in verbs."""

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bridge import config, pipeline
from bridge.jobs import Jobs
from bridge.store import Store
from bridge.store.uploads import Uploads
from bridge.web import Services, create_app
from tests.http.stub import StubPipeline, fits

PORT = 7625
TOKEN = "a-token-for-tests"
ROOT = Path(__file__).parents[2]


class Client:
    """The bridge in this process, spoken to in verbs."""

    def __init__(self, app, services, stub, stopped):
        self.http = app.test_client()
        self.services = services
        self.stub = stub
        self.stopped = stopped

    def ask(self, method, path, *, token=TOKEN, host=f"127.0.0.1:{PORT}", headers=None, **body):
        sent = {"Host": host, **({"Authorization": f"Bearer {token}"} if token else {})}
        return self.http.open(
            path, method=method, headers={**sent, **(headers or {})}, buffered=True, **body
        )

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, **more):
        return self.ask("POST", path, **more)

    def send(self, data=None):
        """Send an image; return its id."""
        answer = self.post("/v1/frames", data=data or fits(), content_type="application/fits")
        assert answer.status_code in (200, 201), answer.text
        return answer.json["id"]

    def submit(self, operation="detect", **members):
        members = {
            "operation": operation,
            "frame": members.pop("frame", None) or self.send(),
            **members,
        }
        answer = self.post("/v1/jobs", json=members)
        assert answer.status_code == 202, answer.text
        return answer.json

    def finish(self, job, states=("succeeded", "failed", "cancelled")):
        """Return the job once it is in one of ``states``."""
        return until(
            lambda: self.get(f"/v1/jobs/{job['id']}").json, lambda job: job["state"] in states
        )

    def run(self, operation="detect", **members):
        return self.finish(self.submit(operation, **members))


def slug(answer):
    """Return the kind of a problem; hold its shape against the one there is."""
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    assert set(answer.json) >= {"type", "title", "status", "detail"}
    return answer.json["type"].removeprefix("/problems/")


def until(look, satisfied, seconds=10):
    """Return what ``look`` sees once it is ``satisfied``."""
    deadline = time.monotonic() + seconds
    while not satisfied(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.005)
    return seen


@contextmanager
def bridge_in(home, **more):
    """Give a client of a bridge in this process, on the stub pipeline, with small limits."""
    limits = {"frame_bytes": 200_000, "chunk_bytes": 3000, "queue_length": 2, **more}
    settings = config.load(limits, environ={"FLATBRIDGE_HOME": str(home)})
    stub = StubPipeline(home)
    stopped = []
    with (
        pytest.MonkeyPatch.context() as patch,
        Store(home / "store", settings.store_bytes) as store,
    ):
        patch.setattr(pipeline, "detect", stub.detect)
        patch.setattr(pipeline, "correct", stub.correct)
        jobs = Jobs(store, home / "jobs.sqlite", queue_length=settings.queue_length)
        uploads = Uploads(store, 2 * settings.frame_bytes)
        services = Services(settings, store, uploads, jobs, lambda: stopped.append(True))
        try:
            yield Client(create_app(services, port=PORT, token=TOKEN), services, stub, stopped)
        finally:
            stub.hold.unlink(missing_ok=True)
            jobs.stop()


@dataclass
class Live:
    """A bridge in a process of its own, with the stub for a pipeline."""

    process: subprocess.Popen
    home: Path
    announced: str

    @property
    def found(self):
        return json.loads((self.home / "server.json").read_text(encoding="utf-8"))

    @property
    def address(self):
        return urlsplit(self.found["url"])

    def ask(self, method, path, body=None, headers=None, *, raw=False):
        found = self.found
        address = urlsplit(found["url"])
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            sent = {"Authorization": f"Bearer {found['token']}", **(headers or {})}
            if isinstance(body, dict):
                body, sent["Content-Type"] = json.dumps(body), "application/json"
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        return answer.status, data if raw else json.loads(data)

    def send(self, data):
        status, frame = self.ask("POST", "/v1/frames", data, {"Content-Type": "application/fits"})
        assert status in (200, 201), frame
        return frame["id"]

    def finish(self, job, states=("succeeded", "failed", "cancelled"), seconds=10):
        def look():
            return self.ask("GET", f"/v1/jobs/{job}")[1]

        return until(look, lambda job: job["state"] in states, seconds)

    def memory(self):
        """Most resident bytes so far; None where the system does not tell."""
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        return int(text.split("VmHWM:")[1].split()[0]) * 1024

    def log(self):
        return "".join(
            path.read_text(encoding="utf-8") for path in (self.home / "logs").glob("bridge.log*")
        )

    def wait(self):
        return self.process.wait(20)

    def kill(self):
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()


def start(home, *, command=("-m", "tests.http.stub"), **environ):
    """Start a bridge, on the stub by default; return it once it answers, or has ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLATBRIDGE_")}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, "FLATBRIDGE_HOME": str(home), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Live(process, home, process.stdout.readline())
