"""What the models are told."""

from __future__ import annotations

import json
from typing import Final

DRAW_DUST: Final = """\
The picture is a flat-field frame of an astronomical camera, flattened and stretched. Gray 128 is \
the local background. Dust on the sensor's window or a filter leaves {kind} in it: small round \
specks, often with rims of the other kind, and larger soft disks and rings (donuts). Noise, \
sunspots, filaments, the edge of the Sun and slow gradients are not dust.
Draw the mask of the dust: the same frame, same framing, same scale, pure black everywhere, pure \
white where there is dust, each shadow filled as a whole with its rims, no outlines, no text. If \
there is no dust, draw all black. Return only the picture."""

POINT_AT_DUST: Final = """\
The picture is a flat-field frame of an astronomical camera, flattened and stretched. Gray 128 is \
the local background. Dust on the sensor's window or a filter leaves {kind} in it: small round \
specks, often with rims of the other kind, and larger soft disks and rings (donuts). Noise, \
sunspots, filaments, the edge of the Sun and slow gradients are not dust.
List every shadow of dust with its box as [ymin, xmin, ymax, xmax], whole numbers from 0 to 1000 \
of the picture's height and width, at most 200, the most visible first. An empty list if there is \
none."""

KINDS: Final = {
    "dark": "dark shadows", "bright": "bright spots", "both": "dark shadows and bright spots",
}  # fmt: skip

BOXES: Final = json.dumps(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "box_2d": {"type": "array", "items": {"type": "integer"}},
                "label": {"type": "string"},
            },
            "required": ["box_2d"],
        },
    }
)
"""Schema of the boxes."""

FRAME: Final = """\
Image 1: a frame of an astronomical camera, flattened and stretched; dust on the sensor left \
shadows in it."""

MASK: Final = """Image 2: the mask of the dust, white where the frame must be restored."""

RESTORE: Final = """\
Draw image 1 as it would be without the dust: same framing, same scale, same tones, every pixel \
outside the mask as it is; inside the mask continue the surroundings, their structure, brightness \
and grain, without any trace of the shadows. Add nothing. Return only the picture."""
