"""The guard's order and its rules, held against every route there is."""

import pytest

from bridge.web.guard import NAMES
from tests.http.support import PORT, TOKEN, slug


@pytest.fixture(scope="module")
def client(shared):
    return shared


OPEN = {"/", "/jobs/<word:identity>", "/v1/health", "/static/<name>"}


def addresses(app):
    """Yield every (method, address pattern, address) of the application."""
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<word:identity>", "abc").replace("<word:name>", "mask")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule.rule, path.replace("<name>", "page.css")


@pytest.fixture(scope="module")
def routes(client):
    return list(addresses(client.http.application))


def test_there_are_routes(routes):
    assert len(routes) > 15
    assert {pattern for _, pattern, _ in routes} >= OPEN


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        "127.0.0.1:80",
        f"127.0.0.1.:{PORT}",
        f"127.0.0.1:{PORT}.",
        "",
        f"0.0.0.0:{PORT}",
        f"127.0.0.1:{PORT}@evil",
        f"[::2]:{PORT}",
    ],
)
def test_another_host_is_refused_everywhere(client, routes, host):
    for method, _, path in routes:
        assert slug(client.ask(method, path, host=host)) == "wrong-host", path


@pytest.mark.parametrize("host", [f"{name}:{PORT}" for name in (*NAMES, "LocalHost", "LOCALHOST")])
def test_own_names_in_any_case_are_answered(client, host):
    assert client.get("/v1/health", host=host, token=None).status_code == 200
    assert client.get("/v1/jobs", host=host).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        f"https://127.0.0.1:{PORT}",
        "http://127.0.0.1:80",
        f"http://localhost:{PORT}",
        f"http://127.0.0.1:{PORT}/",
        "file://",
    ],
)
def test_another_origin_is_refused_everywhere(client, routes, origin):
    for method, _, path in routes:
        assert slug(client.ask(method, path, headers={"Origin": origin})) == "wrong-origin", path


def test_own_origin_passes_and_no_answer_allows_others(client, routes):
    for method, _, path in routes:
        answer = client.ask(method, path, headers={"Origin": f"http://127.0.0.1:{PORT}"})
        assert answer.status_code not in (403, 421), path
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN[:-1]}",
        "Bearer \xff\xfe",
    ],
)
def test_without_the_token_only_the_open_addresses_answer(client, routes, given):
    headers = {} if given is None else {"Authorization": given}
    for method, pattern, path in routes:
        answer = client.ask(method, path, token=None, headers=headers)
        if pattern in OPEN:
            assert answer.status_code == 200, path
        else:
            assert slug(answer) == "unauthorized", path
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/v1/", "/V1/health", "/v1/health/x"])
def test_without_the_token_nothing_is_told_about_what_exists(client, path):
    assert slug(client.get(path, token=None)) == "unauthorized"
    assert slug(client.get(path)) == "not-found"


def test_a_token_in_the_query_is_no_token(client):
    assert slug(client.get(f"/v1/jobs?token={TOKEN}", token=None)) == "unauthorized"


def test_the_refusals_come_in_order(client):
    wrong = {
        "host": "evil.example",
        "headers": {"Origin": "https://evil.example"},
        "environ_overrides": {"CONTENT_LENGTH": "99999999"},
        "token": "wrong",
    }
    assert slug(client.post("/v1/frames", **wrong)) == "wrong-host"
    del wrong["host"]
    assert slug(client.post("/v1/frames", **wrong)) == "wrong-origin"
    del wrong["headers"]["Origin"]
    assert slug(client.post("/v1/frames", **wrong)) == "too-large"
    del wrong["environ_overrides"]
    assert slug(client.post("/v1/frames", **wrong)) == "unauthorized"
    del wrong["token"]
    assert slug(client.post("/v1/frames", **wrong)) == "wrong-media-type"


def limit(settings, method, pattern):
    if (method, pattern) == ("POST", "/v1/frames"):
        return settings.frame_bytes
    if (method, pattern) == ("POST", "/v1/uploads/<word:identity>"):
        return settings.chunk_bytes // 3 * 4
    return 2**20


def test_every_address_has_its_size_limit(client, routes, settings):
    for method, pattern, path in routes:
        most = limit(settings, method, pattern)
        over = client.ask(method, path, environ_overrides={"CONTENT_LENGTH": str(most + 1)})
        assert slug(over) == "too-large", path
        assert over.json["limit"] == most
        full = client.ask(method, path, data=bytes(most))
        assert full.status_code != 413
    odd = client.post("/v1/jobs", environ_overrides={"CONTENT_LENGTH": "-1"})
    assert slug(odd) == "bad-request"


def test_no_answer_can_be_stored_framed_or_sniffed(client, routes):
    for method, _, path in routes:
        for answer in (client.ask(method, path), client.ask(method, path, token=None)):
            headers = answer.headers
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
