"""What an engine that asks a service says about its work, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def asked_text(engine: Mapping[str, Any]) -> str:
    """Return one line on a role's work: who did it, what each call cost and how it came back.

    Parameters
    ----------
    engine
        The entry of report.json's ``engines``: name, calls, proposals or holes.
    """
    parts = [str(engine["name"])]
    for number, call in enumerate(engine["calls"], 1):
        parts.append(f"call {number}: {', '.join(_call(call))}")
    if "proposals" in engine:
        fates = engine["proposals"]
        parts.append(
            f"of its proposals {fates['kept']} kept, "
            f"{fates['moved']} moved to where the shadow is, {fates['dropped']} dropped"
        )
    if "holes" in engine:
        holes = engine["holes"]
        parts.append(
            f"{holes['drawn']} holes filled from its picture, "
            f"{holes['offline']} by the offline engine"
        )
    return "; ".join(parts)


def _call(call: Mapping[str, Any]) -> list[str]:
    cost = f"{call['cost']:g} USD" if call["cost"] else "answer kept before"
    said = [str(call["model"]), cost]
    placed = call.get("placed")
    if placed:
        across, down = placed["shift"]
        said.append(f"shifted by {across:g}, {down:g} px")
        said.append("scaled " + " x ".join(f"{scale:g}" for scale in placed["scale"]))
    if "tone" in call:
        gain, offset = call["tone"]
        said.append(f"toned {gain:g} x {offset:+g}")
    if "error" in call:
        said.append(f"{100 * call['error']:.2g} % off on clean pixels")
    return said
