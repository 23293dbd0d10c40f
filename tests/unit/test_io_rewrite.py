"""A corrected frame goes back into the form it came in."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile
from astropy.io import fits

from bridge.errors import UnsupportedFrame
from bridge.io import read_image
from bridge.io.rewrite import read_recording

DIGEST = "cd" * 32
HISTORY = "Divided by the dust factor " + "of some night " * 12


def sample(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(5)
    if np.dtype(dtype).kind == "f":
        return rng.random(shape).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def again(path: Path, change=lambda values: values) -> Path:
    recording = read_recording(path)
    out = path.with_name(f"again-{path.name}")
    out.write_bytes(recording.encode(change(recording.values), digest=DIGEST, history=HISTORY))
    return out


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
@pytest.mark.parametrize("order", ["TOP-DOWN", "BOTTOM-UP"])
@pytest.mark.parametrize("shape", [(5, 7), (3, 5, 7)])
def test_fits_keeps_samples_rows_and_keywords(tmp_path, dtype, order, shape):
    values = sample(dtype, shape)
    hdu = fits.PrimaryHDU(values)
    hdu.header["ROWORDER"] = order
    hdu.header["OBJECT"] = ("M 42", "with a comment")
    hdu.header["EXPTIME"] = 12.5
    hdu.header.add_history("calibrated")
    hdu.header.add_comment("a comment")
    hdu.writeto(tmp_path / "a.fits", checksum=True)
    out = again(tmp_path / "a.fits")
    with fits.open(out) as hdus, fits.open(tmp_path / "a.fits") as old:
        hdus.verify("exception")
        np.testing.assert_array_equal(hdus[0].data, values)
        assert hdus[0].data.dtype == old[0].data.dtype
        header, before = hdus[0].header, old[0].header
        assert header["FBCORR"] == DIGEST
        assert " ".join(header["HISTORY"]) == "calibrated " + HISTORY.rstrip()
        assert "CHECKSUM" not in header
        for key in ("BITPIX", "ROWORDER", "OBJECT", "EXPTIME", "COMMENT"):
            assert str(header[key]) == str(before[key])
        assert header.comments["OBJECT"] == "with a comment"


def test_fits_pixels_are_changed_where_they_were_seen(tmp_path):
    hdu = fits.PrimaryHDU(np.zeros((4, 5), np.uint16))
    hdu.header["ROWORDER"] = "BOTTOM-UP"
    hdu.writeto(tmp_path / "a.fits")

    def mark(values):
        changed = values.copy()
        changed[0, 0, 1] = 9
        return changed

    with fits.open(again(tmp_path / "a.fits", mark)) as hdus:
        assert np.argwhere(hdus[0].data).tolist() == [[3, 1]]


def test_other_units_and_unknown_pixels_stay(tmp_path):
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(3))])
    image = fits.ImageHDU(np.array([[7, 8], [9, 7]], np.int16), name="SCI")
    image.header["BLANK"] = 7
    fits.HDUList([fits.PrimaryHDU(), image, table]).writeto(tmp_path / "a.fits")
    with fits.open(again(tmp_path / "a.fits", lambda values: values // 2)) as hdus:
        assert [hdu.name for hdu in hdus] == ["PRIMARY", "SCI", ""]
        assert hdus[2].data["a"].tolist() == [0, 1, 2]
    raw = fits.open(tmp_path / "again-a.fits", ignore_blank=True, do_not_scale_image_data=True)
    with raw as hdus:
        assert hdus[1].data.tolist() == [[7, 4], [4, 7]]


def test_scaled_numbers_are_stored_in_their_own_scale(tmp_path):
    hdu = fits.PrimaryHDU(np.array([[100, -100], [50, 0]], np.int16))
    hdu.writeto(tmp_path / "a.fits")
    with fits.open(tmp_path / "a.fits", mode="update", do_not_scale_image_data=True) as hdus:
        hdus[0].header["BSCALE"] = 0.25
        hdus[0].header["BZERO"] = 10.0
    with fits.open(again(tmp_path / "a.fits", lambda values: values * 2)) as hdus:
        assert (hdus[0].header["BITPIX"], hdus[0].header["BSCALE"]) == (16, 0.25)
        assert hdus[0].data.tolist() == [[70, -30], [45, 20]]


def test_a_compressed_image_comes_back_plain_with_its_keywords(tmp_path):
    image = fits.CompImageHDU(sample("uint16", (30, 40)), compression_type="RICE_1", name="SCI")
    image.header["OBJECT"] = "Sun"
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(tmp_path / "a.fits")
    with fits.open(again(tmp_path / "a.fits")) as hdus:
        hdus.verify("exception")
        assert type(hdus[1]) is fits.ImageHDU
        assert hdus[1].header["OBJECT"] == "Sun"
        assert not any(key.startswith(("Z", "TFORM")) for key in hdus[1].header)
        np.testing.assert_array_equal(hdus[1].data, sample("uint16", (30, 40)))


def test_stamps_add_up(tmp_path):
    fits.writeto(tmp_path / "a.fits", sample("uint8", (4, 4)))
    tifffile.imwrite(tmp_path / "a.tif", sample("uint8", (4, 4)), description="words")
    for name in ("a.fits", "a.tif"):
        assert read_recording(tmp_path / name).stamps == ()
        out = again(tmp_path / name)
        recording = read_recording(out)
        assert recording.stamps == (DIGEST,)
        out.write_bytes(recording.encode(recording.values, digest="ef" * 32, history="again"))
        assert read_recording(out).stamps == (DIGEST, "ef" * 32)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "uint32", "float32", "float64"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_tiff_keeps_samples_and_form(tmp_path, dtype, order, compression):
    values = sample(dtype, (5, 7))
    tifffile.imwrite(tmp_path / "a.tif", values, byteorder=order, compression=compression)
    out = again(tmp_path / "a.tif")
    with tifffile.TiffFile(out) as tiff, tifffile.TiffFile(tmp_path / "a.tif") as old:
        page, before = tiff.pages[0], old.pages[0]
        assert tiff.byteorder == order
        assert (page.dtype, page.compression) == (before.dtype, before.compression)
        assert page.description == before.description
        np.testing.assert_array_equal(page.asarray(), values)
    assert read_image(out).digest == read_image(tmp_path / "a.tif").digest


@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_tiff_keeps_colors_alpha_profile_and_resolution(tmp_path, planar):
    values = sample("uint16", (4, 5, 7))
    tifffile.imwrite(
        tmp_path / "a.tif",
        values if planar == "separate" else np.moveaxis(values, 0, -1),
        photometric="rgb",
        planarconfig=planar,
        extrasamples=["unassalpha"],
        iccprofile=b"profile" * 30,
        resolution=(72.0, 96.0),
        extratags=[(700, 1, 5, b"<xmp>", True)],
        metadata=None,
    )
    data = again(tmp_path / "a.tif", lambda planes: planes // 2).read_bytes()
    with tifffile.TiffFile(io.BytesIO(data)) as tiff:
        page = tiff.pages[0]
        got = page.asarray() if planar == "separate" else np.moveaxis(page.asarray(), -1, 0)
        np.testing.assert_array_equal(got, np.concatenate([values[:3] // 2, values[3:]]))
        assert page.iccprofile == b"profile" * 30
        assert page.get_resolution() == (72, 96)
        assert bytes(page.tags.valueof(700)) == b"<xmp>"


TEXTS = {271: "Zwölf", 272: "Camera", 305: "Photo® 25", 306: "yesterday", 315: "Ø", 33432: "© me"}


def test_tiff_texts_of_any_letters_are_kept_and_a_resolution_that_is_none_is_not(tmp_path):
    tags = [(code, 2, 0, text.encode(), True) for code, text in TEXTS.items()]
    tags += [(282, 5, 1, (72, 0), True), (283, 5, 1, (72, 1), True), (296, 3, 1, 9, True)]
    tifffile.imwrite(
        tmp_path / "a.tif", sample("uint16", (5, 7)),
        description="Müller".encode(), software=False, metadata=None, extratags=tags,
    )  # fmt: skip
    with tifffile.TiffFile(again(tmp_path / "a.tif")) as tiff:
        page = tiff.pages[0]
        assert {code: page.tags.valueof(code) for code in TEXTS} == TEXTS
        assert page.description == "Müller"
        assert page.tags.valueof(283) == (1, 1)


def test_ceilings(tmp_path):
    for name, values, ceiling in (
        ("a", np.ones((2, 2), np.uint16), 65535),
        ("b", np.ones((2, 2), np.int16), 32767),
        ("c", np.ones((2, 2), np.float32), 1),
        ("d", np.full((2, 2), 1.5, np.float32), None),
    ):
        fits.writeto(tmp_path / f"{name}.fits", values)
        assert read_recording(tmp_path / f"{name}.fits").ceiling == ceiling
    fits.writeto(tmp_path / "long.fits", np.ones((2, 2), np.int64))
    with pytest.raises(UnsupportedFrame, match=r"^long\.fits holds 64-bit"):
        read_recording(tmp_path / "long.fits")
