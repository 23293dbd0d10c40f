"""What a request to change images and videos brings, checked."""

from __future__ import annotations

from math import isfinite
from secrets import token_hex

from bridge.errors import BadOption
from bridge.jobs.applying import Applying, Manner, of_files
from bridge.web.requests import only, options_of, switch

MEMBERS = ("correction", "paths", "output")
MOST_FILES = 1000
MOST_UNITS = 10_000
_BINS = (1, 2, 3, 4)


def applying(members: dict[str, object], correction: str, flat: str | None) -> Applying:
    """Return what is asked for: files on this computer, a folder, and how.

    Parameters
    ----------
    members
        Of the request; none of `MEMBERS` is missing.
    correction
        The key of the result that holds it.
    flat
        The frame that it was made of.

    Raises
    ------
    BadOption
    """
    paths = members["paths"]
    if not isinstance(paths, list) or not 1 <= len(paths) <= MOST_FILES:
        raise BadOption(f"The member 'paths' must list 1 to {MOST_FILES} images or videos.")
    listed, output = [str(one) for one in paths], str(members["output"])
    manner = _manner(options_of(members))
    return of_files(correction, flat, listed, output, manner, asked=token_hex(16))


def _manner(options: dict[str, object]) -> Manner:
    only(options, Manner.__slots__)
    depth, bin = options.get("depth"), options.get("bin", 1)
    if isinstance(depth, bool) or depth not in (None, 16):
        raise BadOption("The option 'depth' must be 16 or null.")
    if isinstance(bin, bool) or bin not in _BINS:
        raise BadOption("The option 'bin' must be 1, 2, 3 or 4.")
    return Manner(
        multiply=switch(options, "multiply"),
        pedestal=_pedestal(options.get("pedestal", "auto")),
        offset=_offset(options.get("offset", [0, 0])),
        bin=int(str(bin)),
        depth=16 if depth else None,
        force=switch(options, "force"),
        hdu=_hdu(options.get("hdu")),
        sure=switch(options, "sure"),
    )


def _hdu(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MOST_UNITS:
        raise BadOption("The option 'hdu' must be the number of a unit of FITS files, 0 the first.")
    return value


def _pedestal(value: object) -> str:
    """Return it as a text; files are named on the command line only."""
    if value == "auto":
        return "auto"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadOption("The option 'pedestal' must be 'auto' or a number.")
    if not (isfinite(value) and value >= 0):
        raise BadOption("The option 'pedestal' must be at least 0, and finite.")
    return repr(value)


def _offset(value: object) -> tuple[int, int]:
    if isinstance(value, list) and [type(part) for part in value] == [int, int]:
        return value[0], value[1]
    raise BadOption("The option 'offset' must be two whole numbers of pixels, [right, down].")
