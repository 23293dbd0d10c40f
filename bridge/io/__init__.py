"""Bytes and files to frames and back; nothing else knows formats."""

from bridge.io.factor import Factor, encode_correction, read_correction
from bridge.io.files import check_free, write_file, write_files
from bridge.io.fits_out import fits_bytes, write_fits
from bridge.io.outline import outline_of
from bridge.io.planes import NAMES, PICTURES, Provenance, picture_bytes, plane_bytes, plane_parts
from bridge.io.samples import check_mask, mask_plane
from bridge.io.source import read_image, read_mask
from bridge.io.tiff_out import write_tiff16

__all__ = [
    "NAMES",
    "PICTURES",
    "Factor",
    "Provenance",
    "check_free",
    "check_mask",
    "encode_correction",
    "fits_bytes",
    "mask_plane",
    "outline_of",
    "picture_bytes",
    "plane_bytes",
    "plane_parts",
    "read_correction",
    "read_image",
    "read_mask",
    "write_file",
    "write_files",
    "write_fits",
    "write_tiff16",
]
