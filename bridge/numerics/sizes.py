"""Whether a frame's size and colors are the correction's, and what a difference may come from."""

from __future__ import annotations

from bridge.errors import UnsupportedFrame

Shape = tuple[int, ...]


def check_shapes(name: str, frame: Shape, fit: Shape, to: str = "the correction") -> None:
    """Check that a frame, (channels, height, width), is of the correction's size and colors.

    ``to`` is what it is compared with, in words.

    Raises
    ------
    UnsupportedFrame
        Naming both.
    """
    if frame != fit:
        raise UnsupportedFrame(
            f"{name} is {described(frame)}, {to} {described(fit)}; they must "
            f"agree in size and number of colors.{_reason(frame, fit)}"
        )


def described(shape: Shape) -> str:
    """Return a shape in words, such as ``200 x 150 gray``."""
    channels, height, width = shape
    return f"{width} x {height} {'RGB' if channels == 3 else 'gray'}"


def _reason(frame: Shape, fit: Shape) -> str:
    """Return where the difference probably comes from, as a sentence; "" if there is no telling."""
    (colors, height, width), (own, rows, columns) = frame, fit
    if (height, width) == (rows, columns):
        if own == 3:
            return ""
        return " It was debayered already; the correction comes before that."
    if (height, width) == (columns, rows):
        return " It was rotated by 90 degrees."
    for times in (2, 3, 4):
        if (height, width) == (rows // times, columns // times):
            how = " or debayered by superpixels" if times == 2 and colors == 3 else ""
            offer = f" With --bin {times} apply averages the factor." if colors == own else ""
            return f" It was binned {times} x {times}{how}.{offer}"
        if (height, width) == (rows * times, columns * times):
            other = "the flat or the correction was binned"
            return f" It was drizzled or enlarged {times} times, or {other}."
    if 0.9 < height / rows < 1.1 and 0.9 < width / columns < 1.1:
        return " One of the two was cropped, or holds the sensor's overscan."
    return ""
