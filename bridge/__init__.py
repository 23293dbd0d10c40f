"""FlatBridge: finds dust in flats and corrects it, for PixInsight, the shell and HTTP."""

__version__ = "0.1.0"
