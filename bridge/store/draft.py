"""A result while its files are being written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from bridge.io import outline_of
from bridge.io.planes import SIGNALS
from bridge.store.facts import Facts, Record, StoredPlane, StoredResult
from bridge.store.files import naming_full_disk, remove

Place = Callable[[Path, StoredResult, dict[str, Facts], int], StoredResult]


class Draft:
    """The unfinished result ``key``; what is not finished when the block ends is removed.

    Two processes may finish the same result; the first one's files stay.
    """

    def __init__(self, key: str, folder: Path, place: Place) -> None:
        self._key = key
        self._folder = folder
        self._place = place
        self._planes: dict[str, StoredPlane] = {}
        self._size = 0

    def __enter__(self) -> Self:
        """Give the draft itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was not finished."""
        remove(self._folder)

    def add(self, name: str, data: bytes | Iterable[bytes], scale: float = 1.0) -> None:
        """Write the plane ``name``: a FITS file, in one or in pieces.

        Its pixels times ``scale`` are the true values.
        """
        path = self._folder / f"{name}.fits"
        hasher = hashlib.sha256()
        with naming_full_disk(), path.open("wb") as file:
            for part in (data,) if isinstance(data, bytes) else data:
                file.write(part)
                hasher.update(part)
                self._size += len(part)
        digest = hasher.hexdigest()
        self._planes[name] = StoredPlane(path, scale, digest, digest if name in SIGNALS else None)

    def finish(self, record: Record) -> StoredResult:
        """Put the result in its place, whole; return it as the store has it."""
        signals = {
            name: Facts.of(outline_of(plane.path, plane.path.name), plane.frame)
            for name, plane in self._planes.items()
            if plane.frame is not None
        }
        result = StoredResult(key=self._key, planes=dict(self._planes), record=record)
        return self._place(self._folder, result, signals, self._size)
