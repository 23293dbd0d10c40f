"""The commands beside the main job."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bridge import pipeline
from bridge.cli import synthetic
from bridge.cli.synthetic import dusty_flat
from tests.e2e.cli_support import FlatBridge, tree

ROOT = Path(__file__).parents[2]


@pytest.fixture
def flatbridge(tmp_path_factory, monkeypatch, capsys):
    monkeypatch.setenv("FLATBRIDGE_PORT", str(free_port()))
    return FlatBridge(tmp_path_factory.mktemp("home"), monkeypatch, capsys)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_engines_are_listed_with_what_matters(flatbridge):
    done = flatbridge("engines")
    assert (done.code, done.err) == (0, "")
    header, local, *_ = done.out.splitlines()
    assert "SENDS PIXELS AWAY" in header
    assert re.match(r"local +detector, inpainter +no +yes", local)


def test_config_tells_where_each_value_comes_from(flatbridge, monkeypatch):
    (flatbridge.home / "config.toml").write_text("queue_length = 7\n", encoding="utf-8")
    monkeypatch.setenv("FLATBRIDGE_LOG_LEVEL", "DEBUG")
    lines = flatbridge("config").out.splitlines()
    found = {line.split()[0]: re.split(r" {2,}", line)[1:] for line in lines}
    assert found["home"] == [str(flatbridge.home), "FLATBRIDGE_HOME"]
    assert found["queue_length"] == ["7", str(flatbridge.home / "config.toml")]
    assert found["log_level"] == ["DEBUG", "environment"]
    assert found["host"] == ["127.0.0.1", "default"]
    (flatbridge.home / "config.toml").write_text("colour = 'red'\n", encoding="utf-8")
    assert "colour" in flatbridge.refuses("config")


def test_doctor_is_content_where_flats_can_be_corrected(flatbridge):
    done = flatbridge("doctor")
    assert (done.code, done.err) == (0, "")
    assert "FAIL" not in done.out
    assert "can correct flats on this machine" in done.out
    assert "numpy" in done.out


def test_doctor_fails_only_where_the_main_job_does(flatbridge, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("no engine")

    monkeypatch.setattr(pipeline, "correct", broken)
    done = flatbridge("doctor")
    assert done.code == 1
    assert [line for line in done.out.splitlines() if "FAIL " in line and "no engine" in line]


def test_doctor_tells_of_the_key(flatbridge, monkeypatch):
    assert "Gemini cannot be asked" in flatbridge("doctor").out
    monkeypatch.setenv("GEMINI_API_KEY", "a-marked-key")
    done = flatbridge("doctor")
    assert "its key comes from GEMINI_API_KEY" in done.out
    assert "a-marked-key" not in done.out + done.err


def test_doctor_tells_of_a_taken_port_and_what_to_do(flatbridge, monkeypatch):
    (flatbridge.home / "server.json").write_text('{"url": "http://127.0.0.1:1"}', encoding="utf-8")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("FLATBRIDGE_PORT", str(port))
        done = flatbridge("doctor")
    assert done.code == 0
    assert f"another program uses port {port}" in done.out
    assert "--port 0" in done.out


def test_doctor_tells_of_a_setting_that_does_not_fit(flatbridge):
    (flatbridge.home / "config.toml").write_text("colour = 'red'\n", encoding="utf-8")
    done = flatbridge("doctor")
    assert done.code == 1
    assert "colour" in done.out


def test_demo_leaves_nothing(flatbridge, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(synthetic, "_HEIGHT", 400)
    monkeypatch.setattr(synthetic, "_WIDTH", 600)
    done = flatbridge("demo", "--seed", "3")
    assert (done.code, done.err) == (0, "")
    assert "of the dust is gone" in done.out
    assert tree(tmp_path) == {}
    assert tree(flatbridge.home) == {}


def test_demo_removes_the_dust_and_keeps_its_results_where_asked(flatbridge, tmp_path):
    done = flatbridge("demo", "-o", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert float(re.search(r"([\d.]+) % of the dust is gone", done.out)[1]) > 90
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert "16 shadows found" in done.out
    assert {"demo_flat.fits", "correction.fits", "report.html"} <= names
    assert "exists already" in flatbridge.refuses("demo", "-o", tmp_path / "out")


def test_the_made_up_flat_is_the_same_for_the_same_seed():
    first, again, other = dusty_flat(1), dusty_flat(1), dusty_flat(2)
    assert first.frame.digest == again.frame.digest != other.frame.digest
    assert first.frame.sample_format == "uint16"
    assert 0.01 < first.dust_left(first.transmission[None].clip(1, 1)) < 0.2
    assert first.dust_left(first.transmission[None]) < 1e-6


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["serve", "--port", "-1"], ["demo", "--seed", "x"]]
)
def test_usage_errors(flatbridge, arguments):
    assert flatbridge(*arguments).code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal to end a child kindly")
def test_serve_says_where_it_listens_and_ends_on_a_signal(tmp_path):
    environment = {**os.environ, "FLATBRIDGE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "bridge", "serve", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as bridge:
        try:
            line = bridge.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            with urlopen(f"{url}/v1/health", timeout=10) as answer:
                assert json.load(answer)["name"] == "flatbridge"
            second = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30
            )
            assert second.returncode == 1
            assert second.stderr.startswith("flatbridge: ")
            assert second.stderr.count("\n") == 1
        finally:
            bridge.send_signal(signal.SIGTERM)
            rest, said = bridge.communicate(timeout=30)
    assert (bridge.returncode, rest, said) == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="a terminal is made differently elsewhere")
def test_a_terminal_is_shown_the_link_and_nothing_else_is(tmp_path):
    home = tmp_path / "home"
    terminal, end = os.openpty()
    bridge = subprocess.Popen(
        [sys.executable, "-m", "bridge", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "FLATBRIDGE_HOME": str(home)},
        stdout=end,
    )
    try:
        with open(terminal, encoding="utf-8") as shown:
            lines = [shown.readline(), shown.readline()]
            found = json.loads((home / "server.json").read_text(encoding="utf-8"))
            link = f"{found['url']}/#token={found['token']}"
            assert lines[1] == f"Review in a browser: {link}\n"
            bearer = {"Authorization": f"Bearer {found['token']}"}
            asked = Request(f"{found['url']}/v1/shutdown", b"", bearer, method="POST")
            urlopen(asked, timeout=10).close()
            assert bridge.wait(30) == 0
    finally:
        os.close(end)
        bridge.kill()
        bridge.wait(30)
    assert found["token"] not in (home / "logs" / "bridge.log").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="a pipe that ends is told of differently elsewhere")
def test_a_reader_that_goes_away_hears_no_complaint(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bridge", "config"], cwd=ROOT, stdout=writer,
            stderr=subprocess.PIPE, timeout=60, check=False,
            env={**os.environ, "FLATBRIDGE_HOME": str(tmp_path)},
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
