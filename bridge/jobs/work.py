"""One piece of work as a value, and the key under which its result is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from bridge import __version__
from bridge.engines import table
from bridge.engines.table import Role
from bridge.errors import MaskGeometry
from bridge.io import check_mask
from bridge.machine import check_memory
from bridge.options import Options
from bridge.store import Facts
from bridge.store.facts import canonical

Operation = Literal["detect", "correct", "fit"]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, to which image.

    Parameters
    ----------
    operation
        ``detect``, ``correct`` or ``fit``.
    frame
        The flat; for ``fit`` the target.
    options
        Checked options.
    mask
        The user's own mask, for ``correct``.
    correction
        For ``fit``: the key of the result that holds the correction.
    """

    operation: Operation
    frame: Facts
    options: Options
    mask: Facts | None = None
    correction: str | None = None

    @property
    def engines(self) -> dict[str, str]:
        """Name and version of the engine in each role this work needs; `BadOption` if unknown."""
        return {role: table.entry(name, role).identity(role) for role, name in self._named.items()}

    @property
    def key(self) -> str:
        """SHA-256 of everything that the result depends on, in hexadecimal."""
        options = self.options.to_json()
        if self.operation == "detect":
            del options["inpainter"]
        parts = {
            "operation": self.operation,
            "frame": _recorded(self.frame),
            "mask": _recorded(self.mask) if self.mask else None,
            "options": options,
            "engines": self.engines,
            "version": __version__,
        }
        if self.correction is not None:
            parts["correction"] = self.correction
        return hashlib.sha256(canonical(parts).encode()).hexdigest()

    @property
    def costs(self) -> bool:
        """Whether an engine that it needs wants money."""
        return any(table.entry(name, role).terms for role, name in self._named.items())

    def check(self) -> None:
        """Refuse at once what could not be done.

        Raises
        ------
        BadOption, EngineUnavailable, MaskGeometry, UnsupportedFrame
        """
        for role, name in self._named.items():
            table.check_available(name, role)
        mask, frame = self.mask, self.frame
        if self.operation != "fit":
            check_memory(frame.height, frame.width, frame.channels)
        if mask is None:
            return
        if (mask.width, mask.height) != (frame.width, frame.height):
            raise MaskGeometry(
                f"The mask is {mask.width} x {mask.height} pixels, "
                f"the image {frame.width} x {frame.height}."
            )
        name = f"The mask (frame {mask.id[:12]})"
        check_mask(name, mask.channels, mask.sample_format, mask.full_scale)

    @property
    def _named(self) -> dict[Role, str]:
        named: dict[Role, str] = {}
        if self.operation == "fit":
            return named
        if self.mask is None:
            named["detector"] = self.options.detector
        if self.operation == "correct":
            named["inpainter"] = self.options.inpainter
        return named


def _recorded(facts: Facts) -> dict[str, object]:
    """Return what of a frame shows in a result: pixels, their meaning, what reading noticed."""
    return {
        "pixels": facts.pixels,
        "sample_format": facts.sample_format,
        "full_scale": facts.full_scale,
        "warnings": [notice.to_json() for notice in facts.warnings],
    }
