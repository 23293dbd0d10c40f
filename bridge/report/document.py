"""report.json: everything about one correction that another program may want to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from bridge import __version__
from bridge.frame import Frame
from bridge.options import Options
from bridge.pipeline import Correction
from bridge.report.figures import FiguresJson, figures


class InputJson(TypedDict):
    """What the flat was."""

    sha256: str
    width: int
    height: int
    channels: int
    sample_format: str
    full_scale: float


class ReportJson(TypedDict):
    """The content of report.json."""

    version: str
    input: InputJson
    engines: dict[str, object]
    options: dict[str, object]
    figures: FiguresJson
    warnings: list[dict[str, object]]
    cost: NotRequired[dict[str, object]]


def report(
    frame: Frame,
    result: Correction,
    *,
    sha256: str,
    options: Options,
    engines: Mapping[str, object],
    known: FiguresJson | None = None,
    cost: Mapping[str, object] | None = None,
) -> ReportJson:
    """Return report.json's content for ``result``, the correction of ``frame``.

    Parameters
    ----------
    frame, result
        The flat and its correction, of one shape.
    sha256
        Digest of the input, hexadecimal.
    options
        As the work was asked for.
    engines
        Role to name (or to any JSON-ready facts): ``detector``, ``inpainter``.
    known
        Figures measured before, such as those a job kept; measured here if not given.
    cost
        What was paid, if anything was.

    Raises
    ------
    ValueError
        If the planes do not have the frame's shape.
    """
    content: ReportJson = {
        "version": __version__,
        "input": {
            "sha256": sha256,
            "width": frame.width,
            "height": frame.height,
            "channels": frame.channels,
            "sample_format": frame.sample_format,
            "full_scale": float(frame.full_scale),
        },
        "engines": dict(engines),
        "options": options.to_json(),
        "figures": known if known is not None else figures(frame, result).to_json(),
        # what reading noticed may have been passed on by the work: say it once
        "warnings": [
            notice.to_json() for notice in dict.fromkeys((*frame.warnings, *result.warnings))
        ],
    }
    if cost is not None:
        content["cost"] = dict(cost)
    return content
