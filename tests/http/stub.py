"""A pipeline that answers at once, or waits while a file exists; and a bridge that runs on it."""

import os
import sys
import time
from pathlib import Path

import numpy as np

from bridge import config, pipeline, serve
from bridge.errors import BridgeError, EngineBadOutput
from bridge.frame import Notice
from bridge.io import fits_bytes
from bridge.pipeline import Correction, Detection

WARNING = Notice("stub", "This is not a real answer.", 1)


class StubPipeline:
    """Calls everything above 0.5 dust; ``<folder>/hold`` makes it wait, ``fail`` raise."""

    def __init__(self, folder: Path) -> None:
        self.hold = folder / "hold"
        self.fail = folder / "fail"
        self.bug = folder / "bug"
        self.calls = 0
        self.factor = None

    def detect(self, frame, options, run):
        self._work(run)
        mask = self._mask(frame)
        return Detection(mask, mask, (WARNING,))

    def correct(self, frame, options, run, mask=None):
        self._work(run)
        soft = self._mask(frame) if mask is None else mask
        pixels = np.nan_to_num(frame.pixels)
        factor = np.where(soft > 0, np.float32(1.5), np.float32(1)) * np.ones_like(pixels)
        factor = factor if self.factor is None else self.factor
        return Correction(
            flat=pixels,
            seed_mask=soft if mask is None else None,
            mask=soft,
            inpainted=pixels,
            correction=factor,
            warnings=(WARNING,),
        )

    def _mask(self, frame):
        return (frame.pixels[0] > 0.5).astype(np.float32)

    def _work(self, run):
        self.calls += 1
        run.progress("detect", 0.5)
        while self.hold.exists():
            run.check_cancelled()
            time.sleep(0.005)
        run.check_cancelled()
        if self.fail.exists():
            raise EngineBadOutput("The engine returned nonsense.")
        if self.bug.exists():
            raise ZeroDivisionError("secret detail")


def fits(seed: int = 0, shape: tuple[int, ...] = (12, 16)) -> bytes:
    """Return a FITS image with one patch of dust for the stub."""
    pixels = np.random.default_rng(seed).random(shape, dtype=np.float32) / 4
    pixels[..., 3:6, 4:8] = 0.75
    return fits_bytes(pixels)


def main() -> int:
    settings = config.load({"port": os.environ.get("BRIDGE_TEST_PORT", "0")})
    stub = StubPipeline(settings.home)
    pipeline.detect, pipeline.correct = stub.detect, stub.correct
    try:
        return serve.serve(settings, announce=_announce)
    except BridgeError as trouble:
        sys.stderr.write(trouble.detail)
        return 1


def _announce(url: str, token: str) -> None:
    sys.stdout.write(url + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
