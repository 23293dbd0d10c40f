"""What this computer has, and what a correction takes of it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from bridge.errors import OutOfMemory

PEAK_BYTES, PEAK_PLANES, PEAK_PLANES_MORE = 100e6, 6.5, 3.25
"""See `peak_bytes`."""


def physical_memory() -> int | None:
    """Return the bytes of memory that are built in; None if the system does not tell."""
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = (
                ("size", ctypes.c_ulong),
                ("load", ctypes.c_ulong),
                *((name, ctypes.c_ulonglong) for name in ("total", "free", *"abcde")),
            )

        status = Status(size=ctypes.sizeof(Status))
        found = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.total) if found else None
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def give_back_memory() -> None:
    """Give the system what was freed and the C library would keep for later: Linux's does."""
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):  # another library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def peak_bytes(height: int, width: int, channels: int) -> int:
    """Return about how much memory a correction takes at its peak, beyond an idle process, bytes.

    Measured with `tests.benchmarks.bench_memory`: so many float32 planes for a gray frame or a
    mosaic, so many more for each further channel, and what a frame of any size takes.
    """
    planes = PEAK_PLANES + PEAK_PLANES_MORE * (channels - 1)
    return round(PEAK_BYTES + planes * 4 * height * width)


def check_memory(height: int, width: int, channels: int) -> None:
    """Raise `OutOfMemory` if this computer could not correct such a frame; see `peak_bytes`."""
    needed, built_in = peak_bytes(height, width, channels), physical_memory()
    if built_in is not None and needed > built_in:
        raise OutOfMemory(
            f"An image of {width * height / 1e6:.0f} megapixels takes about {needed / 1e9:.1f} GB "
            f"of memory, but this computer has {built_in / 1e9:.1f} GB. Bin it, or work on parts."
        )
