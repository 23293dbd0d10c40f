"""The engines by name, imported when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

from bridge.engines.base import Detector, Inpainter
from bridge.engines.estimate import Estimate
from bridge.errors import BadOption, EngineUnavailable

Role = Literal["detector", "inpainter"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an engine lives and what a user should know before choosing it.

    ``detector`` and ``inpainter`` are ``"module:factory"`` or None where the engine lacks the role.
    ``version`` changes whenever the engine's answers may. ``terms`` is the module that knows what
    an engine costs, whether it can run, and on which settings its answers depend; None for one
    that costs nothing and always can.
    """

    name: str
    version: str
    detector: str | None
    inpainter: str | None
    sends_pixels_away: bool
    rerolls: bool
    terms: str | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles this engine can take."""
        roles: tuple[Role, ...] = ("detector", "inpainter")
        return tuple(role for role in roles if getattr(self, role))

    def unavailable(self) -> str | None:
        """Return why the engine cannot run here, or None if it can."""
        try:
            if self.terms:
                return _reason(self.terms)
            for role in self.roles:
                _load(getattr(self, role))
        except EngineUnavailable as trouble:
            return trouble.detail
        except ImportError as trouble:
            return f"A package is missing: {trouble.name or trouble}."
        return None

    def identity(self, role: Role) -> str:
        """Return name, version and settings: everything that tells its answers from others'."""
        if self.terms is None:
            return f"{self.name} {self.version}"
        return f"{self.name} {self.version} {import_module(self.terms).fingerprint(role)}"

    def estimate(self, role: Role, height: int, width: int) -> Estimate:
        """Return what one look at a frame of this size costs at most; nothing is sent."""
        if self.terms is None:
            return Estimate()
        found: Estimate = import_module(self.terms).estimate(role, height, width)
        return found


ENGINES: Final = {
    entry.name: entry
    for entry in (
        Entry(
            name="local",
            version="7",
            detector="bridge.engines.local:LocalDetector",
            inpainter="bridge.engines.local:LocalInpainter",
            sends_pixels_away=False,
            rerolls=False,
        ),
        Entry(
            name="gemini",
            version="5",
            detector="bridge.engines.gemini.detector:GeminiDetector",
            inpainter="bridge.engines.gemini.inpainter:GeminiInpainter",
            sends_pixels_away=True,
            rerolls=True,
            terms="bridge.engines.gemini.terms",
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


def check_available(name: str, role: Role) -> None:
    """Raise `BadOption` or `EngineUnavailable` if the engine cannot take the role here."""
    reason = entry(name, role).unavailable()
    if reason:
        raise EngineUnavailable(f"The engine {name} cannot run: {reason}")


def detector(name: str) -> Detector:
    """Return the detector ``name``; raise `BadOption` or `EngineUnavailable`."""
    made: Detector = _make(entry(name, "detector"), "detector")
    return made


def inpainter(name: str) -> Inpainter:
    """Return the inpainter ``name``; raise `BadOption` or `EngineUnavailable`."""
    made: Inpainter = _make(entry(name, "inpainter"), "inpainter")
    return made


def check_cost(total: Estimate, names: set[str]) -> None:
    """Raise an `EngineError` if an engine of ``names`` may not cost so much."""
    for name in sorted(names):
        known = ENGINES.get(name)
        if known is not None and known.terms:
            import_module(known.terms).check(total)


def _reason(terms: str) -> str | None:
    reason: str | None = import_module(terms).unavailable()
    return reason


def _make(found: Entry, role: Role):  # type: ignore[no-untyped-def]
    check_available(found.name, role)
    return _load(getattr(found, role))()


def _load(target: str):  # type: ignore[no-untyped-def]
    module, _, factory = target.partition(":")
    return getattr(import_module(module), factory)
