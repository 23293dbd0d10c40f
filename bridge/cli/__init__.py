"""The command line: every word to a terminal is said here."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from bridge.cli.arguments import parser
from bridge.cli.terminal import close_output, complain
from bridge.errors import BadOption, BridgeError

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Without the program's name; the process's own by default.
    """
    # A command's module is imported when it runs, so that help and usage errors are instant.
    try:
        given = parser().parse_args(arguments)
        with _ended_as_by_ctrl_c():
            code: int = import_module(f"bridge.cli.{given.module}").run(given)
    except BadOption as trouble:
        complain(trouble.detail)
        return USAGE
    except BridgeError as trouble:
        complain(trouble.detail)
        return FAILED
    except KeyboardInterrupt:
        complain("Stopped. Unfinished work left no files.")
        return INTERRUPTED
    except BrokenPipeError:
        close_output()
        return FAILED
    except MemoryError:
        complain("There is not enough memory for images of this size.")
        return FAILED
    except OSError as trouble:
        named = f"{trouble.filename}: " if trouble.filename else ""
        complain(f"{named}{trouble.strerror or trouble}.")
        return FAILED
    return code


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let a request to terminate leave as little behind as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
