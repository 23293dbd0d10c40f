import hashlib

import numpy as np
import pytest

from bridge.frame import Frame, Notice
from tests.unit.planes import sealed

PIXELS = np.random.default_rng(5).random((3, 4, 7), np.float32)


def test_sizes_are_named_after_the_axes():
    frame = Frame(PIXELS.copy())
    assert (frame.channels, frame.height, frame.width) == (3, 4, 7)


@pytest.mark.parametrize(
    "shape", [(4, 7), (2, 4, 7), (4, 4, 7), (0, 4, 7), (1, 0, 7), (1, 4, 0), (1, 1, 4, 7), ()]
)
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="a frame is"):
        Frame(np.zeros(shape, np.float32))


@pytest.mark.parametrize("dtype", [np.float64, np.uint16, np.float16, bool])
def test_other_samples_are_refused(dtype):
    with pytest.raises(ValueError, match="float32"):
        Frame(np.zeros((1, 4, 7), dtype))


def test_pixels_cannot_be_written_to():
    frame = Frame(PIXELS.copy())
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0, 0] = 0


def test_the_digest_is_of_shape_and_pixels_alone():
    expected = hashlib.sha256(b"(3, 4, 7)" + PIXELS.astype("<f4").tobytes()).hexdigest()
    assert Frame(sealed(PIXELS)).digest == expected
    told = Frame(sealed(PIXELS), "uint16", 65535.0, (Notice("a", "b"),))
    assert told.digest == expected


def test_the_digest_does_not_depend_on_the_layout_in_memory():
    turned = np.asfortranarray(PIXELS)
    strided = np.repeat(PIXELS, 2, axis=2)[:, :, ::2]
    assert Frame(turned).digest == Frame(strided).digest == Frame(PIXELS.copy()).digest


def test_the_digest_tells_pixels_and_shapes_apart():
    other = PIXELS.copy()
    other[2, 3, 6] = np.nextafter(other[2, 3, 6], np.float32(1))
    tall = PIXELS.reshape(3, 7, 4)
    digests = {Frame(np.ascontiguousarray(p)).digest for p in (PIXELS, other, tall, PIXELS[:1])}
    assert len(digests) == 4


def test_a_notice_is_three_members():
    assert Notice("clipped", "Too bright.", 3).to_json() == {
        "code": "clipped",
        "message": "Too bright.",
        "count": 3,
    }
