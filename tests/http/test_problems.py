"""Every failure has one shape, and one slug per kind."""

import importlib
import logging
import pkgutil
import re

import pytest

import bridge
from bridge.errors import BridgeError
from bridge.store.errors import NotFound
from bridge.web.pages import SCRIPTS
from tests.http.stub import fits
from tests.http.support import slug


@pytest.fixture(scope="module")
def client(shared):
    return shared


KNOWN = {
    "bad-configuration": 500,
    "bad-json": 400,
    "bad-option": 422,
    "bad-request": 400,
    "bad-upload": 422,
    "cancelled": 409,
    "cannot-serve": 409,
    "digest-mismatch": 422,
    "engine-bad-output": 500,
    "engine-failed": 500,
    "engine-unavailable": 409,
    "failed": 500,
    "file-trouble": 409,
    "internal-error": 500,
    "interrupted": 500,
    "job-not-ready": 409,
    "mask-geometry": 422,
    "no-clean-pixels": 422,
    "no-room": 507,
    "not-found": 404,
    "out-of-memory": 507,
    "queue-full": 429,
    "stopping": 503,
    "too-large": 413,
    "too-many-uploads": 429,
    "too-slow": 408,
    "unauthorized": 401,
    "unknown-frame": 422,
    "unreadable-image": 422,
    "unsupported-frame": 422,
    "wrong-host": 421,
    "wrong-media-type": 415,
    "wrong-method": 405,
    "wrong-offset": 409,
    "wrong-origin": 403,
}


def kinds(base=BridgeError):
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


def test_the_table_of_slugs_is_complete():
    for package in ("store", "jobs", "web"):
        module = importlib.import_module(f"bridge.{package}")
        for found in pkgutil.iter_modules(module.__path__, f"bridge.{package}."):
            importlib.import_module(found.name)
    importlib.import_module("bridge.serve")
    assert bridge.__version__
    found = [(kind.slug, kind.status) for kind in kinds() if kind.__module__.startswith("bridge.")]
    assert dict(found).keys() >= KNOWN.keys()
    assert {name: dict(found)[name] for name in KNOWN} == KNOWN
    assert len({name for name, _ in found}) == len(found), "two kinds share a slug"


def test_every_kind_says_what_it_is():
    for kind in kinds():
        assert "title" in vars(kind), kind
        assert kind.__doc__, kind


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/uploads", "/v1/estimates"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b"5",
        b"null",
        b"{'a': 1}",
        b'{"a": NaN}',
        b"\xff\xfe",
        b"[" * 10**5,
        b'{"a": Infinity}',
        rb'{"operation": "detect", "frame": "\ud800"}',
        rb'{"\udfff": 1}',
    ],
)
def test_what_is_no_json_object_is_refused(client, path, body):
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert slug(answer) == "bad-json"


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/uploads", "/v1/estimates"])
@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_json_has_to_be_declared(client, path, kind):
    assert slug(client.post(path, data=b"{}", content_type=kind)) == "wrong-media-type"


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/uploads", "/v1/estimates"])
def test_unknown_and_missing_members_are_named(client, path):
    extra = client.post(path, json={"surprise": 1})
    assert extra.status_code == 422
    assert "surprise" in extra.json["detail"]
    missing = client.post(path, json={})
    assert slug(missing) == "bad-option"
    assert "missing" in missing.json["detail"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/v1/health", "/v1/jobs", "/v1/frames", "/", "/v1/shutdown"])
def test_another_method_is_refused(client, method, path):
    answer = client.ask(method, path)
    assert answer.status_code == 405
    assert slug(answer) == "wrong-method"
    assert answer.headers["Allow"] == ", ".join(answer.json["allowed"])
    assert set(answer.json["allowed"]) <= {"GET", "POST"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/jobs/",
        "/v1//jobs",
        "//v1/jobs",
        "/v1/health/",
        "/v1/frames/",
        "/jobs",
        "/jobs/",
        "/static/",
        "/static/../page.py",
        "/static/page.html",
        "/static/%2e%2e/app.py",
        "/v1/JOBS",
    ],
)
def test_addresses_are_exact_and_nothing_redirects(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert slug(answer) == "not-found"


def test_a_bug_is_told_by_an_id_and_logged(client, monkeypatch, caplog):
    def broken(self):
        raise ZeroDivisionError("a secret in a traceback")

    monkeypatch.setattr("bridge.jobs.Jobs.listing", broken)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/v1/jobs")
    assert answer.status_code == 500
    assert slug(answer) == "internal-error"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json["id"] in caplog.text
    assert "a secret in a traceback" in caplog.text


def test_too_little_memory_is_told(client, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr("bridge.store.store.outline_of", exhausted)
    answer = client.post("/v1/frames", data=fits(9), content_type="application/fits")
    assert slug(answer) == "out-of-memory"


def test_a_problem_says_what_its_kind_says():
    problem = NotFound("No such thing.", hint=3).problem()
    assert problem == {
        "type": "/problems/not-found",
        "title": "There is nothing here",
        "status": 404,
        "detail": "No such thing.",
        "hint": 3,
    }


def test_health_needs_no_token_and_tells_who_answers(client):
    answer = client.get("/v1/health", token=None)
    assert answer.json == {"name": "flatbridge", "version": bridge.__version__, "api": 1}


def test_the_engines_and_their_options_are_listed(client):
    from bridge.options import OPTIONS

    local = next(one for one in client.get("/v1/engines").json["engines"] if one["name"] == "local")
    assert local["roles"] == ["detector", "inpainter"]
    assert local["sends_pixels_away"] is False
    assert {option["name"] for option in local["options"]} == set(OPTIONS)
    for option in local["options"]:
        assert {"name", "type", "default", "help"} <= set(option)


def test_shutting_down_is_passed_on(client):
    answer = client.post("/v1/shutdown")
    assert answer.status_code == 202
    assert client.stopped == [True]


def test_the_page_holds_no_data_and_loads_nothing_from_elsewhere(client):
    job = client.run()
    shell = client.get("/", token=None)
    same = client.get(f"/jobs/{job['id']}", token=None)
    assert shell.data == same.data
    assert shell.content_type == "text/html; charset=utf-8"
    assert job["id"] not in shell.text
    for name in ("page.css", "page.js", "mark.svg"):
        answer = client.get(f"/static/{name}", token=None)
        assert answer.status_code == 200
        assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
        assert f"/static/{name}" in shell.text
    for name in SCRIPTS:
        answer = client.get(f"/static/{name}", token=None)
        assert answer.content_type == "text/javascript; charset=utf-8"
        named = set(re.findall(r'from "/static/([^"]+)"', answer.text))
        assert named <= set(SCRIPTS)
    assert "<script>" not in shell.text
    assert " style=" not in shell.text
