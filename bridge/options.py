"""The options of one correction: one table for JSON, the command line and the script's help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final, Literal

from bridge.errors import BadOption

Auto = Literal["auto"]


@dataclass(frozen=True, slots=True)
class Option:
    """What is allowed for one option, and the words that explain it.

    ``low`` and ``high`` bound a number (both inclusive); ``words`` are the texts allowed.
    An option with words and bounds takes either.
    """

    name: str
    default: float | int | str
    help: str
    words: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    unit: str = ""

    def parse(self, value: object) -> float | int | str:
        """Return ``value`` as this option holds it; raise `BadOption` if it does not fit."""
        if isinstance(value, str) and value in self.words:
            return value
        if self.low is not None and self.high is not None:
            number = self._number(value, self.low, self.high)
            if number is not None:
                return int(number) if self.whole else number
        raise BadOption(f"Option {self.name} is {value!r}, but must be {self.allowed()}.")

    def parse_text(self, text: str) -> float | int | str:
        """Return a command-line text as this option holds it, or raise `BadOption`."""
        if text in self.words:
            return text
        try:
            return self.parse(int(text) if self.whole else float(text))
        except ValueError:
            raise BadOption(
                f"Option {self.name} is {text!r}, but must be {self.allowed()}."
            ) from None

    def allowed(self) -> str:
        """Return what is allowed, in words."""
        parts = [f'"{word}"' for word in self.words]
        if self.low is not None and self.high is not None:
            kind = "a whole number" if self.whole else "a number"
            parts.append(f"{kind} from {self.low:g} to {self.high:g}")
        return " or ".join(parts) if parts else "a name"

    def to_json(self) -> dict[str, object]:
        """Return the option as `GET /v1/engines` lists it."""
        numeric = self.low is not None
        kind = ("integer" if self.whole else "number") if numeric else "choice"
        entry: dict[str, object] = {"name": self.name, "type": kind, "default": self.default}
        if numeric:
            entry["range"] = [self.low, self.high]
        if self.words:
            entry["choices"] = list(self.words)
        if self.unit:
            entry["unit"] = self.unit
        entry["help"] = self.help
        return entry

    def _number(self, value: object, low: float, high: float) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not low <= value <= high:  # compared before converted: JSON has numbers beyond float's
            return None
        return None if self.whole and value != int(value) else float(value)


OPTIONS: Final = {
    option.name: option
    for option in (
        Option(
            "threshold", 6.0, "How far below its surroundings a spot must lie to count as dust.",
            low=2.0, high=50.0, unit="noise",
        ),
        Option(
            "polarity", "dark",
            "What is looked for: dark dust, bright residues that a stale flat leaves, or both.",
            words=("dark", "bright", "both"),
        ),
        Option(
            "bias", "auto",
            "What of the flat is not light, bias or black level, in its own units; auto subtracts "
            "nothing and tells where that could matter.",
            words=("auto",), low=0.0, high=2.0**32, unit="ADU",
        ),
        Option(
            "dilate", "auto", "How far the mask grows beyond the dust that was seen.",
            words=("auto",), low=0.0, high=200.0, unit="px",
        ),
        Option(
            "feather", "auto", "How softly the mask ends.",
            words=("auto",), low=0.0, high=100.0, unit="px",
        ),
        Option(
            "cfa", "auto", "Whether the image is a color mosaic that was not debayered.",
            words=("auto", "none", "2x2"),
        ),
        Option(
            "smooth", "auto",
            "How far the factor is freed from the flat's own noise inside shadows.",
            words=("auto", "off"), low=0.0, high=20.0, unit="px",
        ),
        Option(
            "verify", "strict",
            "What is kept of the dust that a model saw: what the pixels bear out, also what is "
            "merely darker there, or all.",
            words=("strict", "loose", "off"),
        ),
        Option(
            "seed", 0, "Start value for an engine that rolls dice.",
            low=0, high=2**31 - 1, whole=True,
        ),
    )
}  # fmt: skip
"""Every option but the engines' names, by name."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one correction, checked."""

    detector: str = "local"
    inpainter: str = "local"
    threshold: float = 6.0
    polarity: Literal["dark", "bright", "both"] = "dark"
    bias: float | Auto = "auto"
    dilate: float | Auto = "auto"
    feather: float | Auto = "auto"
    cfa: Literal["auto", "none", "2x2"] = "auto"
    smooth: float | Literal["auto", "off"] = "auto"
    verify: Literal["strict", "loose", "off"] = "strict"
    seed: int = 0

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> Options:
        """Return checked options; ``engine`` stands for detector and inpainter both.

        Raises
        ------
        BadOption
            For an unknown name or a value that does not fit, naming what is allowed.
        """
        values: dict[str, object] = {}
        for name, value in mapping.items():
            if name in OPTIONS:
                values[name] = OPTIONS[name].parse(value)
            elif name in ("engine", "detector", "inpainter"):
                if not isinstance(value, str) or not value:
                    raise BadOption(f"Option {name} must name an engine, not {value!r}.")
                roles = ("detector", "inpainter") if name == "engine" else (name,)
                for role in roles:
                    if name != "engine" or role not in mapping:
                        values[role] = value
            else:
                known = ", ".join(["engine", *(field.name for field in fields(cls))])
                raise BadOption(f"There is no option {name!r}; the options are {known}.")
        return cls(**values)  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        """Return every option with its value, JSON-ready; equal options give equal mappings."""
        return asdict(self)
