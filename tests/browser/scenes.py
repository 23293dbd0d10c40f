"""Corrections whose every number is known, for what measures and shows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bridge.frame import Frame, Notice
from bridge.options import Options
from bridge.pipeline import Correction
from bridge.report import ReportJson, report
from tests.synthetic import donut_flat

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Given(Correction):
    """A correction whose clean flat is given, to the bit."""

    given: Array

    def cleaned(self, box: tuple[slice, slice], channels: slice = slice(None)) -> Array:
        return self.given[channels, *box]


def result(
    mask: Array, inpainted: Array, correction: Array, clean_flat: Array, *notices: Notice
) -> Correction:
    planes = [
        np.ascontiguousarray(p, dtype=np.float32) for p in (mask, inpainted, correction, clean_flat)
    ]
    for plane in planes:
        plane.setflags(write=False)
    mask, inpainted, correction, clean_flat = planes
    flat = clean_flat * correction
    return Given(flat, mask, mask, inpainted, correction, notices, clean_flat)


def disc(shape: tuple[int, int], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.hypot(columns - x, rows - y) <= radius


def corrected(
    flat: Array, transmission: Array, footprint: NDArray[np.bool_], *notices: Notice
) -> tuple[Frame, Correction]:
    """Return a flat (channels, height, width) and the correction a perfect eye would make of it."""
    grown = ndimage.binary_dilation(footprint, iterations=3).astype(np.float32)
    mask = np.maximum(ndimage.gaussian_filter(grown, 2), footprint)
    mask = np.where(mask < 1 / 512, 0, np.minimum(mask, 1)).astype(np.float32)
    factor = np.where(mask > 0, 1 - mask + mask * transmission, 1).astype(np.float32)
    level = np.where(mask > 0, flat / transmission, flat)
    frame = Frame(np.ascontiguousarray(flat, dtype=np.float32), "uint16", 65535.0)
    return frame, result(mask, level, factor, flat / factor, *notices)


def donuts(
    seed: int = 3, shape: tuple[int, int] = (300, 420), channels: int = 1
) -> tuple[Frame, Correction]:
    scene = donut_flat(seed, shape=shape, count=6, radii=(6, 30), depths=(0.02, 0.15))
    flat = np.stack([scene.flat] * channels)
    notice = Notice("pedestal", "The flat may still hold a pedestal.", 0)
    return corrected(flat, np.stack([scene.transmission] * channels), scene.footprint, notice)


def nothing(shape: tuple[int, int] = (120, 160)) -> tuple[Frame, Correction]:
    flat = donut_flat(1, shape=shape, count=0).flat[None]
    return Frame(flat, "uint16", 65535.0), result(
        np.zeros(shape, np.float32), flat.copy(), np.ones_like(flat), flat.copy()
    )


def document(frame: Frame, correction: Correction) -> ReportJson:
    return report(
        frame,
        correction,
        sha256=frame.digest,
        options=Options(),
        engines={"detector": "local", "inpainter": "local"},
    )
