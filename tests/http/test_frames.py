import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from bridge.io import fits_bytes, read_image
from tests.http.stub import fits
from tests.http.support import slug


def send(client, data, content_type="application/fits"):
    return client.post("/v1/frames", data=data, content_type=content_type)


def test_an_image_is_taken_once_and_given_back_byte_for_byte(client):
    data = fits()
    first = send(client, data)
    assert first.status_code == 201
    assert first.json == {
        "id": hashlib.sha256(data).hexdigest(),
        "width": 16,
        "height": 12,
        "channels": 1,
        "sample_format": "float32",
        "full_scale": 1.0,
        "warnings": [],
    }
    again = send(client, data, "image/fits")
    assert again.status_code == 200
    assert again.json == first.json
    facts = client.get(f"/v1/frames/{first.json['id']}")
    assert facts.status_code == 200
    assert facts.json == first.json
    back = client.get(f"/v1/frames/{first.json['id']}.fits")
    assert back.data == data
    assert back.content_type == "application/fits"
    assert back.content_length == len(data)


def test_what_reading_noticed_is_told(client):
    pixels = np.full((5, 7), 0.25, np.float32)
    raw = bytearray(fits_bytes(pixels))
    raw[-2880:][:4] = b""
    start = len(raw) - 2880
    raw[start : start + 4] = np.array([np.nan], ">f4").tobytes()
    told = send(client, bytes(raw)).json["warnings"]
    assert [(one["code"], one["count"]) for one in told] == [("not-finite", 1)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "unreadable-image"),
        (b"not an image at all", "unreadable-image"),
        (b"SIMPLE  =" + bytes(5000), "unreadable-image"),
        (fits()[:-2880], "unreadable-image"),
        (
            fits_bytes(np.zeros((2, 3), np.float32)).replace(b"NAXIS2  ", b"NAXIS9  "),
            "unreadable-image",
        ),
        (b"\x89PNG" + bytes(100), "unreadable-image"),
        (b"II*\0" + bytes(100), "unreadable-image"),
    ],
)
def test_an_image_that_cannot_be_read_is_refused_and_leaves_nothing(
    client, tmp_path, data, expected
):
    answer = send(client, data)
    assert answer.status_code == 422
    assert slug(answer) == expected
    assert not list((tmp_path / "store" / "frames").iterdir())
    assert not list((tmp_path / "store" / "unfinished").glob("*/*"))


def test_an_image_of_four_planes_is_refused(shared):
    data = fits().replace(b"NAXIS   =                    2", b"NAXIS   =                    1")
    assert send(shared, data).status_code == 422


@pytest.mark.parametrize("kind", ["application/json", "image/tiff", "", "application/octet-stream"])
def test_only_fits_is_taken(shared, kind):
    assert slug(send(shared, fits(), kind)) == "wrong-media-type"


@pytest.mark.parametrize(
    ("asked", "width"), [("", 16), ("?width=16", 16), ("?width=1", 16), ("?width=99999", 16)]
)
def test_a_preview_is_never_enlarged(shared, asked, width):
    answer = shared.get(f"/v1/frames/{shared.send()}.png{asked}")
    assert answer.content_type == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (width, 12)


def test_a_preview_has_the_width_asked_for(client):
    identity = client.send(fits(shape=(60, 120)))
    answer = client.get(f"/v1/frames/{identity}.png?width=30")
    assert Image.open(io.BytesIO(answer.data)).size == (30, 15)


@pytest.mark.parametrize("width", ["abc", "nan", ""])
def test_a_preview_of_no_width_is_refused(shared, width):
    answer = shared.get(f"/v1/frames/{shared.send()}.png?width={width}")
    assert answer.status_code == 422
    assert slug(answer) == "bad-option"


@pytest.mark.parametrize("suffix", ["", ".fits", ".png"])
@pytest.mark.parametrize(
    "identity",
    [
        "0" * 64,
        "x",
        "..",
        "../index.sqlite",
        "%2e%2e%2findex",
        "..%5c..%5cx",
        "a" * 65,
        "a.b",
        "~",
        "%00",
        "index.sqlite",
        "C:",
        ".",
    ],
)
def test_an_unknown_image_is_not_found_whatever_its_name(shared, identity, suffix):
    answer = shared.get(f"/v1/frames/{identity}{suffix}")
    assert answer.status_code == 404
    assert slug(answer) == "not-found"


def test_a_damaged_image_is_noticed_and_can_be_sent_again(client, tmp_path):
    identity = client.send()
    path = tmp_path / "store" / "frames" / f"{identity}.fits"
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    assert client.get(f"/v1/frames/{identity}").status_code == 404
    assert send(client, fits()).status_code == 201
    assert client.get(f"/v1/frames/{identity}.fits").data == fits()


def test_the_same_pixels_come_back_as_they_were_sent(client):
    pixels = np.random.default_rng(1).random((3, 9, 11), dtype=np.float32)
    identity = client.send(fits_bytes(pixels))
    back = client.get(f"/v1/frames/{identity}.fits").data
    assert np.array_equal(read_image(back).pixels, pixels)
