"""The order of the six steps; the only place that knows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridge.engines import table
from bridge.engines.base import Inpainter, Run
from bridge.engines.estimate import Estimate
from bridge.errors import (
    EngineBadOutput,
    MaskGeometry,
    NoCleanPixels,
    UnsupportedFrame,
)
from bridge.frame import Flags, Frame, Notice, Plane, Planes
from bridge.machine import check_memory
from bridge.numerics import correction as step6
from bridge.numerics import mask as step3
from bridge.numerics import matching as step5
from bridge.numerics import mosaic
from bridge.numerics.bias import light
from bridge.numerics.fitness import about_flat
from bridge.numerics.smoothing import smooth_ratios
from bridge.numerics.upright import upright
from bridge.options import Options


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """Where the dust is.

    Parameters
    ----------
    seed_mask
        As the detector gave it, (height, width) float32 in [0, 1].
    mask
        The soft mask, (height, width) float32 in [0, 1]; exactly 0 = clean.
    warnings
        What the user should know.
    """

    seed_mask: Plane
    mask: Plane
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """The dust, what the flat would be without it, and the factor between the two.

    All planes are finite. ``seed_mask`` is None where the user gave the mask.

    Parameters
    ----------
    seed_mask, mask
        (height, width) float32 in [0, 1].
    inpainted
        The matched dust-free estimate, (channels, height, width) float32; the flat itself on clean
        pixels; 0 where the flat is not finite.
    correction
        The factor, (channels, height, width) float32; exactly 1 on clean pixels, above 1 on rims.
    clean_flat
        flat / correction, (channels, height, width) float32; 0 where the flat is not finite.
    warnings
        What the user should know.
    """

    seed_mask: Plane | None
    mask: Plane
    inpainted: Planes
    correction: Planes
    clean_flat: Planes
    warnings: tuple[Notice, ...]


def detect(frame: Frame, options: Options, run: Run) -> Detection:
    """Return the dust of ``frame``: steps 2 and 3.

    Raises
    ------
    BadOption, UnsupportedFrame, EngineError, Cancelled
    """
    return _detect(light(frame, options), options, run)


def _detect(frame: Frame, options: Options, run: Run) -> Detection:
    check_memory(frame.height, frame.width, frame.channels)
    _check_cost(estimate(frame, options, inpainting=False), options)
    turn_up = upright(frame.pixels)
    flat = turn_up(_normalised(frame.pixels))
    found = _find(flat, _is_mosaic(frame, options), options, run)
    seed, soft = (turn_up(plane) for plane in found)
    run.progress("expand", 1.0)
    warnings = [*frame.warnings, *about_flat(frame, soft)]
    if not soft.any():
        warnings.append(Notice("no-dust", "No dust was found."))
    return Detection(seed_mask=seed, mask=soft, warnings=tuple(warnings))


def correct(frame: Frame, options: Options, run: Run, mask: Plane | None = None) -> Correction:
    """Return the correction of ``frame``: steps 2 to 6, or 4 to 6 with a mask given.

    Parameters
    ----------
    frame
        The flat.
    options, run
        Checked options; progress, cancel and seed.
    mask
        The user's own soft mask, (height, width); used as given, clamped to [0, 1], NaN taken as 0,
        and expanded only where `dilate` or `feather` are numbers.

    Raises
    ------
    BadOption, UnsupportedFrame, MaskGeometry, NoCleanPixels, EngineError, Cancelled
    """
    frame = light(frame, options)
    sites = _is_mosaic(frame, options)
    check_memory(frame.height, frame.width, frame.channels)
    _check_cost(estimate(frame, options, detecting=mask is None), options)
    if mask is None:
        found = _detect(frame, options, run)
        seed, soft, warnings = found.seed_mask, found.mask, list(found.warnings)
    else:
        seed, soft = None, _users(mask, frame, options)
        warnings = [*frame.warnings, *about_flat(frame, soft)]
    matched = _dust_free(frame, soft, sites, options, run)
    run.check_cancelled()
    ratios, refused = step6.ratio(frame.pixels, matched, soft)
    if options.smooth != "off":
        width = None if options.smooth == "auto" else options.smooth
        ratios, notices = smooth_ratios(ratios, frame.pixels, soft, sites, width)
        warnings += notices
    factor = step6.synthesise(ratios, soft)
    clean_flat, clipped = step6.clean(frame.pixels, factor)
    run.progress("synthesise", 1.0)
    if refused:
        text = "Masked pixels without light in the flat keep the factor 1."
        warnings.append(Notice("no-ratio", text, refused))
    if clipped:
        text = "Pixels of the dust-free flat would exceed full scale and were clipped to it."
        warnings.append(Notice("clean-flat-clipped", text, clipped))
    return Correction(seed, soft, matched, factor, clean_flat, tuple(warnings))


def estimate(
    frame: Frame, options: Options, *, detecting: bool = True, inpainting: bool = True
) -> Estimate:
    """Return what the work costs at most; nothing is sent.

    Raises
    ------
    BadOption, UnsupportedFrame
    """
    total = Estimate()
    if detecting:
        finder = table.entry(options.detector, "detector")
        total += finder.estimate("detector", frame.height, frame.width)
    if inpainting:
        filler = table.entry(options.inpainter, "inpainter")
        sites = 4 if filler.terms and _is_mosaic(frame, options) else 1
        halved = 2 if sites == 4 else 1
        shape = -(-frame.height // halved), -(-frame.width // halved)
        for _ in range(sites):
            total += filler.estimate("inpainter", *shape)
    return total


def _check_cost(total: Estimate, options: Options) -> None:
    if total.calls:
        table.check_cost(total, {options.detector, options.inpainter})


def _normalised(pixels: Planes) -> Planes:
    """Return the flat scaled by a power of two to a median between 0.5 and 1.

    Nothing is rounded, so that a flat and its double give the same dust, bit for bit.
    """
    finite = pixels[np.isfinite(pixels)]
    middle = float(np.median(finite)) if finite.size else 0.0
    scaled = np.ldexp(pixels, -int(np.frexp(middle)[1])) if middle > 0 else pixels.copy()
    scaled.setflags(write=False)
    return scaled


def _is_mosaic(frame: Frame, options: Options) -> bool:
    if frame.channels != 1 or options.cfa == "none":
        return False
    if mosaic.is_xtrans(frame.pixels[0]):
        raise UnsupportedFrame(
            "This looks like an X-Trans mosaic, which is not supported; "
            'debayer it first, or set cfa to "none".'
        )
    return options.cfa == "2x2" or mosaic.is_bayer(frame.pixels[0])


def _find(flat: Planes, sites: bool, options: Options, run: Run) -> tuple[Plane, Plane]:
    """Return the seed mask and the soft mask: steps 2 and 3."""
    detector = table.detector(options.detector)
    run.progress("detect", 0.0)
    seen = mosaic.even_out(flat[0])[None] if sites else flat
    seen.setflags(write=False)
    seed = detector.detect(seen, options=options, run=run)
    if np.shape(seed) != flat.shape[1:] or seed.dtype != np.float32 or not np.isfinite(seed).all():
        raise EngineBadOutput(f"The engine {options.detector} returned an unusable mask.")
    if seed.min() < 0 or seed.max() > 1:
        raise EngineBadOutput(f"The engine {options.detector} returned a mask beyond [0, 1].")
    automatic = detector.expansion
    soft = step3.expand(
        seed,
        dilate=automatic.dilate if options.dilate == "auto" else options.dilate,
        feather=automatic.feather if options.feather == "auto" else options.feather,
    )
    unknown = ~_finite(flat)
    seed, soft = np.where(unknown, np.float32(0), seed), np.where(unknown, np.float32(0), soft)
    return seed, soft


def _users(mask: Plane, frame: Frame, options: Options) -> Plane:
    """Return the user's mask as the soft mask."""
    if mask.shape != (frame.height, frame.width):
        raise MaskGeometry(
            f"The mask has {mask.shape[1]} x {mask.shape[0]} pixels, "
            f"the image {frame.width} x {frame.height}."
        )
    soft = step3.given(mask)
    if options.dilate != "auto" or options.feather != "auto":
        soft = step3.expand(
            soft,
            dilate=0.0 if options.dilate == "auto" else options.dilate,
            feather=0.0 if options.feather == "auto" else options.feather,
        )
    return np.where(_finite(frame.pixels), soft, np.float32(0))


