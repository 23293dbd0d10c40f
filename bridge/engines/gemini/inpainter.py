"""The inpainter that lets a model draw, and takes of it what the ring around a hole bears out."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter
from threadpoolctl import threadpool_limits

from bridge import config
from bridge.engines.base import Run
from bridge.engines.gemini import words
from bridge.engines.gemini.costs import Account
from bridge.engines.gemini.errors import Implausible, Misaligned
from bridge.engines.gemini.fitting import Tally, fitted
from bridge.engines.gemini.pixels import Levels
from bridge.engines.gemini.question import Question
from bridge.engines.gemini.registration import Alignment, register
from bridge.engines.gemini.tiles import Tile, tiles
from bridge.engines.gemini.views import FLAT, drawn, padded, returned, scale_for
from bridge.engines.local.background import illumination
from bridge.engines.local.defects import lines
from bridge.engines.local.limb import find_limb
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import depth
from bridge.numerics.matching import match
from bridge.options import Options

CLIPPED: Final = 0.001
"""Share of clean pixels that may be clipped in the picture."""

STRUCTURED: Final = 1.5
"""A frame whose clean pixels, blurred, scatter so many times more than their noise has structure
that must be found again in what comes back."""

BLUR: Final = 2.0
"""Px of that blur, and of the one under which errors on clean pixels are told."""


class GeminiInpainter:
    """Sends the frame and the mask, and fits the answer to the ring around each hole."""

    def inpaint(self, flat: Planes, mask: Plane, *, options: Options, run: Run) -> Planes:
        """Return the dust-free estimate, clean pixels as they are; see `Inpainter.inpaint`."""
        settings = config.load()
        holes = mask > 0
        with threadpool_limits(1, "blas"):
            light = _light(flat, holes)
            ratio = flat / light
            answer = _answer(ratio, mask, options, run)
            tally = Tally()
            out = flat.copy()
            for channel, plane in enumerate(ratio):
                usable = np.isfinite(plane)
                sound = usable & ~lines(np.where(usable, plane, np.float32(1)))
                filled = fitted(
                    plane, answer[channel], holes, sound, tally, fallback=settings.gemini_fallback
                )
                for number, (fill, count) in enumerate(filled, 1):
                    run.check_cancelled()
                    level = (fill.level * light[channel][fill.box])[fill.hole]
                    out[channel][fill.box][fill.hole] = level
                    run.progress("inpaint", 0.6 + 0.4 * (channel + number / count) / len(flat))
        run.note("inpainter", {"holes": tally.to_json()})
        return out


def _light(flat: Planes, holes: Flags) -> Planes:
    found = []
    for plane in flat:
        seen = np.isfinite(plane) & ~holes
        found.append(illumination(plane, seen, find_limb(plane, seen)))
    return np.stack(found)


def _answer(ratio: Planes, mask: Plane, options: Options, run: Run) -> Planes:
    """Return the model's picture in the units of ``ratio``; NaN where nothing was asked."""
    settings = config.load()
    account = Account("inpainter", settings, run)
    answer = np.full(ratio.shape, np.nan, np.float32)
    best = np.full(mask.shape, -1, np.float32)
    cuts = [
        tile
        for tile in tiles(
            mask.shape[0], mask.shape[1], settings.gemini_image_size, settings.gemini_overlap
        )
        if mask[tile.box].any()
    ]
    for number, tile in enumerate(cuts):
        run.check_cancelled()
        run.progress("inpaint", 0.6 * number / len(cuts))
        part = _part(account, ratio[:, *tile.box], mask[tile.box], tile, options)
        # Where tiles overlap, the one counts in which a pixel lies farther from the edge.
        inside = depth(np.ones(tile.inner, bool), beyond=False).astype(np.float32)
        better = inside > best[tile.box]
        best[tile.box][better] = inside[better]
        for plane, drawing in zip(answer, part, strict=True):
            plane[tile.box][better] = drawing[better]
    return answer


