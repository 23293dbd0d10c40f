"""A mind for the stand-in: it knows the truth of a scene, and has the sins the service was measured
to have: pictures of another size, stretched, of other tones, uneven, noisy, as JPEG, drafts first.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, label, map_coordinates

from tests.gemini.service import Answer, Request, answer, inline, reply

STRETCH = 1.0046
GAIN, OFFSET = 1.042, -12.7
UNEVEN = 4.0
GRAIN = 2.0
FINDS = 0.002
"""Departure of the transmission from 1 that it sees."""


@dataclass(frozen=True)
class Sins:
    """What it does wrong, each with its switch."""

    size: bool = True
    stretch: bool = True
    tone: bool = True
    uneven: bool = True
    grain: bool = True
    jpeg: bool = True
    drafts: bool = True
    hallucinated: int = 0
    missed: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    deaf: bool = False
    """Whether it gives back what it was sent, dust and all."""


@dataclass
class Mind:
    """Sees the transmission and the light of a gray frame, or of those ``parts`` of it."""

    transmission: np.ndarray
    signal: np.ndarray
    sins: Sins = field(default_factory=Sins)
    seed: int = 0
    reads: Callable[[Request], None] = lambda request: None
    parts: tuple[tuple[slice, slice], ...] = (np.s_[:, :],)

    def __call__(self, request: Request) -> Answer:
        self.reads(request)
        rng = np.random.default_rng([self.seed, len(request.words)])
        sent = _pixels(request.pictures[0])
        self = self._turned(sent)
        if "imageConfig" not in request.config:
            return answer(reply([{"text": json.dumps(self._boxes(sent, rng))}]))
        drawing = self._mask(sent.shape, rng)
        if len(request.pictures) == 2:
            drawing = sent if self.sins.deaf else self._restored(sent)
        return self._drawn(drawing, rng, mask=len(request.pictures) == 1)

    def _turned(self, sent: np.ndarray) -> Mind:
        """Return the mind that knows the truth as it lies in the picture: frames are turned."""
        whole = (self.transmission, self.signal)
        turned = [
            tuple(plane[::down, ::across][part] for plane in whole)
            for down in (1, -1)
            for across in (1, -1)
            for part in self.parts
        ]

        def likeness(truth: tuple[np.ndarray, ...]) -> float:
            known = truth[0] * truth[1]
            seen = sent[: known.shape[0] : 3, : known.shape[1] : 3]
            known = known[::3, ::3]
            known = known / gaussian_filter(known, 30, mode="nearest")
            return float(np.corrcoef(known.ravel(), seen.ravel())[0, 1])

        return Mind(*max(turned, key=likeness), self.sins, self.seed)

    def _dust(self, rng: np.random.Generator) -> np.ndarray:
        dust = abs(self.transmission - 1) > FINDS
        labels, count = label(gaussian_filter(dust.astype(float), 2) > 0.1, np.ones((3, 3)))
        missed = np.flatnonzero(rng.random(count + 1) < self.sins.missed)
        dust = dust & ~np.isin(labels, missed[missed > 0])
        rows, columns = np.indices(dust.shape, sparse=True)
        for _ in range(self.sins.hallucinated):
            row, column = (rng.integers(20, side - 20) for side in dust.shape)
            dust |= np.hypot(rows - row, columns - column) < rng.uniform(4, 14)
        return dust

    def _mask(self, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        full = np.zeros(shape, np.float32)
        dust = self._dust(rng)
        full[: dust.shape[0], : dust.shape[1]] = 255 * gaussian_filter(dust.astype(np.float32), 1)
        return full

    def _boxes(self, sent: np.ndarray, rng: np.random.Generator) -> list[dict[str, object]]:
        height, width = sent.shape
        labels, count = label(self._dust(rng), np.ones((3, 3)))
        found = []
        for number in range(1, count + 1):
            rows, columns = np.nonzero(labels == number)
            edges = (rows.min() / height, columns.min() / width,
                     (rows.max() + 1) / height, (columns.max() + 1) / width)  # fmt: skip
            box = [round(1000 * edge) for edge in edges]
            found.append({"box_2d": box, "label": "dust"})
        return found

    def _restored(self, sent: np.ndarray) -> np.ndarray:
        """Give the light back that dust took, as far as gray levels show it."""
        height, width = self.signal.shape
        detail = self.signal / gaussian_filter(self.signal, 40, mode="nearest")
        seen = sent[:height, :width].astype(float)
        fair = (seen > 2) & (seen < 253)
        slope = np.polyfit((detail * self.transmission)[fair], seen[fair], 1)[0]
        # What is broader than the detail is continued from the clean surroundings.
        clean = (abs(self.transmission - 1) < FINDS / 4) & fair
        weight = gaussian_filter(clean.astype(float), 30) + 1e-6
        base = gaussian_filter(np.where(clean, seen - slope * (detail - 1), 0), 30) / weight
        full = sent.astype(np.float32).copy()
        full[:height, :width][~clean] = (base + slope * (detail - 1))[~clean]
        return full

    def _drawn(self, drawing: np.ndarray, rng: np.random.Generator, *, mask: bool) -> Answer:
        sins = self.sins
        height, width = drawing.shape
        size = (round(height * 1.07) // 16 * 16, round(width * 1.07) // 16 * 16)
        size = size if sins.size else (height, width)
        rows, columns = np.indices(size, np.float32)
        rows = (rows + 0.5) * height / size[0] - 0.5
        columns = (columns + 0.5) * width / size[1] - 0.5
        if sins.stretch:
            rows = height / 2 + (rows - height / 2) / STRETCH
        rows, columns = rows - sins.shift[0], columns - sins.shift[1]
        picture = map_coordinates(
            drawing.astype(np.float32), [rows, columns], order=1, mode="nearest"
        )
        if not mask:
            if sins.tone:
                picture = GAIN * picture + OFFSET
            if sins.uneven:
                waves = gaussian_filter(rng.normal(size=(9, 9)), 1)
                waves = Image.fromarray((waves / abs(waves).max()).astype(np.float32))
                picture = picture + UNEVEN * np.asarray(
                    waves.resize(size[::-1], Image.Resampling.BICUBIC)
                )
            if sins.grain:
                picture = picture + rng.normal(0, GRAIN, size)
        levels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
        parts = [inline(_file(np.repeat(levels[..., None], 3, 2), jpeg=sins.jpeg))]
        if sins.drafts:
            draft = _file(255 - np.repeat(levels[::4, ::4, None], 3, 2), jpeg=False)
            parts = [{"text": "thinking", "thought": True}, inline(draft, thought=True),
                     {"text": "Here it is."},
                     {**parts[0], "thoughtSignature": "AAAA" * 1000}]  # fmt: skip
        return answer(reply(parts))


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.float32)


def _file(levels: np.ndarray, *, jpeg: bool) -> bytes:
    with io.BytesIO() as stream:
        image = Image.fromarray(levels)
        if jpeg:
            image.save(stream, "JPEG", quality=95, subsampling=2)
        else:
            image.save(stream, "PNG")
        return stream.getvalue()
