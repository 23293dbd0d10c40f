"""A stand-in for the Gemini service on the loopback: scripted, or with a mind of its own.

It checks each request as the service does, and remembers it.
"""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "AIza-marked-key-of-the-tests-0123456789"
RATIOS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "9:21"}
SIZES = {"1K", "2K", "4K"}
FIELDS = {"contents", "generationConfig", "systemInstruction", "safetySettings", "tools"}
MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass
class Request:
    """One question as it arrived: its model, the decoded pictures, the words, the rest."""

    model: str
    version: str
    headers: dict[str, str]
    words: list[str]
    pictures: list[bytes]
    config: dict[str, Any]
    faults: list[str]


@dataclass
class Answer:
    """What is sent back: after ``delay`` seconds; ``cut`` closes the connection instead."""

    status: int = 200
    body: bytes = b""
    delay: float = 0.0
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    """Seconds between single bytes."""


def answer(content: object, status: int = 200, **more: Any) -> Answer:
    return Answer(status, json.dumps(content).encode(), **more)


def picture(data: bytes, mime: str = "image/png", **more: Any) -> Answer:
    return answer(reply([inline(data, mime)]), **more)


def inline(data: bytes, mime: str = "image/png", **more: Any) -> dict[str, Any]:
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}, **more}


def reply(parts: list[dict[str, Any]], finish: str = "STOP", **more: Any) -> dict[str, Any]:
    candidate = {"content": {"parts": parts, "role": "model"}, "finishReason": finish, "index": 0}
    return {
        "candidates": [candidate | more],
        "usageMetadata": {"promptTokenCount": 800, "candidatesTokenCount": 1120},
        "modelVersion": "stand-in",
        "responseId": "r-1",
    }


def error(status: int, name: str, message: str, *details: dict[str, Any]) -> Answer:
    body = {"error": {"code": status, "status": name, "message": message}}
    if details:
        body["error"]["details"] = list(details)
    return answer(body, status)


def retry_info(delay: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def quota(name: str) -> dict[str, Any]:
    violation = {"quotaId": name, "quotaValue": "10"}
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}


class Service:
    """Answers questions with ``mind``, or with the answers given, the last again and again."""

    def __init__(self, *answers: Answer, mind: Callable[[Request], Answer] | None = None) -> None:
        self.requests: list[Request] = []
        self.in_flight = threading.Event()
        self._answers = list(answers)
        self.mind = mind
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service._serve(self, body)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Service:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def environment(self, **settings: object) -> dict[str, str]:
        """Variables that lead a bridge here."""
        found = {"GEMINI_API_KEY": KEY, "FLATBRIDGE_GEMINI_BASE_URL": self.url}
        for name, value in settings.items():
            found[f"FLATBRIDGE_GEMINI_{name.upper()}"] = str(value)
        return found

    def _serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        request = parse(handler.path, dict(handler.headers.items()), body)
        with self._lock:
            self.requests.append(request)
            number = len(self.requests) - 1
        self.in_flight.set()
        if request.faults:
            found = error(400, "INVALID_ARGUMENT", " ".join(request.faults))
        elif self.mind:
            found = self.mind(request)
        else:
            found = self._answers[min(number, len(self._answers) - 1)]
        time.sleep(found.delay)
        if found.cut:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        handler.send_response(found.status)
        for name, value in {"Content-Type": "application/json", **found.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(found.body)))
        handler.end_headers()
        if found.drip:
            for place in range(len(found.body)):
                handler.wfile.write(found.body[place : place + 1])
                time.sleep(found.drip)
        elif found.status != 204:
            handler.wfile.write(found.body)


def parse(path: str, headers: dict[str, str], body: bytes) -> Request:
    faults = []
    lower = {name.lower(): value for name, value in headers.items()}
    match = re.fullmatch(r"/(v1beta|v1)/models/([\w.-]+):generateContent", path)
    if match is None:
        faults.append(f"no such path {path}")
    if lower.get("x-goog-api-key") != KEY:
        faults.append("wrong key")
    content = json.loads(body)
    faults += [f'Unknown name "{name}": Cannot find field.' for name in set(content) - FIELDS]
    words, pictures = [], []
    for part in content["contents"][0]["parts"]:
        if "text" in part:
            words.append(part["text"])
            continue
        data = part["inlineData"]
        mime = data.get("mime_type", data.get("mimeType"))
        raw = base64.urlsafe_b64decode(data["data"])
        if not raw.startswith(MAGIC.get(mime, b"?")):
            faults.append(f"the bytes are no {mime}")
        pictures.append(raw)
    config = content.get("generationConfig", {})
    shape = config.get("imageConfig", {})
    if shape and shape.get("aspectRatio") not in RATIOS:
        faults.append(f"no such ratio {shape.get('aspectRatio')}")
    if shape and shape.get("imageSize") not in SIZES:
        faults.append(f"no such size {shape.get('imageSize')}")
    version, model = match.groups() if match else ("", "")
    return Request(model, version, headers, words, pictures, config, faults)
