"""Whether a frame's size and colors are the correction's, and what a difference may come from."""

from __future__ import annotations

from bridge.errors import UnsupportedFrame

Shape = tuple[int, ...]


def check_shapes(name: str, frame: Shape, fit: Shape) -> None:
    """Check that a frame, (channels, height, width), is of the correction's size and colors.

    Raises
    ------
    UnsupportedFrame
        Naming both.
    """
    if frame != fit:
        raise UnsupportedFrame(
            f"{name} is {described(frame)}, the correction {described(fit)}; it fits only frames "
            "of its own size and number of colors."
        )


def described(shape: Shape) -> str:
    """Return a shape in words, such as ``200 x 150 gray``."""
    channels, height, width = shape
    return f"{width} x {height} {'RGB' if channels == 3 else 'gray'}"
