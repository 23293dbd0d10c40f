import base64
import hashlib

import pytest

from tests.http.stub import fits
from tests.http.support import slug

PIECE = 3000
LARGE = fits(shape=(40, 50))


def begin(client, data=LARGE, **members):
    return client.post("/v1/uploads", json={"size": len(data), **members})


def append(client, upload, offset, data, **more):
    sent = {"content_type": "text/plain", "headers": {"Upload-Offset": str(offset)}, **more}
    return client.post(f"/v1/uploads/{upload}", data=base64.b64encode(data), **sent)


def send_all(client, upload, data=LARGE, start=0):
    answer = None
    for offset in range(start, len(data), PIECE):
        answer = append(client, upload, offset, data[offset : offset + PIECE])
        assert answer.status_code == 200 or offset + PIECE >= len(data), answer.text
    return answer


def unfinished(tmp_path):
    return list((tmp_path / "store" / "unfinished").glob("*/*"))


def test_an_image_in_pieces_is_the_image_in_one(client, tmp_path):
    begun = begin(client)
    assert begun.status_code == 201
    assert begun.json["offset"] == 0
    assert begun.json["chunk_bytes"] == PIECE
    last = send_all(client, begun.json["upload"])
    assert last.status_code == 200
    assert last.json["offset"] == len(LARGE)
    assert last.json["frame"] == client.get(f"/v1/frames/{client.send(LARGE)}").json
    assert client.get(f"/v1/frames/{last.json['frame']['id']}.fits").data == LARGE
    assert not unfinished(tmp_path)
    again = append(client, begun.json["upload"], PIECE, LARGE[PIECE : PIECE + 10])
    assert again.json == last.json  # the first answer may have been lost


def test_what_is_held_already_needs_no_sending(client):
    digest = hashlib.sha256(LARGE).hexdigest()
    assert begin(client, sha256=digest).status_code == 201
    frame = client.send(LARGE)
    held = begin(client, sha256=digest)
    assert held.status_code == 200
    assert held.json == {"frame": client.get(f"/v1/frames/{frame}").json}


@pytest.mark.parametrize("offset", [0, 1, PIECE - 1, PIECE + 1, 2 * PIECE])
def test_a_wrong_offset_says_where_to_go_on(client, offset):
    upload = begin(client).json["upload"]
    append(client, upload, 0, LARGE[:PIECE])
    answer = append(client, upload, offset, LARGE[offset : offset + PIECE])
    assert answer.status_code == 409
    assert slug(answer) == "wrong-offset"
    assert answer.json["offset"] == PIECE
    assert send_all(client, upload, start=PIECE).json["offset"] == len(LARGE)


def test_a_wrong_digest_drops_the_upload(client, tmp_path):
    upload = begin(client, sha256="0" * 64).json["upload"]
    answer = send_all(client, upload)
    assert answer.status_code == 422
    assert slug(answer) == "digest-mismatch"
    assert append(client, upload, 0, b"x").status_code == 404
    assert not unfinished(tmp_path)
    assert client.get(f"/v1/frames/{hashlib.sha256(LARGE).hexdigest()}").status_code == 404


def test_pieces_that_make_no_image_are_refused_and_dropped(client, tmp_path):
    data = bytes(5000)
    answer = send_all(client, begin(client, data).json["upload"], data)
    assert answer.status_code == 422
    assert slug(answer) == "unreadable-image"
    assert not unfinished(tmp_path)


@pytest.mark.parametrize(
    "body",
    [b"a", b"!!!!", b"QUJD\nQUJD", b"QUJ=QUJD", b"QUJD====", b"\xff\xfe\xfd\xfc", b"QUI", " QUJD"],
)
def test_what_is_no_base64_is_refused_and_changes_nothing(client, body):
    upload = begin(client).json["upload"]
    headers = {"Upload-Offset": "0"}
    answer = client.post(
        f"/v1/uploads/{upload}", data=body, content_type="text/plain", headers=headers
    )
    assert answer.status_code == 422
    assert slug(answer) == "bad-upload"
    assert send_all(client, upload).json["offset"] == len(LARGE)


def test_more_than_announced_is_refused_and_changes_nothing(client):
    upload = client.post("/v1/uploads", json={"size": 10}).json["upload"]
    answer = append(client, upload, 0, bytes(11))
    assert slug(answer) == "bad-upload"
    assert append(client, upload, 0, bytes(9)).json == {"offset": 9}


@pytest.mark.parametrize("offset", ["", "-1", "1.0", "0x1", "٣", "1" * 30, "one"])
def test_an_offset_that_is_no_number_is_refused(client, offset):
    upload = begin(client).json["upload"]
    headers = {"Upload-Offset": offset.encode().decode("latin-1")}
    answer = client.post(
        f"/v1/uploads/{upload}", data=b"QUJD", content_type="text/plain", headers=headers
    )
    assert slug(answer) == "bad-request"


def test_a_piece_needs_an_offset(client):
    upload = begin(client).json["upload"]
    assert (
        slug(client.post(f"/v1/uploads/{upload}", data=b"QUJD", content_type="text/plain"))
        == "bad-request"
    )


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_a_piece_of_another_type_is_refused(client, kind):
    upload = begin(client).json["upload"]
    assert slug(append(client, upload, 0, b"x", content_type=kind)) == "wrong-media-type"


@pytest.mark.parametrize("size", [0, -1, 1.5, "5", True, [], {}])
def test_a_size_that_is_none_is_refused(client, size):
    assert slug(client.post("/v1/uploads", json={"size": size})) == "bad-option"


@pytest.mark.parametrize("digest", ["", "0" * 63, "G" * 64, "A" * 64, 5, "0" * 64 + "\n"])
def test_a_digest_that_is_none_is_refused(client, digest):
    assert slug(client.post("/v1/uploads", json={"size": 5, "sha256": digest})) == "bad-option"


def test_an_image_beyond_the_limit_is_refused_before_it_comes(client, settings):
    answer = client.post("/v1/uploads", json={"size": settings.frame_bytes + 1})
    assert answer.status_code == 413
    assert answer.json["limit"] == settings.frame_bytes
    assert client.post("/v1/uploads", json={"size": settings.frame_bytes}).status_code == 201


def test_only_so_much_may_be_on_its_way(client, settings):
    for _ in range(2):
        assert client.post("/v1/uploads", json={"size": settings.frame_bytes}).status_code == 201
    answer = client.post("/v1/uploads", json={"size": 1})
    assert answer.status_code == 429
    assert slug(answer) == "too-many-uploads"
    assert answer.json["retry_after_ms"] > 0


@pytest.mark.parametrize("identity", ["0" * 32, "..", "%2e%2e", "x"])
def test_an_unknown_upload_is_not_found(client, identity):
    assert append(client, identity, 0, b"x").status_code == 404
