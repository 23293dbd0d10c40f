"""The order of the six steps; the only place that knows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.engines import table
from bridge.engines.base import Inpainter, Run
from bridge.engines.estimate import Estimate
from bridge.errors import (
    EngineBadOutput,
    MaskGeometry,
    NoCleanPixels,
)
from bridge.frame import Flags, Frame, Notice, Plane, Planes
from bridge.machine import check_memory, give_back_memory
from bridge.numerics import correction as step6
from bridge.numerics import mask as step3
from bridge.numerics import matching as step5
from bridge.numerics import mosaic
from bridge.numerics.bias import light
from bridge.numerics.factor import factor_of
from bridge.numerics.few import Few
from bridge.numerics.fitness import about_flat
from bridge.numerics.view import View, has_sites, view_of
from bridge.options import Options

Values = NDArray[np.float32]
"""One value for each of some pixels."""


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

    All planes are finite but the flat's. ``seed_mask`` is None where the user gave the mask.

    Parameters
    ----------
    flat
        What was corrected, (channels, height, width) float32, without its pedestal.
    seed_mask, mask
        (height, width) float32 in [0, 1].
    inpainted
        The matched dust-free estimate, (channels, height, width) float32; the flat itself on clean
        pixels; 0 where the flat is not finite.
    correction
        The factor, (channels, height, width) float32; exactly 1 on clean pixels, above 1 on rims.
    warnings
        What the user should know.
    """

    flat: Planes
    seed_mask: Plane | None
    mask: Plane
    inpainted: Planes
    correction: Planes
    warnings: tuple[Notice, ...]

    @property
    def clean_flat(self) -> Planes:
        """Flat / correction, made anew each time; 0 where the flat is not finite."""
        return self.cleaned(np.s_[:, :])

    def cleaned(self, box: tuple[slice, slice], channels: slice = step6.EVERY) -> Planes:
        """Return a part of the clean flat."""
        return step6.clean(self.flat[:, *box], self.correction[:, *box], channels)


def detect(frame: Frame, options: Options, run: Run) -> Detection:
    """Return the dust of ``frame``: steps 2 and 3.

    Raises
    ------
    BadOption, UnsupportedFrame, EngineError, Cancelled
    """
    check_memory(frame.height, frame.width, frame.channels)
    _check_cost(estimate(frame, options, inpainting=False), options)
    frame = light(frame, options)
    return _detect(frame, view_of(frame, options), options, run)