def _part(account: Account, ratio: Planes, mask: Plane, tile: Tile, options: Options) -> Planes:
    """Return one tile's answer, registered and its tones matched on clean pixels."""
    settings = config.load()
    clean = (mask == 0) & np.isfinite(ratio).all(axis=0)
    scale = scale_for(ratio, clean, CLIPPED)
    picture = scale.levels(ratio)
    shown = np.rint(255 * mask).astype(np.uint8)
    question = Question(
        settings.gemini_image_model,
        (words.FRAME, drawn(picture, tile), words.MASK, drawn(shown, tile), words.RESTORE),
        ratio=tile.ratio,
        size=settings.gemini_image_size,
        roll=options.seed,
    )
    back = returned(account.ask(question).picture or b"", tile)
    gray = picture.astype(np.float32)
    if gray.ndim == 3:
        gray = gray.mean(axis=2)
    laid = placed(gray, back.mean(axis=0), clean, tile)
    channels = back if len(ratio) == 3 else back.mean(axis=0)[None]
    if laid:
        channels = np.stack([laid.bring(plane, order=3) for plane in channels])
    rows, columns = tile.inner
    part = np.stack(
        [
            match(scale.ratio(plane[:rows, :columns]), ours, clean)
            for plane, ours in zip(channels, ratio, strict=True)
        ]
    )
    account.tell(
        placed=laid.to_json() if laid else None,
        tone=tone(channels[:, :rows, :columns], scale.levels(ratio), clean),
        error=_error(part, ratio, clean),
    )
    return part


def placed(gray: Plane, back: Plane, clean: Flags, tile: Tile) -> Alignment | None:
    """Return how a picture lies over the one sent; None where there is nothing to tell it by.

    Raises
    ------
    Implausible
        If it shows nothing.
    Misaligned
        If the structure that was sent is not found in it.
    """
    if float(back.std()) < FLAT and float(gray[clean].std()) > 2 * FLAT:
        raise Implausible("The model's picture is blank. Ask again with another seed.")
    sent = padded(gray - gray.mean(), tile)
    known = padded(clean, tile) > 0
    found = register(sent, back, known)
    if found is None and _structured(gray, clean):
        raise Misaligned(
            "Nothing of the picture that was sent is found again in the model's. "
            "Ask again with another seed."
        )
    return found


def _structured(gray: Plane, clean: Flags) -> bool:
    """Tell whether clean pixels show more than noise."""
    weight = gaussian_filter(clean.astype(np.float32), BLUR)
    middle = gray[clean].mean()
    soft = gaussian_filter(np.where(clean, gray - middle, 0), BLUR) / np.maximum(weight, 1e-3)
    steps = np.diff(gray, axis=1)[clean[:, 1:] & clean[:, :-1]]
    noise = float(np.median(np.abs(steps))) / 0.954  # of a difference of two normal deviates
    return float(soft[clean].std()) > STRUCTURED * max(noise, 1.0)


def tone(channels: Planes, sent: Levels, clean: Flags) -> list[float]:
    """Return gain and offset, in gray levels, of what came back against what was sent."""
    theirs = channels.mean(axis=0)[clean]
    ours = (sent if sent.ndim == 2 else sent.mean(axis=2)).astype(np.float32)[clean]
    gain = float(theirs.std() / max(float(ours.std()), 1e-6))
    return [round(gain, 4), round(float(theirs.mean()) - gain * float(ours.mean()), 2)]


def _error(part: Planes, ratio: Planes, clean: Flags) -> float:
    """Return the relative rms error on clean pixels once matched, blurred by 2 px."""
    away = np.where(clean, part / ratio - 1, 0).mean(axis=0)
    weight = np.maximum(gaussian_filter(clean.astype(np.float32), BLUR), 1e-3)
    soft = gaussian_filter(away, BLUR) / weight
    return round(float(np.sqrt(np.mean(np.square(soft[clean])))), 5)
