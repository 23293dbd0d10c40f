"""What the store knows about a frame and about a result, as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

import numpy as np

from bridge.frame import Frame, Notice, Outline, Planes
from bridge.io import read_image

Json = Mapping[str, object]


def canonical(value: object) -> str:
    """Return ``value`` as JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def notices(entries: object) -> tuple[Notice, ...]:
    """Return the notices that `Notice.to_json` gave."""
    return tuple(Notice(**entry) for entry in cast(list[dict[str, object]], entries))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Facts:
    """A frame without its pixels.

    Parameters
    ----------
    pixels
        `Frame.digest`.
    id
        SHA-256 of the file's bytes; empty for a frame that is not in the store.
    """

    pixels: str
    width: int
    height: int
    channels: int
    sample_format: str
    full_scale: float
    warnings: tuple[Notice, ...]
    id: str = ""

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)."""
        return self.channels, self.height, self.width

    @classmethod
    def of(cls, frame: Frame | Outline, identity: str = "") -> Self:
        """Return the facts of ``frame``."""
        return cls(
            pixels=frame.digest,
            width=frame.width,
            height=frame.height,
            channels=frame.channels,
            sample_format=frame.sample_format,
            full_scale=frame.full_scale,
            warnings=frame.warnings,
            id=identity,
        )

    def to_json(self) -> dict[str, object]:
        """Return the frame as HTTP answers show it."""
        return {
            "id": self.id,
            "width": self.width,
            "height": self.height,
            "channels": self.channels,
            "sample_format": self.sample_format,
            "full_scale": self.full_scale,
            "warnings": [notice.to_json() for notice in self.warnings],
        }

    def dump(self) -> str:
        """Return the facts as the index keeps them."""
        return canonical({"pixels": self.pixels, **self.to_json()})

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `dump` gave."""
        values = json.loads(text)
        return cls(**{**values, "warnings": notices(values["warnings"])})


@dataclass(frozen=True, slots=True)
class StoredPlane:
    """One FITS file of a result; true values are its pixels times ``scale``.

    ``frame`` is the id under which a signal plane can be the input of further work.
    """

    path: Path
    scale: float
    sha256: str
    frame: str | None

    def read(self) -> Planes:
        """Return the true values, (channels, height, width) float32.

        Raises
        ------
        FileTrouble, UnreadableImage
        """
        pixels = read_image(self.path).pixels
        return pixels if self.scale == 1 else pixels * np.float32(self.scale)


@dataclass(frozen=True, slots=True)
class Record:
    """What a result says besides its planes; ``figures`` and ``cost`` are JSON-ready.

    ``cost`` is None where nothing was paid.
    """

    figures: Json
    warnings: tuple[Notice, ...] = ()
    engines: Json = field(default_factory=dict)
    options: Json = field(default_factory=dict)
    cost: Json | None = None

    def to_json(self) -> dict[str, object]:
        """Return the record JSON-ready."""
        return {
            "figures": self.figures,
            "warnings": [notice.to_json() for notice in self.warnings],
            "engines": self.engines,
            "options": self.options,
            "cost": self.cost,
        }

    @classmethod
    def parse(cls, values: Json) -> Self:
        """Return what `to_json` gave."""
        return cls(
            figures=cast(Json, values["figures"]),
            warnings=notices(values["warnings"]),
            engines=cast(Json, values["engines"]),
            options=cast(Json, values["options"]),
            cost=cast(Json | None, values.get("cost")),
        )


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A finished piece of work: planes by name, and its record."""

    key: str
    planes: Mapping[str, StoredPlane]
    record: Record

    def dump(self) -> str:
        """Return the result as the index keeps it; paths are known by the key."""
        planes = {
            name: {"scale": plane.scale, "sha256": plane.sha256, "frame": plane.frame}
            for name, plane in self.planes.items()
        }
        return canonical({"planes": planes, **self.record.to_json()})

    @classmethod
    def parse(cls, key: str, folder: Path, text: str) -> Self:
        """Return what `dump` gave, its files in ``folder``."""
        values = json.loads(text)
        planes = {
            name: StoredPlane(path=folder / f"{name}.fits", **plane)
            for name, plane in values["planes"].items()
        }
        return cls(key=key, planes=planes, record=Record.parse(values))
