"""Texts that were typed to the values they stand for."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from bridge.errors import BadOption
from bridge.options import OPTIONS, Option


def metavar(option: Option) -> str:
    """Return what stands for the value of an option in usage lines."""
    number = {"px": "PX", "noise": "SIGMA", "ADU": "N|FILE"}.get(option.unit, "N")
    return "|".join((*option.words, *([number] if option.low is not None else [])))


def frames(text: str) -> slice:
    """Return the frames that ``START:STOP[:STEP]`` chooses."""
    try:
        parts = [int(part) if part.strip() else None for part in text.split(":")]
        if not 2 <= len(parts) <= 3 or (len(parts) == 3 and parts[2] is not None and parts[2] < 1):
            raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not START:STOP or START:STOP:STEP") from None
    return slice(*parts)


def size(text: str) -> int:
    """Return the bytes that ``128MB`` or the like stands for."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kMGT]?)B?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 128MB or 1GB")
    number, unit = found.groups()
    return int(float(number) * 1000 ** " KMGT".index(unit.upper() or " "))


def natural(text: str) -> int:
    """Return a whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


def offset(text: str) -> tuple[int, int]:
    """Return the whole pixels (dx, dy) of ``DX,DY``."""
    try:
        dx, dy = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not DX,DY in whole pixels") from None
    return dx, dy


def number_or_file(text: str) -> object:
    """Return a bias: ``auto``, a number, or the path of a file."""
    try:
        return OPTIONS["bias"].parse_text(text)
    except BadOption:
        if re.fullmatch(r"[-+]?[\d.]+", text):
            raise argparse.ArgumentTypeError(
                f"{text!r} is neither a number from 0 on nor a file"
            ) from None
        return Path(text)


def typed(option: Option) -> Callable[[str], object]:
    """Return what turns a text into the option's value."""

    def parse(text: str) -> object:
        try:
            return option.parse_text(text)
        except BadOption as trouble:
            raise argparse.ArgumentTypeError(trouble.detail) from None

    return parse


def check_suffix(path: Path, what: str, suffixes: tuple[str, ...]) -> None:
    """Raise `BadOption` where a file's name would say that it holds something else."""
    if path.suffix.lower() not in suffixes:
        raise BadOption(f"{path.name} would hold {what}: give it a name with {suffixes[0]}.")
