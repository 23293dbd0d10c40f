"""What calls cost: the service's price list of one day, in USD."""

from __future__ import annotations

from typing import Final

AS_OF: Final = "2026-11-22"

IMAGES: Final = {
    "gemini-nano-banana-2.1": {"1K": 0.034, "2K": 0.050, "4K": 0.113},
    "gemini-3-pro-image": {"1K": 0.134, "2K": 0.134, "4K": 0.24},
    "gemini-3.1-flash-lite-image": {"1K": 0.034},
}
"""For each picture that comes back, by size; the words and pictures sent cost a tenth of it."""

WORDS: Final = {
    "gemini-3.8-flash": (0.75e-6, 3.75e-6),
    "gemini-3.5-flash-lite": (0.10e-6, 0.40e-6),
}
"""For each token sent and received."""

SENT, RECEIVED = 1500, 4000
"""Tokens of a question to a vision model and of its answer, thoughts included, at most."""

DEAREST: Final = 0.24
"""What a picture by a model without a price is taken to cost."""


def of_picture(model: str, size: str) -> float:
    """Return what a drawn picture costs, with what was sent for it; the dearest if unknown."""
    return round(1.1 * IMAGES.get(model, {}).get(size, DEAREST), 4)


def of_words(model: str) -> float:
    """Return what a question to a vision model costs at most; the dearest if unknown."""
    sent, received = WORDS.get(model, max(WORDS.values()))
    return round(SENT * sent + RECEIVED * received, 4)
