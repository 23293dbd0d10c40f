"""The offline engine: classical image analysis, free, on this machine."""

from bridge.engines.local.detector import LocalDetector
from bridge.engines.local.inpainter import LocalInpainter

__all__ = ["LocalDetector", "LocalInpainter"]
