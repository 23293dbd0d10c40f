"""Images as answers: FITS as stored, PNG as drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from flask import Response
from werkzeug.wsgi import FileWrapper

from bridge.io import read_image
from bridge.report.pictures import preview
from bridge.store.errors import NotFound
from bridge.web.requests import BLOCK, number_argument
from bridge.web.services import services

WIDEST = 4096


def fits_answer(path: Path) -> Response:
    """Answer with a FITS file, block by block."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise NotFound("The store has just let go of this image; ask for the work again.") from None
    size = path.stat().st_size
    return Response(
        FileWrapper(file, BLOCK),
        content_type="application/fits",
        headers={"Content-Length": str(size)},
        direct_passthrough=True,
    )


def picture_answer(path: Path, name: str, scale: float = 1.0) -> Response:
    """Answer with a PNG of a FITS file, at most ``?width=`` px wide."""
    width = int(number_argument("width", 512, 16, WIDEST))
    with services().drawing:  # each takes several times the image's size
        pixels = read_image(path, name="The image").pixels
        if scale != 1:
            pixels = pixels * np.float32(scale)
        return Response(preview(pixels, width, name=name), content_type="image/png")
