"""Whether a correction belongs to targets, asked before anything of them changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from bridge.errors import BridgeError, TargetRefused
from bridge.frame import Planes
from bridge.io.cards import Value
from bridge.io.history import rule_broken
from bridge.io.pedestals import Pedestal
from bridge.io.rewrite import Recording, read_recording
from bridge.io.ser import open_ser
from bridge.io.setups import difference
from bridge.numerics import mosaic
from bridge.numerics.fit import DustFit, fit
from bridge.numerics.sizes import check_shapes
from bridge.numerics.verdict import pooled, verdict
from bridge.videos import is_divided, some_frames

SAMPLE: Final = 5
"""So many frames of a batch are measured, evenly spaced."""

OVERRIDE: Final = "--force applies it all the same"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dust fit said of a batch.

    Parameters
    ----------
    words
        For people.
    history
        The verdict with k and its error, for HISTORY; "" if it was overruled.
    k, error
        Of all that was measured together; None where nothing could be.
    verdict
        What they mean; "" if it was overruled.
    """

    words: str
    history: str = ""
    k: float | None = None
    error: float | None = None
    verdict: str = ""


def check_history(name: str, recording: Recording) -> None:
    """Refuse what stands after registration, integration, drizzle or stretching.

    Raises
    ------
    TargetRefused
        Naming the rule.
    """
    broken = rule_broken(recording.keywords, recording.history)
    if broken:
        raise TargetRefused(
            f"{name} {broken.words}. The dust factor stands after bias, dark and flat, before "
            f"cosmetic correction, debayering and registration; {OVERRIDE}.",
            rule=broken.rule,
        )


def check_setup(name: str, recording: Recording, factor: Mapping[str, Value], bin: int) -> None:
    """Refuse frames that say they were taken with another filter, camera, binning or rotator angle.

    Parameters
    ----------
    name, recording
        The frame.
    factor
        Keywords of the correction, among them those of the flat.
    bin
        By how much the factor was averaged for binned frames.

    Raises
    ------
    TargetRefused
        Naming the rule.
    """
    told = dict(factor)
    for keyword in ("XBINNING", "YBINNING"):
        own = told.get(keyword)
        if isinstance(own, int | float):
            told[keyword] = own * bin
    found = difference(told, recording.keywords)
    if found:
        raise TargetRefused(
            f"{name} tells of another {found.what} than the flat ({found.frame}, not "
            f"{found.flat}): its dust may be another; {OVERRIDE}.",
            rule=found.rule,
        )


def check_calibrated(name: str, recording: Recording) -> None:
    """Refuse light frames that tell of no calibration.

    Raises
    ------
    TargetRefused
        Naming the rule.
    """
    if _raw(recording):
        raise TargetRefused(
            f"{name} looks raw: calibrate it with bias, dark and this flat first; {OVERRIDE}.",
            rule="raw",
        )


def check_mosaic(name: str, recording: Recording, offset: tuple[int, int]) -> None:
    """Refuse X-Trans mosaics, and a correction moved onto other sites of a Bayer mosaic.

    Raises
    ------
    TargetRefused
        Naming the rule.
    """
    if len(recording.values) != 1:
        return
    plane = recording.values[0].astype(np.float32)
    pattern = str(recording.keywords.get("BAYERPAT", ""))
    if len(pattern) > 4 or mosaic.is_xtrans(plane):
        raise TargetRefused(
            f"{name} is an X-Trans mosaic, which is not supported; {OVERRIDE}.", rule="x-trans"
        )
    odd = any(part % 2 for part in offset)
    if odd and (pattern or mosaic.is_bayer(plane)):
        raise TargetRefused(
            f"{name} is a color mosaic: a correction moves over it by even steps only; {OVERRIDE}.",
            rule="mosaic-phase",
        )


