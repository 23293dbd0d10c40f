"""The bridge as a program: found by its files, one per folder, ended cleanly, killed."""

import json
import os
import shutil
import signal
import socket
import sys

import pytest

from tests.http.stub import fits

POSIX = os.name == "posix"


def test_the_bridge_is_found_by_its_files(launch, tmp_path):
    home = tmp_path / "state"
    live = launch(home)
    found = live.found
    assert set(found) == {"url", "token", "pid", "version"}
    assert found["url"] == f"http://127.0.0.1:{live.address.port}"
    assert found["pid"] == live.process.pid
    assert len(found["token"]) >= 32
    launched = json.loads((home / "launch.json").read_text(encoding="utf-8"))
    assert os.path.isabs(launched["python"])
    assert launched["args"] == ["-m", "bridge", "serve", "--port", "0"]
    if POSIX:
        assert (home / "server.json").stat().st_mode & 0o777 == 0o600
        assert home.stat().st_mode & 0o777 == 0o700
    assert live.ask("GET", "/v1/engines")[0] == 200


ENDINGS = ["shutdown", *([signal.SIGTERM, signal.SIGINT] if POSIX else [])]


def test_a_socket_of_the_environment_is_not_taken_for_the_address(launch):
    bridge = launch(LISTEN_PID="1", LISTEN_FDS="1")
    assert bridge.ask("GET", "/v1/health")[0] == 200
    assert bridge.address.hostname == "127.0.0.1"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_bridge_ends_cleanly_even_at_work(launch, tmp_path, ending):
    live = launch()
    (tmp_path / "hold").touch()
    frame = live.send(fits())
    _, job = live.ask("POST", "/v1/jobs", {"operation": "detect", "frame": frame})
    live.finish(job["id"], states=("running",))
    if ending == "shutdown":
        assert live.ask("POST", "/v1/shutdown")[0] == 202
    else:
        live.process.send_signal(ending)
    assert live.wait() == 0
    assert live.process.stderr.read() == ""
    assert not (tmp_path / "server.json").exists()
    assert not list((tmp_path / "store" / "unfinished").iterdir())
    (tmp_path / "hold").unlink()
    again = launch()
    assert again.ask("GET", f"/v1/jobs/{job['id']}")[1]["state"] == "cancelled"


def test_a_second_bridge_says_so_and_leaves(launch, tmp_path):
    first = launch()
    before = (tmp_path / "server.json").read_bytes()
    second = launch()
    assert second.wait() == 1
    assert "runs on" in second.process.stderr.read()
    assert (tmp_path / "server.json").read_bytes() == before
    assert first.ask("GET", "/v1/health")[0] == 200


def test_a_taken_port_is_told_in_one_sentence(launch, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        live = launch(BRIDGE_TEST_PORT=str(port))
        assert live.wait() == 1
        said = live.process.stderr.read()
    assert str(port) in said
    assert "Traceback" not in said
    assert not (tmp_path / "server.json").exists()


def test_killed_at_work_it_comes_back_whole(launch, tmp_path):
    live = launch()
    frame = live.send(fits())
    _, done = live.ask("POST", "/v1/jobs", {"operation": "detect", "frame": frame})
    done = live.finish(done["id"])
    (tmp_path / "hold").touch()
    _, cut = live.ask("POST", "/v1/jobs", {"operation": "correct", "frame": frame})
    live.finish(cut["id"], states=("running",))
    waiting = {"operation": "correct", "frame": frame, "options": {"threshold": 9}}
    _, queued = live.ask("POST", "/v1/jobs", waiting)
    live.ask("POST", "/v1/uploads", {"size": 100})
    live.kill()
    (tmp_path / "hold").unlink()

    again = launch()
    kept = again.ask("GET", f"/v1/jobs/{done['id']}")[1]
    assert kept == done
    assert again.ask("GET", kept["results"]["mask"]["url"], raw=True)[0] == 200
    for job in (cut, queued):
        failed = again.ask("GET", f"/v1/jobs/{job['id']}")[1]
        assert failed["state"] == "failed"
        assert failed["problem"]["type"] == "/problems/interrupted"
    assert len(list((tmp_path / "store" / "unfinished").iterdir())) == 2
    _, fresh = again.ask("POST", "/v1/jobs", {"operation": "correct", "frame": frame})
    assert fresh["id"] != cut["id"]
    assert again.finish(fresh["id"])["state"] == "succeeded"
    known = again.ask("POST", "/v1/jobs", {"operation": "detect", "frame": frame})[1]
    assert known["id"] == done["id"]


@pytest.mark.skipif(sys.platform == "win32", reason="console events need a console of their own")
def test_the_url_is_announced_in_one_line(tmp_path):
    from tests.http.support import start

    live = start(tmp_path)
    try:
        assert live.announced == live.found["url"] + "\n"
        live.ask("POST", "/v1/shutdown")
        assert live.wait() == 0
        assert live.process.stdout.read() == ""
    finally:
        live.kill()


@pytest.mark.skipif(not POSIX, reason="open files cannot be removed elsewhere")
def test_a_store_cleared_meanwhile_is_told_and_made_anew_at_the_next_start(launch, tmp_path):
    live = launch()
    live.send(fits())
    shutil.rmtree(tmp_path / "store")
    status, told = live.ask("POST", "/v1/frames", fits(), {"Content-Type": "application/fits"})
    assert (status, told["type"]) == (500, "/problems/damaged-store")
    assert "start it again" in told["detail"]
    assert live.ask("POST", "/v1/shutdown", {})[0] == 202
    assert live.wait() == 0
    assert launch().send(fits())
