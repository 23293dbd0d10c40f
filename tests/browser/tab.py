"""One tab of a Chromium that is driven by its DevTools protocol, through two pipes."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

SECONDS = 60.0
"""How long anything may take before the test fails."""

LAUNCH = """
import fcntl, os, sys
for want, have in zip((3, 4), [fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]]):
    os.dup2(have, want)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium listens on 3 and answers on 4, whatever numbers the pipes have here."""

KEYS = {"Enter": ("\r", 13), " ": (" ", 32), "ArrowLeft": ("", 37), "ArrowRight": ("", 39)}


class Unanswered(AssertionError):
    """A command failed, or an expression threw: both happen while a page gives way to the next."""


class Tab:
    """What a test does with a page."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._rest = b""
        self._last = 0
        self._session: str | None = None
        self.troubles: list[str] = []
        self.consents: list[bool] = []
        """What the next questions that a page asks are answered with; any more are troubles."""
        self.questions: list[str] = []
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        attached = self.tell("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.tell(f"{domain}.enable")
        self.resize(1280, 1000)

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command; return its result."""
        number = self._send(method, params)
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "error" in answer:
                    raise Unanswered(answer)
                return answer["result"]
            self._note(answer)

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        return self._last

    def open(self, address: str) -> None:
        self.tell("Page.navigate", url=address)

    def resize(self, width: int, height: int) -> None:
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def ask(self, expression: str) -> Any:
        """Return what an expression of JavaScript yields in the page."""
        found = self.tell(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            raise Unanswered(found)
        return found["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Return what the expression yields once that is true."""
        deadline = time.monotonic() + SECONDS
        while True:
            with suppress(Unanswered):
                if seen := self.ask(expression):
                    return seen
            shown = "document.body?.innerText"
            assert time.monotonic() < deadline, (expression, self.ask(shown), self.troubles)
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        self.wait(f"document.querySelector({json.dumps(selector)}) !== null")
        self.ask(f"document.querySelector({json.dumps(selector)}).click()")

    def mouse(self, kind: str, x: float, y: float, buttons: int) -> None:
        button = "left" if kind != "mouseMoved" else "none"
        self.tell(
            "Input.dispatchMouseEvent",
            type=kind, x=x, y=y, button=button, buttons=buttons, clickCount=1,
        )  # fmt: skip

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key and let it go; modifiers: 1 Alt, 2 Control, 4 Meta, 8 Shift."""
        text, code = KEYS.get(key, (key, ord(key.upper()[0])))
        facts = {"key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code}
        self.tell("Input.dispatchKeyEvent", type="keyDown", text="" if modifiers else text, **facts)
        self.tell("Input.dispatchKeyEvent", type="keyUp", **facts)

    def night(self) -> None:
        feature = {"name": "prefers-color-scheme", "value": "dark"}
        self.tell("Emulation.setEmulatedMedia", features=[feature])

    def picture(self, path: Path) -> None:
        """Keep what the whole page looks like."""
        taken = self.tell("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(taken["data"]))

    def choose(self, selector: str, path: Path) -> None:
        """Give a file to a file input."""
        found = self.tell(
            "Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})"
        )
        handle = found["result"]["objectId"]
        self.tell("DOM.setFileInputFiles", files=[str(path)], objectId=handle)

    def downloads_to(self, folder: Path) -> None:
        self.tell("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._answers], [], [], SECONDS)
            assert ready, "Chromium does not answer"
            piece = os.read(self._answers, 2**20)
            assert piece, "Chromium has ended"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        """Remember what a page complains of: exceptions, and what its policy refused."""
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.troubles.append(json.dumps(params["exceptionDetails"])[:1000])
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.troubles.append(params["entry"]["text"])
        elif method == "Page.javascriptDialogOpening" and self.consents:
            self.questions.append(params["message"])
            # Nothing else is answered before this is, so its own answer is not waited for.
            self._send("Page.handleJavaScriptDialog", {"accept": self.consents.pop(0)})
        elif method == "Page.javascriptDialogOpening":
            self.troubles.append(params["message"])


@contextmanager
def opened(chromium: str, flags: Sequence[str], home: Path) -> Iterator[Tab]:
    """Give a tab of a Chromium with a profile of its own."""
    home.mkdir()
    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    listens, commands = os.pipe()
    answers, speaks = os.pipe()
    launch = [sys.executable, "-c", LAUNCH, str(listens), str(speaks), chromium, *flags]
    process = subprocess.Popen(
        [*launch, "--remote-debugging-pipe", f"--user-data-dir={home / 'profile'}"],
        pass_fds=(listens, speaks),
        env={**os.environ, **places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(listens)
    os.close(speaks)
    try:
        yield Tab(commands, answers)
    finally:
        os.close(commands)  # which tells Chromium to end
        os.close(answers)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
