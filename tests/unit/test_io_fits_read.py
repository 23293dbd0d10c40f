"""FITS in: every form of pixels gives the values that astropy sees."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits

from bridge.errors import UnreadableImage, UnsupportedFrame
from bridge.io import read_image
from tests.shared_data import odd_files, shared
from tests.unit.io_support import one_sentence, written


@pytest.mark.parametrize(
    ("dtype", "full_scale"),
    [
        ("uint8", 255),
        ("uint16", 65535),
        ("int16", 32767),
        ("uint32", 2**32 - 1),
        ("int32", 2**31 - 1),
    ],
)
@pytest.mark.parametrize("shape", [(4, 6), (1, 4, 6), (3, 4, 6)])
def test_whole_numbers_are_divided_by_their_full_scale(tmp_path, dtype, full_scale, shape):
    values = np.random.default_rng(1).integers(0, full_scale, shape, dtype, endpoint=True)
    values.flat[:2] = 0, full_scale
    frame = read_image(written(tmp_path / "a.fits", values))
    expected = (values / np.float64(full_scale)).astype(np.float32)
    assert frame.sample_format == dtype
    assert frame.full_scale == full_scale
    assert frame.warnings == ()
    np.testing.assert_array_equal(frame.pixels, expected.reshape(-1, 4, 6))
    assert frame.pixels.max() == 1


def test_every_16_bit_value_is_correctly_rounded_and_comes_back_whole(tmp_path):
    values = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    pixels = read_image(written(tmp_path / "a.fits", values)).pixels[0]
    np.testing.assert_array_equal(pixels, values.astype(np.float32) / np.float32(65535))
    np.testing.assert_array_equal(pixels * np.float32(65535), values)


@pytest.mark.parametrize(
    ("peak", "full_scale"),
    [
        (0.25, 1),
        (1, 1),
        (1.001, 2),
        (2, 2),
        (2.5, 4),
        (4095, 4096),
        (65535, 65536),
        (65537, 131072),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_are_divided_by_the_smallest_power_of_two_that_fits(
    tmp_path, peak, full_scale, dtype
):
    values = np.full((3, 5), peak / 3, dtype)
    values[1, 2] = peak
    frame = read_image(written(tmp_path / "a.fits", values))
    assert (frame.full_scale, frame.sample_format) == (full_scale, dtype)
    np.testing.assert_array_equal(frame.pixels[0], (values / full_scale).astype(np.float32))


def test_int64_and_scaled_numbers_follow_the_rule_for_floats(tmp_path):
    long = read_image(written(tmp_path / "a.fits", np.full((2, 2), 1000, np.int64)))
    assert (long.full_scale, long.pixels[0, 0, 0]) == (1024, np.float32(1000 / 1024))
    path = shared("odd-fits", "scale.fits")
    scaled = read_image(path)
    with fits.open(path) as hdus:
        np.testing.assert_allclose(scaled.pixels[0] * scaled.full_scale, hdus[0].data, rtol=1e-6)


def test_what_is_not_finite_becomes_nan_and_is_counted(tmp_path):
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    values[0, :3] = np.nan, np.inf, -np.inf
    frame = read_image(written(tmp_path / "a.fits", values))
    assert np.isnan(frame.pixels[0, 0, :3]).all()
    assert np.isfinite(frame.pixels).sum() == 9
    assert [(notice.code, notice.count) for notice in frame.warnings] == [("not-finite", 3)]


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_negative_values_become_zero_and_are_counted(tmp_path, dtype):
    values = np.array([[-5, 0], [1, -1]], dtype)
    frame = read_image(written(tmp_path / "a.fits", values))
    assert frame.pixels.min() == 0
    assert [(notice.code, notice.count) for notice in frame.warnings] == [("negative", 2)]


def test_blank_becomes_nan(tmp_path):
    values = np.array([[7, 8], [9, 7]], np.int16)
    frame = read_image(written(tmp_path / "a.fits", values, BLANK=7))
    np.testing.assert_array_equal(np.isnan(frame.pixels[0]), values == 7)


def test_rows_are_turned_only_where_the_file_says_bottom_up(tmp_path):
    values = np.arange(12, dtype=np.uint16).reshape(3, 4)
    plain = read_image(written(tmp_path / "a.fits", values))
    down = read_image(written(tmp_path / "b.fits", values, ROWORDER="TOP-DOWN"))
    up = read_image(written(tmp_path / "c.fits", values[::-1], ROWORDER="BOTTOM-UP"))
    assert plain.digest == down.digest == up.digest


def test_full_scale_is_taken_from_what_was_written_here(tmp_path):
    frame = read_image(written(tmp_path / "a.fits", np.ones((2, 2), np.float32), FBFULL=4095.0))
    assert frame.full_scale == 4095


def test_bytes_and_path_give_the_same_frame(tmp_path):
    path = written(tmp_path / "a.fits", np.arange(6, dtype=np.uint8).reshape(2, 3))
    assert read_image(path.read_bytes(), name="upload").digest == read_image(path).digest


def test_an_image_in_an_extension_and_a_table_beside_it(tmp_path):
    table = fits.BinTableHDU.from_columns([fits.Column("a", "J", array=np.arange(3))])
    image = fits.ImageHDU(np.full((4, 5), 255, np.uint8))
    fits.HDUList([fits.PrimaryHDU(), table, image]).writeto(tmp_path / "a.fits")
    assert read_image(tmp_path / "a.fits").pixels.shape == (1, 4, 5)


@pytest.mark.parametrize("kind", ["RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1"])
def test_tile_compression(tmp_path, kind):
    values = np.random.default_rng(2).integers(0, 4000, (40, 50)).astype(np.int16)
    path = tmp_path / "a.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(values, compression_type=kind)]).writeto(
        path
    )
    np.testing.assert_array_equal(read_image(path).pixels[0], values / np.float32(32767))


IMAGES = {
    "checksum_false.fits",
    "compressed_with_nan.fits",
    "double_ext.fits",
    "fixed-1890.fits",
    "m13.fits",
    "m13_gzip.fits",
    "m13_rice.fits",
    "scale.fits",
}


def test_odd_files_are_there():
    assert {path.name for path in shared("odd-fits").iterdir()} >= IMAGES


@pytest.mark.parametrize("path", odd_files(), ids=lambda path: path.name)
def test_odd_file_gives_what_astropy_sees_or_one_sentence(path):
    if path.name not in IMAGES:
        with pytest.raises((UnreadableImage, UnsupportedFrame)) as caught:
            read_image(path)
        assert one_sentence(caught.value)
        return
    frame = read_image(path)
    with fits.open(path) as hdus:
        data = next(hdu.data for hdu in hdus if getattr(hdu, "is_image", False) and hdu.size)
    recorded = frame.pixels[0] * np.float64(frame.full_scale)
    np.testing.assert_allclose(recorded, data, rtol=1e-6, atol=1e-6 * np.nanmax(data))
