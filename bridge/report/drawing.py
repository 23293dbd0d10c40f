"""What is drawn over the pictures: outlines, numbers, a color bar, in Pillow's built-in font."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

from bridge.frame import Flags, Plane
from bridge.report import raster
from bridge.report.figures import Figures, Shadow

BAR_HEIGHT: Final = 44
"""Rows that `with_bar` adds."""

_MARK: Final = (255, 179, 64)
_FAINT_MARK: Final = (186, 194, 208)  # for a possible shadow that was left alone
_HALO: Final = (8, 10, 14)
_ROOM: Final = 18  # px of width for each number; more of them would hide the picture
_LEGIBLE: Final = 5.0  # px; a smaller shadow gets a circle around it


def outlines(mask: Plane, figures: Figures, size: tuple[int, int]) -> raster.Pixels:
    """Return the shadows' outlines and numbers as color with opacity, at ``size``.

    Parameters
    ----------
    mask
        (height, width) float32 in [0, 1], at full size; the outline runs where it is 0.5.
    figures
        The shadows; the deepest are numbered, as many as there is room for.
    size
        (width, height) of the picture, not larger than the mask.
    """
    scale = size[0] / mask.shape[1]
    inside = raster.shrink((mask > 0.5).astype(np.float32)[None], size)[0] >= 0.5
    canvas = Image.fromarray(_edge(inside))
    draw = ImageDraw.Draw(canvas)
    for shadow in figures.shadows:
        radius = shadow.diameter * scale / 2
        if radius < _LEGIBLE:
            x, y, r = (shadow.x + 0.5) * scale, (shadow.y + 0.5) * scale, _LEGIBLE + 1
            draw.ellipse((x - r, y - r, x + r, y + r), outline=_color(shadow), width=1)
    _number(draw, figures.shadows[: max(9, size[0] // _ROOM)], size, scale)
    return np.asarray(canvas)


def _number(
    draw: ImageDraw.ImageDraw, shadows: tuple[Shadow, ...], size: tuple[int, int], scale: float
) -> None:
    """Write each shadow's number at its upper right, but never over that of a deeper one."""
    font = ImageFont.load_default(size=15)
    taken: list[tuple[float, float, float, float]] = []
    for shadow in shadows:
        away = 0.72 * max(shadow.diameter * scale / 2, _LEGIBLE + 1)
        text = str(shadow.id)
        left, top, right, bottom = font.getbbox(text)
        x = min(max((shadow.x + 0.5) * scale + away + 2, 2), size[0] - right - 3)
        y = min(max((shadow.y + 0.5) * scale - away - 17, 2 - top), size[1] - bottom - 3)
        box = (x + left - 1, y + top - 1, x + right + 1, y + bottom + 1)
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            continue
        taken.append(box)
        color = _color(shadow)
        draw.text((x, y), text, font=font, fill=color, stroke_width=2, stroke_fill=_HALO)


def _color(shadow: Shadow) -> tuple[int, int, int]:
    return _MARK if shadow.corrected else _FAINT_MARK


def _edge(inside: Flags) -> raster.Pixels:
    """Return a transparent picture with a thin line around ``inside``."""
    line = ndimage.binary_dilation(inside, iterations=2) & ~inside
    shade = ndimage.binary_dilation(line, iterations=1) & ~line
    pixels = np.zeros((*inside.shape, 4), dtype=np.uint8)
    pixels[shade] = (*_HALO, 90)
    pixels[line] = (*_MARK, 255)
    return pixels


def marked(pixels: raster.Pixels, mask: Plane, lines: raster.Pixels) -> raster.Pixels:
    """Return ``pixels`` as color, tinted a little where the mask is, under ``lines``.

    All of one height and width; ``lines`` is color with opacity, the mask in [0, 1].
    """
    color = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    tint = np.clip(mask, 0, 1)[:, :, None] / 6
    tinted = color * (1 - tint) + np.array(_MARK) * tint
    opacity = lines[:, :, 3:] / 255
    both: raster.Pixels = np.rint(tinted * (1 - opacity) + lines[:, :, :3] * opacity).astype(
        np.uint8
    )
    return both


def with_bar(colors: raster.Pixels, scale: float) -> raster.Pixels:
    """Return the factor's colors with a labelled color bar below them."""
    height, width = colors.shape[:2]
    canvas = Image.new("RGB", (width, height + BAR_HEIGHT), (14, 17, 23))
    canvas.paste(Image.fromarray(colors), (0, 0))
    draw = ImageDraw.Draw(canvas)
    draw.line((0, height, width, height), fill=(60, 66, 76))
    left, right = round(width * 0.08), round(width * 0.92)
    ramp = (1 + scale * np.linspace(-1, 1, max(2, right - left), dtype=np.float32))[None, None]
    bar = raster.factor_colors(np.repeat(ramp, 10, axis=1), scale)
    canvas.paste(Image.fromarray(bar), (left, height + 8))
    font = ImageFont.load_default(size=13)
    for part, text in (
        (0.0, f"{1 - scale:.4g} or less"),
        (0.25, f"{1 - scale / 2:.4g}"),
        (0.5, "1 = clean"),
        (0.75, f"{1 + scale / 2:.4g}"),
        (1.0, f"{1 + scale:.4g} or more"),
    ):
        x = left + part * (right - left - 1)
        draw.line((x, height + 18, x, height + 21), fill=(200, 205, 214))
        draw.text((x, height + 23), text, font=font, fill=(200, 205, 214), anchor="mt")
    return np.asarray(canvas)