def check_dust(
    sources: Sequence[Path],
    factor: Planes,
    *,
    multiply: bool,
    pedestal: Pedestal,
    stamps: Sequence[str],
    hdu: int | None = None,
    sure: bool = False,
) -> Answer | None:
    """Measure the dust in a sample of ``sources`` and refuse what it speaks against.

    Parameters
    ----------
    sources
        FITS, TIFF or XISF files; those unreadable or of another size are passed over here.
    factor
        The true factor, moved to where it will be applied.
    multiply
        Whether the factor is to be multiplied in, not divided out.
    pedestal
        What of a frame is not light.
    stamps
        Frames that carry one had this very correction applied: of these nothing need be measured,
        nor of planes that FlatBridge made.
    hdu
        Which unit of FITS files with several images.
    sure
        Whether images too faint to tell are refused as well.

    Returns
    -------
    Answer
        None if there was nothing to measure.

    Raises
    ------
    TargetRefused
        Naming the frame and the rule.
    """
    found: list[tuple[str, DustFit]] = []
    for source in _sample(sources):
        try:
            recording = read_recording(source, hdu)
            own = recording.plane not in ("", "median")
            if recording.values.shape != factor.shape or own or {*stamps} & {*recording.stamps}:
                continue
            light = recording.values - np.asarray(pedestal(source.name, recording), np.float64)
        except BridgeError:
            continue  # told when its turn comes
        if recording.ceiling is not None:
            light[recording.values >= recording.ceiling] = np.nan
        one = fit(light, factor)
        _refuse(source.name, one, _raw(recording), multiply)
        found.append((source.name, one))
    return _together(found, len(sources), multiply, sure)


def check_video(
    source: Path,
    factor: Planes,
    *,
    digest: str,
    multiply: bool,
    pedestal: float,
    sure: bool = False,
) -> None:
    """Measure the dust in some frames of a video and refuse it if that speaks against it.

    A video that this factor was applied to is not measured: its stamp tells.

    Raises
    ------
    TargetRefused
        Naming the video and the rule.
    FileTrouble, UnreadableImage, UnsupportedFrame
    """
    if any(is_divided(source, digest, multiply=way) for way in (True, False)):
        return  # undone now, or refused by its stamp
    video = open_ser(source)
    light = some_frames(video)
    check_shapes(source.name, light.shape, factor.shape)
    found = fit(light - pedestal, factor, ceiling=video.header.full_scale - pedestal)
    _refuse(source.name, found, False, multiply, sure)


def _together(
    found: list[tuple[str, DustFit]], of: int, multiply: bool, sure: bool
) -> Answer | None:
    if not found:
        return None
    k, error = pooled([(one.k, one.error) for _, one in found if isfinite(one.error)])
    said = verdict(k, error)
    many = f"{len(found)} frames" if len(found) == of else f"{len(found)} of {of} frames"
    names = found[0][0] if len(found) == 1 else many
    together = DustFit(k, error, (0, 0), "", said, ())
    _refuse(names, together, False, multiply, sure)
    measured = _k(together)
    what = "too faint to tell whether this dust is there" if said == "too-faint" else said
    return Answer(
        f"{names}: {what} ({measured})",
        f"{said} ({measured})",
        k if isfinite(error) else None,
        error if isfinite(error) else None,
        said,
    )


def _k(found: DustFit) -> str:
    return f"k = {found.k:z.2f} +- {found.error:.2f}" if isfinite(found.error) else "k unknown"


def _refuse(name: str, found: DustFit, raw: bool, multiply: bool, sure: bool = False) -> None:
    wanted = "stale-flat" if multiply else "matches"
    if found.verdict == wanted or (found.verdict == "too-faint" and not sure):
        return
    measured = _k(found)
    words = {
        "matches": f"holds this dust ({measured}): divide, do not multiply",
        "stale-flat": f"had a flat with this dust divided in while the dust was gone ({measured}): "
        "use --multiply",
        "not-in-target": f"does not hold this dust ({measured}): it was corrected already, has "
        f"moved, or is another filter's or camera's{_instead(found)}",
        "pedestal-or-gamma": f"shows this dust with another strength ({measured}): "
        + (
            "it looks raw, so give its bias or dark with --pedestal"
            if raw
            else "an offset is left in it (give it with --pedestal), or it was stretched"
        ),
        "too-faint": f"has too little light, or too little dust, to tell ({measured})",
    }[found.verdict]
    raise TargetRefused(f"{name} {words}; {OVERRIDE}.", rule=found.verdict)


def _instead(found: DustFit) -> str:
    dx, dy = found.offset
    if found.turn:
        return f"; the correction would fit {found.turn}"
    return f"; it would fit with --offset={dx},{dy}" if (dx, dy) != (0, 0) else ""


def _raw(recording: Recording) -> bool:
    """Tell whether a recording says that it is a light frame, and nothing of a calibration."""
    kind = str(recording.keywords.get("IMAGETYP", "")).lower()
    text = recording.history.lower()
    return "light" in kind and "calibrat" not in text and "flat" not in text


def _sample(sources: Sequence[Path]) -> Iterable[Path]:
    count = min(SAMPLE, len(sources))
    return (sources[round(i)] for i in np.linspace(0, len(sources) - 1, count)) if count else ()
