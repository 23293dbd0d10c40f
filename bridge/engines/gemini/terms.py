"""Whether the Gemini engines can run, what they cost, and what their answers depend on."""

from __future__ import annotations

from importlib.util import find_spec

from bridge import config
from bridge.engines.estimate import Estimate
from bridge.engines.gemini import prices
from bridge.engines.gemini.errors import TooExpensive
from bridge.engines.gemini.tiles import tiles


def unavailable() -> str | None:
    """Return why the service cannot be asked, or None if it can; nothing is sent."""
    if find_spec("google") is None or find_spec("google.genai") is None:
        return "The package google-genai is missing."
    if not config.load().gemini_key:
        return (
            "There is no key: set gemini.key in config.toml, or the variable GEMINI_API_KEY, "
            "to a key of Google AI Studio with billing; image models have no free tier."
        )
    return None


def fingerprint(role: str) -> str:
    """Return the settings that the answers in ``role`` depend on, as one word."""
    settings = config.load()
    pointing = role == "detector" and settings.gemini_route == "point"
    parts = [settings.gemini_vision_model if pointing else settings.gemini_image_model]
    parts += [settings.gemini_image_size, str(settings.gemini_overlap)]
    if role == "inpainter":
        parts.append("fallback" if settings.gemini_fallback else "alone")
    return "/".join(parts)


def estimate(role: str, height: int, width: int) -> Estimate:
    """Return what one look at a frame of this size costs at most in ``role``."""
    settings = config.load()
    size = settings.gemini_image_size
    calls = sum(1 for _ in tiles(height, width, size, settings.gemini_overlap))
    if role == "detector" and settings.gemini_route == "point":
        price = prices.of_words(settings.gemini_vision_model)
    else:
        price = prices.of_picture(settings.gemini_image_model, size)
    return Estimate(calls, calls * price, prices_as_of=prices.AS_OF)


def check(total: Estimate) -> None:
    """Raise `TooExpensive` if the settings do not allow so much."""
    settings = config.load()
    for value, limit, name in (
        (total.calls, settings.gemini_max_calls, "gemini.max_calls"),
        (total.cost, settings.gemini_max_cost, "gemini.max_cost"),
    ):
        if value > limit:
            raise TooExpensive(
                f"This needs up to {total.words()}, but {name} is {limit:g}. Nothing was sent; "
                f"raise {name}, or choose a larger gemini.image_size for fewer calls."
            )
