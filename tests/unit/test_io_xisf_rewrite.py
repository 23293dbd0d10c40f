"""A corrected XISF image goes back into the file that it came from."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import xisf
from hypothesis import given
from hypothesis import strategies as st

from bridge.io.rewrite import read_recording
from bridge.io.setups import setup_of
from tests.xisf_files import START, handmade, whole, written

DIGEST = "cd" * 32
HISTORY = "Divided by the dust factor " + "of some night " * 12
GOOD = {"geometry": "14:9:1", "sampleFormat": "UInt16"}


def again(path, change=lambda values: values):
    recording = read_recording(path)
    out = path.with_name(f"again-{path.name}")
    out.write_bytes(recording.encode(change(recording.values), digest=DIGEST, history=HISTORY))
    return out


def stored(path):
    """Return an image as the package reads it, (channels, height, width), and its facts."""
    file = xisf.XISF(str(path))
    return file.read_image(0, "channels_first"), file.get_images_metadata()[0]


@pytest.mark.parametrize("codec", [None, "zlib", "lz4", "lz4hc", "zstd"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", ["u1", "u2", "u4", "f4", "f8"])
def test_samples_compression_and_keywords_are_kept(tmp_path, dtype, channels, codec):
    values = np.sort(whole(dtype, channels), axis=2)  # there is something to compress
    keywords = {
        "OBJECT": [{"value": "M 42", "comment": "of < & > 'Orion'"}],
        "HISTORY": [{"value": "", "comment": text} for text in ("calibrated", "and more")],
        "PEDESTAL": [{"value": "100", "comment": ""}],
    }
    place = {"id": "Observation:Object:Name", "type": "String", "value": "Orion"}
    vector = {"id": "PCL:Some", "type": "F64Vector", "value": np.arange(900.0)}
    properties = {one["id"]: one for one in (place, vector)}
    written(
        tmp_path / "a.xisf", values,
        codec=codec, shuffle=codec is not None,
        image_metadata={"FITSKeywords": keywords, "XISFProperties": properties},
    )  # fmt: skip
    recording = read_recording(tmp_path / "a.xisf")
    np.testing.assert_array_equal(recording.values, values)
    assert (recording.keywords["OBJECT"], recording.keywords["PEDESTAL"]) == ("M 42", 100)
    assert recording.history == "calibrated\nand more"
    out = again(tmp_path / "a.xisf", np.flip)
    pixels, facts = stored(out)
    before = stored(tmp_path / "a.xisf")[1]
    np.testing.assert_array_equal(pixels, np.flip(values))
    told = facts.pop("FITSKeywords")
    assert {key: told[key] for key in ("OBJECT", "PEDESTAL")} == {
        key: before["FITSKeywords"][key] for key in ("OBJECT", "PEDESTAL")
    }
    lines = [one["comment"] for one in told["HISTORY"]]
    assert lines[:2] == ["calibrated", "and more"]
    assert " ".join(lines[2:]) == HISTORY.rstrip()
    assert told["FBCORR"] == [{"value": DIGEST, "comment": ""}]
    assert facts.get("compression") == before.get("compression")
    for key in ("geometry", "sampleFormat", "colorSpace", "id"):
        assert facts[key] == before[key]
    assert facts["XISFProperties"]["Observation:Object:Name"]["value"] == "Orion"
    np.testing.assert_array_equal(facts["XISFProperties"]["PCL:Some"]["value"], np.arange(900.0))


@given(
    order=st.sampled_from(["little", "big"]),
    storage=st.sampled_from(["Planar", "Normal"]),
    dtype=st.sampled_from(["u1", "u2", "u4", "f4", "f8"]),
    channels=st.integers(1, 4),
    inside=st.sampled_from(["", "<Resolution horizontal='72' vertical='72'/>"]),
    signed=st.booleans(),
)
def test_what_is_not_changed_comes_back_bit_for_bit(
    tmp_path_factory, order, storage, dtype, channels, inside, signed
):
    values = whole(dtype, channels)
    laid = values if storage == "Planar" else np.moveaxis(values, 0, 2)
    block = laid.astype(laid.dtype.newbyteorder("<" if order == "little" else ">")).tobytes()
    kinds = {"u1": "UInt8", "u2": "UInt16", "u4": "UInt32", "f4": "Float32", "f8": "Float64"}
    facts = {
        "geometry": f"14:9:{channels}", "sampleFormat": kinds[dtype], "byteOrder": order,
        "pixelStorage": storage, "colorSpace": "RGB" if channels > 2 else "Gray",
        "checksum": "sha-1:00",
    }  # fmt: skip
    signature = "<Signature><a>b</a></Signature>" if signed else ""
    path = tmp_path_factory.mktemp("xisf") / "a.xisf"
    path.write_bytes(handmade(block, facts, inside, signature))
    out = again(path).read_bytes()
    at = int.from_bytes(out[8:12], "little")
    text = out[16 : 16 + at].decode()
    assert out[START : START + len(block)] == block
    assert "checksum" not in text
    assert "Signature" not in text
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?><!-- by hand --><xisf version')
    assert inside in text
    assert f'byteOrder="{order}"' in text
    assert read_recording(path.with_name("again-a.xisf")).stamps == (DIGEST,)


def test_other_blocks_move_with_the_header(tmp_path):
    pixels, profile = whole("u2").tobytes(), b"a profile" * 700
    far = START + len(pixels)
    keywords = "".join(
        f"<FITSKeyword name='K{number}' value='{number}' comment='>'/>" for number in range(60)
    )
    block = f'<ICCProfile location="attachment:{far}:{len(profile)}"/>'
    path = tmp_path / "a.xisf"
    path.write_bytes(handmade(pixels, GOOD, keywords + block, more=profile))
    out = again(path).read_bytes()
    header = out[16 : 16 + int.from_bytes(out[8:12], "little")].decode()
    assert header.count("FITSKeyword") == 60 + 1 + len(HISTORY) // 72 + 1
    assert header.index("K59") < header.index("FBCORR") < header.index("ICCProfile")
    place = header.partition("<ICCProfile location=")[2].split('"')[1]
    _, position, size = place.split(":")
    assert out[int(position) : int(position) + int(size)] == profile


def test_a_prefix_is_kept(tmp_path):
    text = handmade(whole("u2").tobytes(), GOOD).replace(b"<Image", b"<x:Image")
    header = text[16:START].rstrip(b"\0").replace(b"xmlns=", b"xmlns:x=")
    head = b"XISF0100" + len(header).to_bytes(4, "little") + bytes(4) + header
    path = tmp_path / "a.xisf"
    path.write_bytes(head.ljust(START, b"\0") + text[START:])
    out = again(path)
    assert b"<x:FITSKeyword" in out.read_bytes()
    assert b"</x:Image>" in out.read_bytes()
    assert read_recording(out).stamps == (DIGEST,)


def test_stamps_add_up(tmp_path):
    path = tmp_path / "a.xisf"
    path.write_bytes(handmade(whole("u2").tobytes(), GOOD))
    assert read_recording(path).stamps == ()
    out = again(path)
    recording = read_recording(out)
    out.write_bytes(recording.encode(recording.values, digest="ef" * 32, history="again"))
    assert read_recording(out).stamps == (DIGEST, "ef" * 32)


def test_what_the_file_tells_of_itself(tmp_path):
    inside = (
        "<FITSKeyword name='FILTER' value=\"'Ha      '\" comment=''/>"
        "<FITSKeyword name='FBPLANE' value=\"'mask'\" comment=''/>"
        "<FITSKeyword name='XBINNING' value='2' comment=''/>"
        "<ColorFilterArray pattern='RGGB' width='2' height='2'/>"
    )
    path = tmp_path / "a.xisf"
    path.write_bytes(handmade(whole("u2").tobytes(), GOOD, inside))
    assert setup_of(path.read_bytes(), path.name) == {
        "FILTER": "Ha",
        "XBINNING": 2,
        "BAYERPAT": "RGGB",
    }
    recording = read_recording(path)
    assert (recording.plane, recording.ceiling) == ("mask", 65535)


@pytest.mark.parametrize("shuffle", [False, True])
def test_without_the_package_zlib_blocks_are_given_back_as_such(tmp_path, monkeypatch, shuffle):
    values = whole("u2", 3)[:, :1].repeat(9, axis=1)
    path = tmp_path / "a.xisf"
    written(path, values, codec="zlib", shuffle=shuffle)
    with monkeypatch.context() as missing:
        missing.setitem(sys.modules, "xisf", None)
        out = again(path, lambda values: values // 2)
    got, facts = stored(out)
    np.testing.assert_array_equal(got, values // 2, strict=True)
    assert facts["compression"][0] == ("zlib+sh" if shuffle else "zlib")
