"""Reading what a request brings; anything unexpected is refused in one sentence."""

from __future__ import annotations

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Final, NoReturn

from flask import request

from bridge.errors import BadOption
from bridge.store.files import naming_full_disk
from bridge.web.problems import BadJson, BadRequest, WrongMediaType

BLOCK: Final = 2**20
"""What is handled at once; it stays in a core's cache."""


def require_type(*allowed: str) -> None:
    """Raise `WrongMediaType` unless the body is declared as one of ``allowed``."""
    if request.mimetype not in allowed:
        given = request.mimetype or "not declared"
        raise WrongMediaType(f"The Content-Type must be {' or '.join(allowed)}; it is {given}.")


def read_bytes() -> bytearray:
    """Return the body; the guard has seen to its size."""
    told = request.content_length
    whole = bytearray(told or 0)
    with memoryview(whole) as view:
        filled = _fill(view)
    del whole[filled:]
    if told is None:  # it comes in chunks
        block = memoryview(bytearray(BLOCK))
        while count := _fill(block):
            whole += block[:count]
    return whole


def read_members(required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, object]:
    """Return the members of the JSON object in the body; a null counts as absent.

    Raises
    ------
    WrongMediaType, BadJson
        If there is no JSON object.
    BadOption
        If a member is unknown or missing.
    """
    require_type("application/json")
    try:
        found = json.loads(read_bytes(), parse_constant=_no_constant)
        # Half a surrogate pair, as "\ud800", is text that neither SQLite nor UTF-8 can hold.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise BadJson("The body is not JSON.") from None
    if not isinstance(found, dict):
        raise BadJson("The body is not a JSON object.")
    members = {name: value for name, value in found.items() if value is not None}
    only(found, (*required, *optional))
    only(members, (*required, *optional), *required)
    return members


def only(members: dict[str, object], known: tuple[str, ...], *required: str) -> None:
    """Raise `BadOption` for a member that is not known, or a required one that is missing."""
    for name in members:
        if name not in known:
            words = ", ".join(known)
            raise BadOption(f"There is no member {name!r} here; known are: {words}.")
    for name in required:
        if name not in members:
            raise BadOption(f"The member {name!r} is missing.")


def options_of(members: dict[str, object]) -> dict[str, object]:
    """Return the member ``options``, empty if it is missing; `BadOption` if it is no object."""
    options = members.get("options", {})
    if not isinstance(options, dict):
        raise BadOption("The member 'options' must be an object.")
    return options


def switch(options: dict[str, object], name: str) -> bool:
    """Return an option that is true or false, false if it is missing; `BadOption` if neither."""
    value = options.get(name, False)
    if not isinstance(value, bool):
        raise BadOption(f"The option {name!r} must be true or false.")
    return value


def read_file(path: Path) -> str:
    """Write the body to ``path`` as it comes; return its SHA-256 in hexadecimal.

    One block is hashed, on another core, while the next one is received.
    """
    sha = hashlib.sha256()
    blocks = cycle([memoryview(bytearray(BLOCK)), memoryview(bytearray(BLOCK))])
    with naming_full_disk(), path.open("wb") as file, ThreadPoolExecutor(1) as hasher:
        hashed = hasher.submit(sha.update, b"")
        while count := _fill(block := next(blocks)):
            file.write(block[:count])
            hashed.result()
            hashed = hasher.submit(sha.update, block[:count])
    return sha.hexdigest()


def _fill(block: memoryview) -> int:
    """Put the next bytes of the body into ``block``, as many as fit; return their number."""
    filled = 0
    while filled < len(block):
        count = request.stream.readinto(block[filled:])  # type: ignore[attr-defined]
        if not count:
            break
        filled += count
    return filled


def whole_header(name: str) -> int:
    """Return a header that holds a whole number; raise `BadRequest` if it does not."""
    text = request.headers.get(name, "")
    if not re.fullmatch("[0-9]{1,15}", text):
        raise BadRequest(f"The header {name} must be a whole number.")
    return int(text)


def number_argument(name: str, default: float, low: float, high: float) -> float:
    """Return a number from the query, brought within ``low`` and ``high``; `BadOption` if none."""
    text = request.args.get(name)
    if text is None:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number != number:  # not a number
        raise BadOption(f"The parameter {name} must be a number.")
    return min(max(number, low), high)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
