"""Stores, and what is put into them."""

import hashlib
from contextlib import contextmanager

import numpy as np

from bridge.frame import Notice
from bridge.io import Provenance, fits_bytes, plane_bytes
from bridge.store import Record, Store

RECORD = Record(
    {"touched": 0.5}, (Notice("code", "Words.", 3),), {"detector": "local 1"}, {"seed": 0}
)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 1
        return self.now


@contextmanager
def opening(folder):
    """Give a function that opens one store in ``folder``; all are closed at the end."""
    opened = []

    def make(capacity=10**9):
        opened.append(Store(folder / "store", capacity, Clock()))
        return opened[-1]

    try:
        yield make
    finally:
        for store in opened:
            store.close()


def image(seed=0, shape=(20, 30)):
    return fits_bytes(np.random.default_rng(seed).random(shape, dtype=np.float32))


def add(store, data):
    path = store.scratch()
    path.write_bytes(data)
    return store.add_frame(path, hashlib.sha256(data).hexdigest())


def keep(store, key, seed=0, names=("mask", "clean_flat")):
    pixels = np.random.default_rng(seed).random((20, 30), dtype=np.float32)
    with store.draft(key) as draft:
        for name in names:
            data, scale = plane_bytes(
                name, pixels, Provenance("1", "local 1", ""), full_scale=65535.0
            )
            draft.add(name, data, scale)
        return draft.finish(RECORD)


def left_over(store):
    return [
        path
        for path in (store.folder / "unfinished").rglob("*")
        if path.suffix != ".lock" and path.is_file()
    ]
