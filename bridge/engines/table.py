"""The engines by name, imported when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

from bridge.engines.base import Detector, Inpainter
from bridge.errors import BadOption, EngineUnavailable

Role = Literal["detector", "inpainter"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an engine lives and what a user should know before choosing it.

    ``detector`` and ``inpainter`` are ``"module:factory"`` or None where the engine lacks the role.
    ``version`` changes whenever the engine's answers may.
    """

    name: str
    version: str
    detector: str | None
    inpainter: str | None
    sends_pixels_away: bool
    rerolls: bool

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles this engine can take."""
        roles: tuple[Role, ...] = ("detector", "inpainter")
        return tuple(role for role in roles if getattr(self, role))

    def unavailable(self) -> str | None:
        """Return why the engine cannot run here, or None if it can."""
        try:
            for role in self.roles:
                _load(getattr(self, role))
        except EngineUnavailable as trouble:
            return trouble.detail
        except ImportError as trouble:
            return f"A package is missing: {trouble.name or trouble}."
        return None


ENGINES: Final = {
    entry.name: entry
    for entry in (
        Entry(
            name="local",
            version="2",
            detector="bridge.engines.local:LocalDetector",
            inpainter="bridge.engines.local:LocalInpainter",
            sends_pixels_away=False,
            rerolls=False,
        ),
    )
}


def entry(name: str, role: Role) -> Entry:
    """Return the entry for ``name``; raise `BadOption` if it is unknown or lacks the role."""
    found = ENGINES.get(name)
    if found is None or role not in found.roles:
        names = ", ".join(known.name for known in ENGINES.values() if role in known.roles)
        raise BadOption(f"There is no {role} named {name!r}; known are: {names}.")
    return found


def detector(name: str) -> Detector:
    """Return the detector ``name``; raise `BadOption` or `EngineUnavailable`."""
    made: Detector = _make(entry(name, "detector"), "detector")
    return made


def inpainter(name: str) -> Inpainter:
    """Return the inpainter ``name``; raise `BadOption` or `EngineUnavailable`."""
    made: Inpainter = _make(entry(name, "inpainter"), "inpainter")
    return made


def _make(found: Entry, role: Role):  # type: ignore[no-untyped-def]
    reason = found.unavailable()
    if reason:
        raise EngineUnavailable(f"The engine {found.name} cannot run: {reason}")
    return _load(getattr(found, role))()


def _load(target: str):  # type: ignore[no-untyped-def]
    module, _, factory = target.partition(":")
    return getattr(import_module(module), factory)
