"""The bridge as a running program: one per state folder, found by its files, ended cleanly."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bridge import __version__
from bridge.config import Settings
from bridge.errors import BridgeError
from bridge.jobs import Jobs
from bridge.logs import logging_to
from bridge.settings import is_loopback
from bridge.store import Store
from bridge.store.files import private_folder, remove, write_private
from bridge.store.lock import FileLock
from bridge.store.uploads import Uploads
from bridge.web import Services, create_app
from bridge.web.server import Server

log = logging.getLogger(__name__)

SERVER_FILE: Final = "server.json"
LAUNCH_FILE: Final = "launch.json"


class CannotServe(BridgeError):
    """The bridge cannot start: another one runs, its address is taken, or others could reach it."""

    slug = "cannot-serve"
    title = "The bridge cannot start"
    status = 409


EXPOSED: Final = (
    "other computers can reach the bridge. Whoever reads the traffic, which is not encrypted, has "
    "its token, with it the images, and the videos on this computer."
)


def serve(
    settings: Settings, *, announce: Callable[[str, str], None], exposed: bool = False
) -> int:
    """Run the bridge until it is told to end; return the exit status, 0.

    Parameters
    ----------
    settings
        The settings in force.
    announce
        Called with the URL and the token once connections are accepted.
    exposed
        Whether the user knows that an address beyond this computer's loopback lets others in.

    Raises
    ------
    CannotServe
        If a bridge runs on this state folder already, the port is taken, or others could reach
        it and ``exposed`` is not set.
    """
    if not exposed and not is_loopback(settings.host):
        raise CannotServe(f"On {settings.host} {EXPOSED} Give --i-know if that is what you want.")
    home = private_folder(settings.home)
    with ExitStack() as parts:
        parts.enter_context(_only_one(home))
        token = secrets.token_urlsafe(32)
        hidden = (token, settings.gemini_key)
        parts.enter_context(logging_to(home / "logs", settings.log_level, hidden))
        store = parts.enter_context(Store(home / "store", settings.store_bytes))
        server = _listening(settings)
        parts.callback(server.stop)
        host, port = server.bind_addr
        jobs = Jobs(store, home / "jobs.sqlite", queue_length=settings.queue_length)
        parts.callback(jobs.stop)
        stop = threading.Event()
        services = Services(
            settings, store, Uploads(store, 2 * settings.frame_bytes), jobs, stop.set
        )
        server.wsgi_app = create_app(services, port=port, token=token)
        accepting = threading.Thread(target=server.serve, name="accept", daemon=True)
        accepting.start()
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        write_launch_file(home)
        parts.enter_context(_found_by(home, url, token))
        log.info("FlatBridge %s answers on port %d", __version__, port)
        if not is_loopback(settings.host):
            log.warning("Others can reach it: --i-know was given")
        announce(url, token)
        _wait(stop)
        log.info("ending")
    return 0


def write_launch_file(home: Path) -> Path:
    """Write launch.json, from which the PixInsight script starts the bridge; return its path.

    The folder must exist.
    """
    path = home / LAUNCH_FILE
    arguments = ["-m", "bridge", "serve", "--port", "0"]
    write_private(path, json.dumps({"python": os.path.abspath(sys.executable), "args": arguments}))
    return path


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    lock = FileLock(home / "bridge.lock")
    if not lock.acquire():
        raise CannotServe(f"A bridge runs on {home} already; stop it first, or use that one.")
    try:
        yield
    finally:
        lock.release()


def _listening(settings: Settings) -> Server:
    """Return a server whose socket is bound; nothing is accepted before `Server.serve`."""
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    server = Server(host, settings.port)
    try:
        server.prepare()
    except OSError:
        raise CannotServe(
            f"Port {settings.port} on {host} cannot be used, most likely since another program "
            "does; choose another with --port, or --port 0 for any free one."
            if is_loopback(host)
            else f"Port {settings.port} on {host} cannot be used: another program does, or this "
            "computer does not have the address."
        ) from None
    return server


@contextmanager
def _found_by(home: Path, url: str, token: str) -> Iterator[None]:
    """Leave the file by which clients find the bridge; take it away at the end."""
    path = home / SERVER_FILE
    found = {"url": url, "token": token, "pid": os.getpid(), "version": __version__}
    write_private(path, json.dumps(found))
    try:
        yield
    finally:
        remove(path)


def _wait(stop: threading.Event) -> None:
    """Wait for ``stop``, Ctrl-C, or the system's own way of saying so."""
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {known: signal.signal(known, lambda *_: stop.set()) for known in known}
    try:
        while not stop.wait(0.5):  # in short turns: Windows tells of Ctrl-C between them
            pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
