"""What a file tells of its own past: steps after which a dust factor no longer fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bridge.io.cards import Value


@dataclass(frozen=True, slots=True)
class Rule:
    """A step that speaks against a frame: its name, what to say, how texts betray it."""

    rule: str
    words: str
    text: str


RULES: Final = (
    Rule("drizzled", "was drizzled", r"drizzle"),
    Rule(
        "integrated", "was stacked from several frames",
        r"imageintegration|integration\.(numberofimages|rejection)|stacked|stacking",
    ),
    Rule("registered", "was registered", r"staralignment|\bregistered\b|registration|dynamicalign"),
    Rule(
        "stretched", "was stretched",
        r"histogramtransformation|maskedstretch|arcsinhstretch|hyperbolicstretch|asinh|autostretch"
        r"|histogram transf|curvestransformation|\bmtf\b",
    ),
)  # fmt: skip
"""The order tells which is named where several fit."""

COUNTS: Final = ("NCOMBINE", "STACKCNT", "NIMAGES", "NUMFRAME", "IMCMB001")
"""Keywords by which programs tell how many frames went into one."""

KINDS: Final = re.compile(r"(master|integrat|stack).*light|light.*(master|integrat|stack)")


def rule_broken(keywords: Mapping[str, Value], history: str) -> Rule | None:
    """Return the first rule that a file's keywords or history break."""
    text = history.lower()
    for rule in RULES:
        if re.search(rule.text, text) or (rule.rule == "integrated" and _is_stack(keywords)):
            return rule
    return None


def _is_stack(keywords: Mapping[str, Value]) -> bool:
    kind = str(keywords.get("IMAGETYP", "")).lower()
    counted = (keywords.get(name) for name in COUNTS)
    return bool(KINDS.search(kind)) or any(
        isinstance(value, int | float) and value > 1 for value in counted
    )