def _detect(frame: Frame, view: View, options: Options, run: Run) -> Detection:
    seed, soft = _find(view, options, run)
    seed = np.ascontiguousarray(view.turn(seed))
    soft = np.ascontiguousarray(view.turn(soft))
    give_back_memory()
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
    check_memory(frame.height, frame.width, frame.channels)
    _check_cost(estimate(frame, options, detecting=mask is None), options)
    frame = light(frame, options)
    view = view_of(frame, options)
    seed: Few | None = None
    if mask is None:
        found = _detect(frame, view, options, run)
        # Large frames fill the memory: nothing is kept as a plane that is not worked on.
        seed, soft, warnings = Few.of(found.seed_mask), found.mask, list(found.warnings)
        del found
    else:
        soft = _users(mask, frame, options)
        warnings = [*frame.warnings, *about_flat(frame, soft)]
    sites = view.mosaic
    filled = _filled(view, soft, options, run)
    del view
    give_back_memory()
    inpainted = np.where(_finite(frame.pixels), frame.pixels, np.float32(0))
    if filled:
        inside = soft > 0
        for plane, values in zip(inpainted, filled, strict=True):
            plane[inside] = values
        del inside, filled
    run.check_cancelled()
    factor, notices = factor_of(frame.pixels, inpainted, soft, sites, options.smooth)
    run.progress("synthesise", 1.0)
    warnings += notices
    kept = seed.plane() if seed else None
    return Correction(frame.pixels, kept, soft, inpainted, factor, tuple(warnings))


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
        sites = 4 if filler.terms and has_sites(frame, options) else 1
        halved = 2 if sites == 4 else 1
        shape = -(-frame.height // halved), -(-frame.width // halved)
        for _ in range(sites):
            total += filler.estimate("inpainter", *shape)
    return total


def _check_cost(total: Estimate, options: Options) -> None:
    if total.calls:
        table.check_cost(total, {options.detector, options.inpainter})


def _find(view: View, options: Options, run: Run) -> tuple[Plane, Plane]:
    """Return the seed mask and the soft mask of the view: steps 2 and 3."""
    detector = table.detector(options.detector)
    run.progress("detect", 0.0)
    seen = mosaic.even_out(view.planes[0])[None] if view.mosaic else view.planes
    seen.setflags(write=False)
    seed = detector.detect(seen, options=options, run=run)
    shape = seen.shape[1:]
    del seen
    if np.shape(seed) != shape or seed.dtype != np.float32 or not np.isfinite(seed).all():
        raise EngineBadOutput(f"The engine {options.detector} returned an unusable mask.")
    if seed.min() < 0 or seed.max() > 1:
        raise EngineBadOutput(f"The engine {options.detector} returned a mask beyond [0, 1].")
    automatic = detector.expansion
    soft = step3.expand(
        seed,
        dilate=automatic.dilate if options.dilate == "auto" else options.dilate,
        feather=automatic.feather if options.feather == "auto" else options.feather,
    )
    unknown = ~_finite(view.planes)
    if unknown.any():
        seed, soft = (np.where(unknown, np.float32(0), plane) for plane in (seed, soft))
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


def _filled(view: View, soft: Plane, options: Options, run: Run) -> list[Values]:
    """Return each channel's matched estimate where the mask is above 0: steps 4 and 5.

    In recorded values within [0, 1], pixel by pixel in the order of the frame; nothing where there
    is no dust.
    """
    if not soft.any():
        return []
    inpainter = table.inpainter(options.inpainter)
    run.progress("inpaint", 0.0)
    mask = view.turn(soft)
    if not view.mosaic:
        found = _matched(view.planes, mask, inpainter, options, run)
    else:
        plane = np.zeros(mask.shape, np.float32)
        for row, column in mosaic.SITES:
            site = np.s_[row::2, column::2]
            part = np.ascontiguousarray(mask[site])
            values = _matched(
                np.ascontiguousarray(view.planes[:, *site]), part, inpainter, options, run
            )
            plane[site][part > 0] = values[0]
        found = [plane[mask > 0]]
        del plane
    inside = mask > 0
    order = np.empty(mask.shape, np.float32)
    filled = []
    for channel in found:
        order[inside] = np.clip(np.ldexp(channel, view.exponent), 0, 1)
        filled.append(view.turn(order)[soft > 0])
    return filled


def _matched(
    flat: Planes, soft: Plane, inpainter: Inpainter, options: Options, run: Run
) -> list[Values]:
    """Return one inpainter's answer where the mask is above 0, checked and matched."""
    if not soft.any():
        return [plane[soft > 0] for plane in flat]
    flat.setflags(write=False)
    soft.setflags(write=False)
    if not _clean(flat, soft).any():
        raise NoCleanPixels("The mask leaves no clean pixel to learn the dust-free level from.")
    answer = inpainter.inpaint(flat, soft, options=options, run=run)
    if np.shape(answer) != flat.shape or answer.dtype != np.float32:
        raise EngineBadOutput(f"The engine {options.inpainter} returned an image of another shape.")
    inside, clean = soft > 0, _clean(flat, soft)
    if not all(np.isfinite(plane[inside]).all() for plane in answer):
        raise EngineBadOutput(f"The engine {options.inpainter} left holes in the image.")
    run.progress("match", 0.0)
    return [
        step5.match(theirs, ours, clean)[inside] for theirs, ours in zip(answer, flat, strict=True)
    ]


def _clean(flat: Planes, soft: Plane) -> Flags:
    clean = _finite(flat)
    clean &= soft == 0
    return clean


def _finite(planes: Planes) -> Flags:
    known = np.isfinite(planes[0])
    for plane in planes[1:]:
        known &= np.isfinite(plane)
    return np.asarray(known)
