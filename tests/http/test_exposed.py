"""A bridge that other computers can reach: only for those who say so, and under one name."""

import pytest

from tests.http.support import PORT, bridge_in, slug, start

ELSEWHERE = "192.0.2.1"
"""An address for documentation: no computer has it, so that nothing is ever opened to others."""


def said(home, *arguments):
    live = start(home, command=("-m", "bridge", "serve", *arguments))
    try:
        code = live.wait()
        return code, live.announced + live.process.stdout.read(), live.process.stderr.read()
    finally:
        live.kill()


def test_without_consent_it_is_refused_before_anything_is_touched(tmp_path):
    home = tmp_path / "state"
    code, out, err = said(home, "--host", ELSEWHERE, "--port", "0")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "other computers can reach" in err
    assert "--i-know" in err
    assert not home.exists()


def test_a_setting_is_no_consent(tmp_path):
    (tmp_path / "config.toml").write_text(f'host = "{ELSEWHERE}"', encoding="utf-8")
    code, out, err = said(tmp_path, "--port", "0")
    assert (code, out) == (1, "")
    assert "--i-know" in err


def test_with_consent_it_warns_first_and_then_tries(tmp_path):
    code, out, err = said(tmp_path, "--host", ELSEWHERE, "--port", "0", "--i-know")
    warning, trouble = err.splitlines()
    assert (code, out) == (1, "")
    assert f"Warning: on {ELSEWHERE} other computers can reach the bridge" in warning
    assert "not encrypted" in warning
    assert "does not have the address" in trouble
    assert not (tmp_path / "server.json").exists()


def test_consent_where_none_is_needed_changes_nothing(tmp_path):
    live = start(tmp_path, command=("-m", "bridge", "serve", "--port", "0", "--i-know"))
    try:
        assert live.found["url"].startswith("http://127.0.0.1:")
        assert live.ask("POST", "/v1/shutdown")[0] == 202
        assert live.wait() == 0
        assert live.process.stderr.read() == ""
    finally:
        live.kill()


@pytest.mark.parametrize(
    ("host", "name"), [(ELSEWHERE, ELSEWHERE), ("2001:db8::1", "[2001:db8::1]")]
)
def test_it_answers_to_the_one_address_and_to_no_name(tmp_path, host, name):
    with bridge_in(tmp_path, host=host) as client:
        own = f"{name}:{PORT}"
        assert client.get("/v1/jobs", host=own).status_code == 200
        assert client.get("/v1/jobs", host=own.upper()).status_code == 200
        origin = {"Origin": f"http://{own}"}
        assert client.get("/v1/jobs", host=own, headers=origin).status_code == 200
        assert slug(client.get("/v1/jobs", host=own, token=None)) == "unauthorized"
        for other in ("127.0.0.1", "localhost", "[::1]", "evil.example", "192.0.2.2", "0.0.0.0"):
            assert slug(client.get("/v1/jobs", host=f"{other}:{PORT}")) == "wrong-host"
        assert slug(client.get("/v1/jobs", host=name)) == "wrong-host"
        origin = {"Origin": "http://evil.example"}
        assert slug(client.get("/v1/jobs", host=own, headers=origin)) == "wrong-origin"


def test_another_loopback_address_is_one_more_name(tmp_path):
    with bridge_in(tmp_path, host="127.0.0.2") as client:
        for name in ("127.0.0.2", "127.0.0.1", "localhost"):
            assert client.get("/v1/jobs", host=f"{name}:{PORT}").status_code == 200
        assert slug(client.get("/v1/jobs", host=f"127.0.0.3:{PORT}")) == "wrong-host"
