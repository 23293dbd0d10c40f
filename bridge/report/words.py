"""The sentences and labels people read in a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bridge.report.asked import asked_text
from bridge.report.document import ReportJson
from bridge.report.figures import FiguresJson

_LABELS: Final = {
    "detector": "Dust found by",
    "inpainter": "Level under the dust by",
    "threshold": "Detection threshold",
    "dilate": "Mask grown by",
    "feather": "Mask edge softened by",
    "polarity": "Looked for",
    "cfa": "Color mosaic",
    "bias": "Pedestal subtracted",
    "smooth": "Factor smoothed",
    "verify": "Second check",
    "seed": "Random start value",
}
_UNITS: Final = {"threshold": "times the noise", "dilate": "px", "feather": "px", "smooth": "px"}


_ASIDES: Final = {"tiff-clipped"}
_HEADLINES: Final = {"no-dust"}


def notes(report: ReportJson) -> list[str]:
    """Return what to mind before the correction is used, but not what `headline` says."""
    told = _ASIDES | _HEADLINES
    return [str(one["message"]) for one in report["warnings"] if one["code"] not in told]


def asides(report: ReportJson) -> list[str]:
    """Return what is so by the nature of a file, and nothing to mind."""
    return [str(one["message"]) for one in report["warnings"] if one["code"] in _ASIDES]


def percent(share: float) -> str:
    """Return a share as a percentage with as many digits as are worth reading."""
    value = 100 * share
    if value == 0:
        return "0 %"
    size = abs(value)
    digits = 1 if size >= 1 else 2 if size >= 0.1 else 3
    return f"{value:.{digits}f} %" if size >= 0.0005 else "under 0.001 %"


def count(number: int, what: str) -> str:
    """Return ``number`` and its noun, such as ``1 shadow`` or ``12,000 shadows``."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def failures(failed: int, of: int, what: str) -> str:
    """Return the sentence that says how many ``of`` several things failed, be it all of them."""
    if failed < of:
        return f"{failed:,} of {count(of, what)} failed; the others are done."
    return f"The {what} failed." if of == 1 else f"All {count(of, what)} failed."


def headline(figures: FiguresJson) -> str:
    """Return the one sentence that says what was found and done."""
    shadows = [shadow for shadow in figures["shadows"] if shadow["corrected"]]
    left = len(figures["shadows"]) - len(shadows)
    if figures["touched"] == 0:
        if left:
            return f"{count(left, 'possible shadow')} left alone: nothing was changed"
        return "No dust found: nothing was changed"
    touched = f"{percent(figures['touched'])} of the picture touched"
    if not shadows:
        return f"No shadow stands out, {touched}"
    depth = max(shadow["depth"] for shadow in shadows)
    how = f"deepest {percent(depth)}" if depth > 0 else "none darker than its surroundings"
    return f"{count(len(shadows), 'shadow')} found, {how}, {touched}"


def verdict(figures: FiguresJson) -> str:
    """Return what the figures mean for someone about to use the correction."""
    shadows = figures["shadows"]
    if not shadows:
        return (
            f"A single pixel's noise is {percent(figures['noise'])}; fainter dust than that"
            " may still be there. The dust factor is 1 wherever nothing was found."
        )
    left = sum(not shadow["corrected"] for shadow in shadows)
    sentence = (
        f"What is left of the dust is {percent(figures['residual'])} (rms); a single pixel's"
        f" noise is {percent(figures['noise'])}."
        " Outside the dust mask the dust factor is exactly 1."
    )
    if left:
        verb = "was" if left == 1 else "were"
        sentence += (
            f" {count(left, 'possible shadow')} {verb} left alone: not deep enough beside the"
            " uncertainty of the level under the dust."
        )
    return sentence


def factor_range(figures: FiguresJson) -> str:
    """Return the extremes of the dust factor."""
    low, high = (f"{round(figures[end], 3):g}" for end in ("factor_min", "factor_max"))
    return f"{low} to {high}" if low != high else low


def input_line(report: ReportJson) -> str:
    """Return the flat's facts in one line."""
    facts = report["input"]
    kind = "color" if facts["channels"] == 3 else "gray"
    return (
        f"{facts['width']:,} \N{MULTIPLICATION SIGN} {facts['height']:,} px, {kind},"
        f" {facts['sample_format']}, full scale {facts['full_scale']:,g}"
    )


def settings(report: ReportJson) -> list[tuple[str, str]]:
    """Return label and value of everything the correction was made with."""
    made_by = {**report["engines"]}
    rest = {name: value for name, value in report["options"].items() if name not in made_by}
    lines = [(label(name), value_text(name, value)) for name, value in (made_by | rest).items()]
    if "cost" in report:
        lines.append(("Cost", value_text("cost", report["cost"])))
    return lines


def label(name: str) -> str:
    """Return the words for an option's name."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def value_text(name: str, value: object) -> str:
    """Return an option's value in words."""
    if isinstance(value, Mapping) and "calls" in value and "name" in value:
        return asked_text(value)
    if isinstance(value, Mapping):
        parts = (f"{key} {value_text(key, item)}".replace("_", " ") for key, item in value.items())
        return ", ".join(parts)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if value == "auto" and name == "bias":
        return "none known"
    if value == "auto":
        return "automatic"
    if isinstance(value, int | float):
        return f"{value:,g} {_UNITS.get(name, '')}".strip() if name != "seed" else str(value)
    return str(value)
