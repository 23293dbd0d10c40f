"""What the routes work with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from flask import current_app

from bridge.config import Settings
from bridge.jobs import Jobs
from bridge.store import Store
from bridge.store.uploads import Uploads

WAITERS: Final = 8
"""How many long polls may wait at once; half of the server's threads."""

KEY: Final = "flatbridge"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running bridge, and its settings.

    ``stop`` is called once when the bridge is asked to end.
    """

    settings: Settings
    store: Store
    uploads: Uploads
    jobs: Jobs
    stop: Callable[[], None]
    waiters: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(WAITERS))
    drawing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))


def services() -> Services:
    """Return the services of the application that answers the current request."""
    return cast(Services, current_app.extensions[KEY])
