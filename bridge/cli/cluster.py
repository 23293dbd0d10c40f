"""Work on the machines of a Dask cluster, by a package that is not installed by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from bridge.cli.terminal import say
from bridge.errors import BridgeError

T = TypeVar("T")
S = TypeVar("S")

SECONDS = 10
"""A scheduler that has not answered by then is not there."""


def on_cluster(
    work: Callable[[T], S], items: Sequence[T], address: str
) -> Iterator[S | BridgeError]:
    """Yield the results of ``work`` on ``items``, in their order; what was lost is done again.

    Parameters
    ----------
    work
        A function of a module that the workers have too.
    items
        Anything that can be pickled.
    address
        Of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    BridgeError
        If the package is missing or no scheduler answers.
    """
    with _client(address) as client:
        if not client.nthreads():
            say(f"The scheduler at {address} has no workers yet; waiting for one.")
        # Not pure: what an earlier run did may have been removed since.
        tasks = client.map(work, items, pure=False)
        try:
            for task in tasks:
                yield _outcome(task)
        finally:
            with suppress(Exception):  # a cluster that has gone has nothing to cancel
                client.cancel(tasks)


def _outcome(task: Any) -> Any:
    try:
        return task.result()
    except Exception as trouble:  # whatever a worker raises, or how it ends
        told = " ".join(str(trouble).split()) or type(trouble).__name__
        return BridgeError(f"A worker of the cluster failed: {told}")


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise BridgeError(
            '--scheduler needs the extra: pip install "flatbridge[dask]", here and on every worker.'
        ) from None
    try:
        return Client(address, timeout=SECONDS)
    except (OSError, ValueError, TypeError) as trouble:
        raise BridgeError(f"No Dask scheduler answers at {address}.") from trouble
