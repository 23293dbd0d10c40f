"""What goes wrong is told in a sentence, and leaves everything as it was."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pixinsight.script.conftest import ROOT, Play


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def said(texts: list[str], words: str) -> bool:
    return any(words in text for text in texts)


def test_no_bridge_and_no_way_to_start_one(
    play: Play, state: Path, flat: NDArray[np.float32]
) -> None:
    told = play("one_button", state, {"flat": flat}, button="Run", answers=["No"])
    assert "show where the program" in told["questions"][0]
    assert said(told["texts"], "flatbridge install-script")
    assert told["ids"] == told["before"]


@pytest.mark.skipif(os.name == "nt", reason="its stand-in for the program is a shell script")
@pytest.mark.parametrize("place", ["usual", "shown"])
def test_a_program_that_never_ran_is_found_or_shown(
    play: Play, state: Path, flat: NDArray[np.float32], tmp_path: Path, place: str
) -> None:
    folder = tmp_path / ("home/.local/bin" if place == "usual" else "elsewhere")
    folder.mkdir(parents=True)
    program = folder / "flatbridge"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bridge "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    how = {} if place == "usual" else {"answers": ["Yes"], "program": [str(program)]}
    told = play(
        "one_button", state, {"flat": flat}, button="Run", **how,
        host={"environment": {"PYTHONPATH": str(ROOT)}},
    )  # fmt: skip
    assert "flat_dustfactor" in told["ids"]
    assert told["detached"] == 1


def test_an_interpreter_that_has_gone(play: Play, state: Path, flat: NDArray[np.float32]) -> None:
    launch = {"python": str(state / "gone-ü" / "python"), "args": ["-m", "bridge", "serve"]}
    text = json.dumps(launch, ensure_ascii=False)
    (state / "launch.json").write_text(text, encoding="utf-8")
    told = play("one_button", state, {"flat": flat}, button="Run", answers=["No"])
    assert said(told["texts"], "flatbridge doctor")
    assert said(told["texts"], "gone-ü")
    assert told["ids"] == told["before"]


def test_a_stale_server_file_and_a_bridge_to_start(
    play: Play, state: Path, flat: NDArray[np.float32]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    server = {"url": url, "token": "stale", "pid": 1, "version": "0"}
    (state / "server.json").write_text(json.dumps(server), encoding="utf-8")
    launch = {"python": sys.executable, "args": ["-m", "bridge", "serve", "--port", "0"]}
    (state / "launch.json").write_text(json.dumps(launch), encoding="utf-8")
    told = play(
        "one_button", state, {"flat": flat}, button="Run",
        host={"environment": {"PYTHONPATH": str(ROOT)}},
    )  # fmt: skip
    assert "flat_dustfactor" in told["ids"]
    assert told["detached"] == 1


@pytest.mark.parametrize("code", ["number", "string"])
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ("complete", "The mask is 20 x 10 pixels, the image 300 x 220."),
        ("failed", "The mask is 20 x 10 pixels, the image 300 x 220."),
        ("withheld", "cannot be understood (HTTP status 422)"),
    ],
)
def test_a_mask_that_does_not_fit(
    play: Play, bridge: Path, flat: NDArray[np.float32], answers: str, words: str, code: str
) -> None:
    quirks = {"errorAnswers": answers, "responseCodeType": code}
    keywords = [["FBPLANE", "'mask'", ""], ["FBSOURC", "'flat'", ""], ["FBJOB", "'0'", ""]]
    windows = {"small": {"width": 20, "height": 10, "keywords": keywords}}
    told = play(
        "one_button", bridge, {"flat": flat}, button="Correct", windows=windows,
        host={"quirks": quirks},
    )  # fmt: skip
    assert said(told["texts"], words)
    assert told["ids"] == told["before"]


@pytest.mark.parametrize("when", ["Sending", "Looking for dust"])
def test_cancel_is_heard_within_two_seconds(
    play: Play, bridge: Path, large: NDArray[np.float32], when: str
) -> None:
    lazy = {"quirks": {"progressSeconds": 1}}  # handlers are called but once a second
    told = play("interrupted", bridge, {"flat": large}, when=when, how="cancel", host=lazy)
    assert told["enabledMeanwhile"] == ["Cancel"]
    assert told["seconds"] < 2
    assert said(told["texts"], "Cancelled.")
    assert told["ids"] == told["before"]


def test_a_flat_closed_meanwhile_is_not_missed(
    play: Play, bridge: Path, large: NDArray[np.float32]
) -> None:
    told = play("interrupted", bridge, {"flat": large}, when="Looking for dust", how="closeSource")
    assert told["ids"] == ["flat_dustmask", "flat_dustfactor", "flat_dustfree"]


@pytest.mark.parametrize("operation", ["open", "write"])
def test_a_disk_that_takes_no_file(
    play: Play, bridge: Path, flat: NDArray[np.float32], operation: str
) -> None:
    fault = {"operation": operation, "path": "flatbridge_"}
    told = play("one_button", bridge, {"flat": flat}, button="Run", faults=[fault])
    assert said(told["texts"], "The temporary file")
    assert told["ids"] == told["before"]


def test_a_disk_that_is_full_when_results_come(
    play: Play, bridge: Path, flat: NDArray[np.float32]
) -> None:
    fault = {"operation": "write", "path": "flatbridge_", "after": 1}
    told = play("one_button", bridge, {"flat": flat}, button="Run", faults=[fault])
    assert said(told["texts"], "A result could not be stored (a fault of the test")
    assert told["ids"] == told["before"]


def test_two_programs_never_share_a_temporary_file(play: Play, bridge: Path) -> None:
    fault = {"operation": "open", "path": "flatbridge_"}
    flat = np.full((8, 8), 0.5, np.float32)
    first, second = (
        play("one_button", bridge, {"flat": flat}, button="Run", faults=[fault])["texts"]
        for _ in range(2)
    )
    assert first != second


@pytest.mark.parametrize(
    ("answer", "words", "asked"),
    [
        ({"name": "flatbridge", "version": "9.0ü", "api": 2}, "(version 9.0ü) and this script", []),
        ({"name": "another program"}, "flatbridge install-script", ["No"]),
        (None, "flatbridge install-script", ["No"]),
    ],
    ids=["newer bridge", "another program", "a program that never answers"],
)
def test_whoever_else_listens_there(
    play: Play, state: Path, flat: NDArray[np.float32], answer: dict[str, Any] | None, words: str,
    asked: list[str],
) -> None:  # fmt: skip
    with listening(answer) as port:
        server = {"url": f"http://127.0.0.1:{port}", "token": "t"}
        (state / "server.json").write_text(json.dumps(server), encoding="utf-8")
        told = play("one_button", state, {"flat": flat}, button="Run", answers=asked)
    assert said(told["texts"], words)
    assert told["seconds"] < 15
    assert told["ids"] == told["before"]


def test_cancel_is_heard_while_an_answer_is_waited_for(
    play: Play, state: Path, flat: NDArray[np.float32]
) -> None:
    with listening(None) as port:
        server = {"url": f"http://127.0.0.1:{port}", "token": "t"}
        (state / "server.json").write_text(json.dumps(server), encoding="utf-8")
        when = "Looking for the bridge"
        told = play("interrupted", state, {"flat": flat}, when=when, how="cancel", pause=0.5)
    assert told["seconds"] < 2
    assert said(told["texts"], "Cancelled.")


@contextmanager
def listening(answer: dict[str, Any] | None) -> Iterator[int]:
    """Answer one request after another with ``answer``, or never."""
    body = json.dumps(answer, ensure_ascii=False).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not over.is_set():
            with suppress(OSError):  # among them the timeout of a turn
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(10)
                    connection.recv(65536)
                    if answer is None:
                        over.wait(20)
                    else:
                        connection.sendall(head.encode() + body)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        thread = threading.Thread(target=serve, args=[listener])
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join(20)


def test_a_token_of_another_bridge(
    play: Play, bridge: Path, state: Path, flat: NDArray[np.float32]
) -> None:
    server = json.loads((bridge / "server.json").read_text(encoding="utf-8"))
    (state / "server.json").write_text(json.dumps({**server, "token": "old"}), encoding="utf-8")
    told = play("one_button", state, {"flat": flat}, button="Run")
    assert said(told["texts"], "belongs to another user")
    assert told["ids"] == told["before"]


def test_closing_the_dialog_cancels(play: Play, bridge: Path, large: NDArray[np.float32]) -> None:
    told = play("interrupted", bridge, {"flat": large}, when="Looking for dust", how="close")
    assert told["ids"] == told["before"]
