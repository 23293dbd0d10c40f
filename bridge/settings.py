"""The table of what can be set: names, defaults, what each takes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PREFIX: Final = "FLATBRIDGE_"
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
UNITS: Final = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
                "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}  # fmt: skip


def size(value: object) -> int:
    """Return a number of bytes from a whole number or a text such as ``2 GB`` or ``4 MiB``.

    Raises
    ------
    ValueError
        Saying what is allowed.
    """
    words = 'a size such as 4194304, "4 MiB" or "2 GB"'
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(words)
    match = re.fullmatch(r"([0-9]{1,18})(\.[0-9]{1,6})?\s*([A-Za-z]*)", str(value).strip())
    unit = UNITS.get(match[3].upper()) if match else None
    if match is None or unit is None:
        raise ValueError(words)
    number = int(float(match[1] + match[2]) * unit) if match[2] else int(match[1]) * unit
    if number < 1:
        raise ValueError(words)
    return number


def whole(low: int, high: int) -> Callable[[object], int]:
    """Return a converter to a whole number from ``low`` to ``high``."""

    def convert(value: object) -> int:
        text = str(value).strip()
        fits = not isinstance(value, bool) and re.fullmatch("[0-9]{1,18}", text)
        if not fits or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return convert


def number(low: float, high: float) -> Callable[[object], float]:
    """Return a converter to a number from ``low`` to ``high``."""

    def convert(value: object) -> float:
        text = str(value).strip()
        fits = not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text)
        if not fits or not low <= float(text) <= high:
            raise ValueError(f"a number from {low:g} to {high:g}")
        return float(text)

    return convert


def yes_or_no(value: object) -> bool:
    """Return a truth value from true, false, yes, no, 1 or 0."""
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    found = known.get(str(value).strip().lower())
    if found is None:
        raise ValueError("true or false")
    return found


def line(value: object) -> str:
    """Return a text of printable ASCII without blanks, such as a key, a name or an address."""
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{0,500}", value.strip()):
        raise ValueError("a text of plain letters without blanks")
    return value.strip()


def choice(*allowed: str) -> Callable[[object], str]:
    """Return a converter that takes one of ``allowed``."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(" or ".join(allowed))
        return value

    return convert


def address(value: object) -> str:
    """Return ``localhost`` or the address of one network interface, as IP writes it shortest."""
    words = "localhost or one IP address of this computer"
    if value == "localhost":
        return "localhost"
    try:
        found = ipaddress.ip_address(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(words) from None
    # Not "every interface": the bridge has to know under which name it may be asked. No zone: it
    # has no place in an address of the web.
    if found.is_unspecified or found.is_multicast or "%" in str(found):
        raise ValueError(words)
    return found.compressed


def is_loopback(host: str) -> bool:
    """Return whether only this computer can reach ``host``, an `address`."""
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table: its name, default, converter, the words that explain it."""

    name: str
    default: object
    convert: Callable[[object], object]
    help: str
    secret: bool = False

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.replace(".", "_")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.field.upper()


TABLE: Final = (
    Setting("host", "127.0.0.1", address, "The address to listen on; see also serve --i-know."),
    Setting("port", 7625, whole(0, 65535), "The port to listen on; 0 takes any free one."),
    Setting("frame_bytes", 2 * 2**30, size, "The largest image that is taken."),
    Setting("chunk_bytes", 4 * 2**20, size, "The largest piece of an image sent in pieces."),
    Setting("store_bytes", 20 * 10**9, size, "What the store keeps; the oldest unused goes first."),
    Setting("queue_length", 32, whole(1, 10_000), "How many jobs may wait."),
    Setting("log_level", "INFO", choice(*LOG_LEVELS), "How much the log tells."),
    Setting("gemini.key", "", line, "The key of the Gemini service.", secret=True),
    Setting("gemini.image_model", "gemini-nano-banana-2.1", line, "The model that draws."),
    Setting("gemini.vision_model", "gemini-3.8-flash", line, "The model that points."),
    Setting(
        "gemini.route",
        "draw",
        choice("draw", "point"),
        "How dust is found: the image model draws it, or the vision model points at it.",
    ),
    Setting("gemini.image_size", "2K", choice("1K", "2K", "4K"), "The size of drawn pictures."),
    Setting("gemini.overlap", 192, whole(0, 512), "Pixels that neighboring tiles share."),
    Setting(
        "gemini.fallback",
        True,
        yes_or_no,
        "Whether the offline reconstruction stands in where the model's is worse.",
    ),
    Setting("gemini.max_calls", 40, whole(0, 10_000), "The most calls of one job."),
    Setting("gemini.max_cost", 2.0, number(0, 10_000), "The most that one job may cost, USD."),
    Setting("gemini.timeout", 180.0, number(0.1, 3600), "Seconds that a call may take in all."),
    Setting("gemini.base_url", "", line, "Another address of the service."),
    Setting("gemini.api_version", "v1beta", line, "The version of the service's interface."),
    Setting("gemini.vertexai", False, yes_or_no, "Whether the key is one of Vertex AI."),
)
"""Everything that can be set."""
