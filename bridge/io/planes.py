"""The files of one correction, the same bytes through every door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Notice, Planes
from bridge.io.factor import encode_correction
from bridge.io.fits_out import Cards, fits_parts
from bridge.io.tiff_out import tiff16_bytes

MASKS: Final = ("seed_mask", "mask")
SIGNALS: Final = ("median", "inpainted", "clean_flat")
FACTOR: Final = "correction"
NAMES: Final = ("median", "seed_mask", "mask", "inpainted", "clean_flat", "correction")
"""Every plane a result may hold; each is in the file ``<name>.fits``."""

PICTURES: Final = ("correction.tiff", "correction_as_flat.tiff")

OptionValue = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a result came to be.

    Parameters
    ----------
    version
        FlatBridge's.
    detector, inpainter
        Name and version of the engines, such as ``local 1``; empty where none took part.
    options
        As `Options.to_json` gives them.
    input_digest
        The digest of the input's pixels.
    """

    version: str
    detector: str
    inpainter: str
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    input_digest: str = ""

    def cards(self) -> dict[str, OptionValue]:
        """Return one FB keyword for each fact; an option's is FB and six of its letters."""
        options = {
            f"FB{name.upper()[:6]}": value
            for name, value in self.options.items()
            if name not in ("detector", "inpainter")
        }
        return {
            "FBVERS": self.version,
            "FBDETECT": self.detector,
            "FBINPAIN": self.inpainter,
            "FBINPUT": self.input_digest,
            **options,
        }

    def history(self, plane: str) -> list[str]:
        """Return the HISTORY lines of ``plane``."""
        engines = f"detector {self.detector or 'none'}, inpainter {self.inpainter or 'none'}"
        options = ", ".join(
            f"{name} {value}"
            for name, value in self.options.items()
            if name not in ("detector", "inpainter")
        )
        lines = [f"FlatBridge {self.version}: {plane}", engines]
        return [*lines, options] if options else lines


def plane_bytes(
    name: str,
    planes: NDArray[np.float32],
    provenance: Provenance,
    *,
    full_scale: float = 1.0,
    cards: Cards | None = None,
) -> tuple[bytes, float]:
    """Return `plane_parts` in one."""
    parts, scale = plane_parts(name, planes, provenance, full_scale=full_scale, cards=cards)
    return b"".join(parts), scale


def plane_parts(
    name: str,
    planes: NDArray[np.float32],
    provenance: Provenance,
    *,
    full_scale: float = 1.0,
    cards: Cards | None = None,
) -> tuple[Iterator[bytes], float]:
    """Return a plane's FITS file in pieces, and the power of two its pixels were divided by.

    Parameters
    ----------
    name
        One of `NAMES`.
    planes
        (height, width) or (channels, height, width) float32, finite, not negative.
    provenance
        Recorded in keywords and history.
    full_scale
        The ADU value that means 1.0, recorded in signal planes.
    cards
        Further keywords.
    """
    if name in MASKS:
        pixels, scale = planes, 1.0
    else:
        pixels, scale = encode_correction(planes)
    own: dict[str, OptionValue] = {"FBPLANE": name}
    if name == FACTOR:
        own["FBSCALE"] = scale
    if name in SIGNALS:
        own["FBFULL"] = full_scale * scale
    every: Cards = {**(cards or {}), **own, **provenance.cards()}
    return fits_parts(pixels, cards=every, history=provenance.history(name)), scale


def picture_bytes(correction: Planes) -> Iterator[tuple[str, bytes, Notice | None]]:
    """Yield the TIFF forms of a correction: name, bytes, and a notice if values were clipped.

    Parameters
    ----------
    correction
        (channels, height, width) float32, finite, above 0.
    """
    for name, one in zip(PICTURES, (65535, 32768), strict=True):
        data, clipped = tiff16_bytes(correction, one=one)
        end = f"{65535 / one:.4g}"
        values = "1 value above it reads" if clipped == 1 else f"{clipped:,} values above it read"
        told = f"{name} ends at {end}: {values} {end} there; correction.fits holds everything."
        yield name, data, Notice("tiff-clipped", told, clipped) if clipped else None
