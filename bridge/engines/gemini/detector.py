"""The detector whose eye is a model, and whose hand is the local engine's."""

from __future__ import annotations

from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from bridge import config
from bridge.engines.base import Run
from bridge.engines.gemini import words
from bridge.engines.gemini.costs import Account
from bridge.engines.gemini.errors import Misaligned
from bridge.engines.gemini.proposals import from_boxes, from_mask
from bridge.engines.gemini.question import Question
from bridge.engines.gemini.tiles import Tile, tiles
from bridge.engines.gemini.verify import verified
from bridge.engines.gemini.views import drawn, padded, returned, scale_for
from bridge.engines.local.detector import SIGNS, LocalDetector
from bridge.engines.local.record import Record, record_of
from bridge.engines.local.search import search
from bridge.frame import Flags, Plane, Planes
from bridge.options import Options

CLIPPED: Final = 0.02
"""Share of pixels that may be clipped in the picture: dust may be, its surroundings may not."""


class GeminiDetector:
    """Asks where dust is, and keeps what the recorded pixels bear out."""

    expansion = LocalDetector.expansion  # a shadow's footprint is the same, whoever saw it

    def detect(self, flat: Planes, *, options: Options, run: Run) -> Plane:
        """Return the seed mask; see `Detector.detect`."""
        with threadpool_limits(1, "blas"):
            record = record_of(flat)
            sure = search(record, SIGNS[options.polarity], options.threshold, run)
            proposed = _proposed(record, sure[0], options, run)
            seed = verified(record, proposed, sure, options, run)
        run.progress("detect", 1.0)
        return seed


def _proposed(record: Record, seen: Flags, options: Options, run: Run) -> Flags:
    """Return where the model sees dust."""
    settings = config.load()
    account = Account("detector", settings, run)
    height, width = record.ratio.shape[-2:]
    where = np.zeros(record.ratio.shape, bool)
    cuts = list(tiles(height, width, settings.gemini_image_size, settings.gemini_overlap))
    for number, tile in enumerate(cuts):
        run.check_cancelled()
        run.progress("detect", 0.6 * number / len(cuts))
        ratio, known = record.ratio[tile.box], record.usable[tile.box]
        picture = drawn(scale_for(ratio[None], known, CLIPPED).levels(ratio[None]), tile)
        if settings.gemini_route == "point":
            told = words.POINT_AT_DUST.format(kind=words.KINDS[options.polarity])
            question = Question(
                settings.gemini_vision_model, (told, picture), schema=words.BOXES, roll=options.seed
            )
            found = from_boxes(account.ask(question).words, tile.shape)
        else:
            found = _drawn(account, picture, tile, seen[tile.box], known, options)
        rows, columns = tile.inner
        where[tile.box] |= found[:rows, :columns]
    return where & record.usable


def _drawn(
    account: Account, picture: bytes, tile: Tile, seen: Flags, known: Flags, options: Options
) -> Flags:
    settings = config.load()
    told = words.DRAW_DUST.format(kind=words.KINDS[options.polarity])
    question = Question(
        settings.gemini_image_model,
        (told, picture),
        ratio=tile.ratio,
        size=settings.gemini_image_size,
        roll=options.seed,
    )
    answer = returned(account.ask(question).picture or b"", tile)
    found, laid = from_mask(answer, padded(seen, tile) > 0, padded(known, tile) > 0)
    account.tell(placed=laid.to_json() if laid else None)
    if laid is None and options.verify == "off" and found.any():
        raise Misaligned(
            "What the model drew lies nowhere near any dust, and verify is off. "
            "Ask again with another seed, or set verify to strict."
        )
    return found
