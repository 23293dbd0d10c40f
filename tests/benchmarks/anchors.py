"""What the obvious tools reach on the same scenes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter
from skimage.restoration import inpaint_biharmonic

from tests.benchmarks.scenes import EIGHT, Scene
from tests.synthetic import Array, Flags

SIGMAS = (2, 4, 8, 16, 32)
SIGNIFICANT = 6.0


def true_mask(scene: Scene) -> Array:
    """Return the correction of the true footprint filled by scikit-image's biharmonic."""
    return _filled(scene.flat, scene.footprint)


def difference_of_gaussians(scene: Scene) -> Array:
    """Return the correction of a plain difference-of-Gaussians threshold, filled likewise."""
    gray = scene.flat.mean(axis=0, dtype=np.float64)
    mask = np.zeros(gray.shape, bool)
    for sigma in SIGMAS:
        band = gaussian_filter(gray, sigma) / np.maximum(gaussian_filter(gray, 2 * sigma), 1e-6) - 1
        scatter = 1.4826 * np.median(abs(band - np.median(band)))
        mask |= binary_dilation(band < -SIGNIFICANT * scatter, EIGHT, iterations=sigma)
    return _filled(scene.flat, mask)


def _filled(flat: NDArray[np.float32], mask: Flags) -> Array:
    out = np.ones(flat.shape)
    for factor, plane in zip(out, flat, strict=True):
        under = inpaint_biharmonic(plane.astype(float), mask, split_into_regions=True)
        good = mask & (under > 0)
        factor[good] = plane[good] / under[good]
    return out