def _dust_free(frame: Frame, soft: Plane, sites: bool, options: Options, run: Run) -> Planes:
    """Return the matched estimate, finite, within [0, 1]: steps 4 and 5."""
    known = _finite(frame.pixels)
    if not soft.any():
        return np.where(known, frame.pixels, np.float32(0))
    inpainter = table.inpainter(options.inpainter)
    run.progress("inpaint", 0.0)
    turn_up = upright(frame.pixels)
    normalised = _normalised(frame.pixels)
    scale = _scale(frame.pixels, normalised)
    flat, mask = turn_up(normalised), turn_up(soft)
    del normalised
    if sites:
        parts = zip(mosaic.split(flat[0]), mosaic.split(mask), strict=True)
        filled = [_filled(site[None], part, inpainter, options, run)[0] for site, part in parts]
        matched = mosaic.join(filled, (frame.height, frame.width))[None]
    else:
        matched = _filled(flat, mask, inpainter, options, run)
    del flat, mask
    inside = soft > 0
    recorded = np.where(known, frame.pixels, np.float32(0))
    recorded[:, inside] = np.clip(np.ldexp(turn_up(matched)[:, inside], scale), 0, 1)
    return recorded


def _scale(pixels: Planes, normalised: Planes) -> int:
    """Return the power of two that leads from the normalised flat back to the recorded one."""
    lit = np.argmax(np.nan_to_num(pixels))
    top, scaled = float(pixels.flat[lit]), float(normalised.flat[lit])
    return int(np.frexp(top)[1] - np.frexp(scaled)[1]) if top > 0 else 0


def _filled(flat: Planes, soft: Plane, inpainter: Inpainter, options: Options, run: Run) -> Planes:
    """Return one inpainter's answer, checked and matched, the flat on clean pixels."""
    if not soft.any():
        return flat
    flat.setflags(write=False)
    soft.setflags(write=False)
    inside = soft > 0
    clean: Flags = ~inside & _finite(flat)
    if not clean.any():
        raise NoCleanPixels("The mask leaves no clean pixel to learn the dust-free level from.")
    answer = inpainter.inpaint(flat, soft, options=options, run=run)
    if np.shape(answer) != flat.shape or answer.dtype != np.float32:
        raise EngineBadOutput(f"The engine {options.inpainter} returned an image of another shape.")
    if not np.isfinite(answer[:, inside]).all():
        raise EngineBadOutput(f"The engine {options.inpainter} left holes in the image.")
    run.progress("match", 0.0)
    matched = flat.copy()
    for theirs, ours, out in zip(answer, flat, matched, strict=True):
        out[inside] = step5.match(theirs, ours, clean)[inside]
    return matched


def _finite(planes: Planes) -> Flags:
    return np.asarray(np.isfinite(planes).all(axis=0))
