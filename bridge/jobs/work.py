"""One piece of work as a value, and the key under which its result is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge import __version__
from bridge.engines import table
from bridge.engines.table import Role
from bridge.errors import MaskGeometry
from bridge.io import check_mask
from bridge.jobs.applying import Applying
from bridge.jobs.stack import Stack
from bridge.machine import check_memory
from bridge.numerics.sizes import check_shapes
from bridge.options import Options
from bridge.store import Facts
from bridge.store.facts import canonical

Operation = Literal["detect", "correct", "fit", "median", "apply", "update"]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, to which image.

    Parameters
    ----------
    operation
        What is done, by name.
    frame
        The flat; for ``fit`` the target; None for ``median`` and ``apply``.
    options
        Checked options.
    mask
        The user's own mask, for ``correct``.
    correction
        For ``fit`` and ``apply``: the key of the result that holds the correction.
    stack
        For ``median`` what it is made of; for ``update`` the frames.
    applying
        For ``apply``: which videos, and how.
    force
        For ``update``: whether frames will do that hold the flat's dust itself.
    bias
        For ``detect`` and ``correct``: a master bias or dark to subtract from the flat.
    """

    operation: Operation
    frame: Facts | None
    options: Options
    mask: Facts | None = None
    correction: str | None = None
    stack: Stack | None = None
    applying: Applying | None = None
    force: bool = False
    bias: Facts | None = None

    @property
    def flat(self) -> Facts:
        """The one image that the work is on; there must be one."""
        assert self.frame is not None
        return self.frame

    @property
    def how(self) -> dict[str, object]:
        """The options that count, JSON-ready."""
        if self.operation == "update":
            return {**self.options.to_json(), "force": self.force}
        own = self.stack or self.applying
        shown = own.how if own else self.options.to_json()
        return {**shown, "bias": self.bias.id} if self.bias else shown

    @property
    def engines(self) -> dict[str, str]:
        """Name and version of the engine in each role this work needs; `BadOption` if unknown."""
        return {role: table.entry(name, role).identity(role) for role, name in self._named.items()}

    @property
    def key(self) -> str:
        """SHA-256 of everything that the result depends on, in hexadecimal."""
        options = self.how
        if self.operation == "detect":
            del options["inpainter"]
        if self.bias is not None:
            options["bias"] = _recorded(self.bias)
        parts = {
            "operation": self.operation,
            "frame": _recorded(self.frame) if self.frame else None,
            "mask": _recorded(self.mask) if self.mask else None,
            "options": options,
            "engines": self.engines,
            "version": __version__,
        }
        if self.correction is not None:
            parts["correction"] = self.correction
        if self.stack is not None:
            parts["stack"] = self.stack.recorded
        if self.applying is not None:
            parts["asked"] = self.applying.asked
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
        if self.operation in ("detect", "correct", "update"):
            flat = self.flat
            check_memory(flat.height, flat.width, flat.channels)
        if self.bias is not None:
            check_shapes("The master bias", self.bias.shape, self.flat.shape, to="the flat")
        mask = self.mask
        if mask is None:
            return
        frame = self.flat
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
        if self.operation in ("fit", "median", "apply"):
            return named
        if self.mask is None:
            named["detector"] = self.options.detector
        if self.operation in ("correct", "update"):
            named["inpainter"] = self.options.inpainter
        return named


def without_master_id(
    options: Mapping[str, object],
) -> tuple[dict[str, object], str | None]:
    """Return options with none in place of a bias that is the id of a frame, and that id."""
    bias = options.get("bias")
    if isinstance(bias, str) and re.fullmatch("[0-9a-f]{64}", bias):
        return {**options, "bias": 0.0}, bias
    return {**options}, None


def _recorded(facts: Facts) -> dict[str, object]:
    """Return what of a frame shows in a result: pixels, their meaning, what reading noticed."""
    return {
        "pixels": facts.pixels,
        "sample_format": facts.sample_format,
        "full_scale": facts.full_scale,
        "warnings": [notice.to_json() for notice in facts.warnings],
    }
