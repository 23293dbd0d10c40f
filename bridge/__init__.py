"""FlatBridge: finds dust in flats and corrects it, for PixInsight, the shell and HTTP."""

__version__ = "0.1.0"

__released__ = "2026-11-27"  # PixInsight tells a newer package by its date: bump both
