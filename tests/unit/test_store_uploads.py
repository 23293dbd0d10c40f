import hashlib

import numpy as np
import pytest

from bridge.io import fits_bytes
from bridge.store import Store
from bridge.store.errors import BadUpload, DigestMismatch, NotFound, TooManyUploads, WrongOffset
from bridge.store.uploads import AT_ONCE, IDLE, STALE, Uploads


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store", 10**9) as store:
        yield store


def left_over(store):
    """Return the unfinished files."""
    return list((store.folder / "unfinished").glob("*/*"))


class Ticking:
    now = 0.0

    def __call__(self):
        return self.now


def test_uploads_that_stall_are_dropped(store):
    clock = Ticking()
    uploads = Uploads(store, 10**6, clock)
    slow, quick = uploads.begin(10, None), uploads.begin(10, None)
    uploads.append(slow, 0, b"12345")
    clock.now = STALE * 0.6
    uploads.append(quick, 0, b"12345")
    clock.now = STALE * 1.2
    assert uploads.append(quick, 5, b"6") == (6, None)
    with pytest.raises(NotFound):
        uploads.append(slow, 5, b"6")
    assert len(left_over(store)) == 1


def test_uploads_are_limited_in_number_and_size(store):
    uploads = Uploads(store, 1000)
    for _ in range(AT_ONCE):
        uploads.begin(1, None)
    with pytest.raises(TooManyUploads):
        uploads.begin(1, None)
    few = Uploads(store, 1000)
    few.begin(999, None)
    with pytest.raises(TooManyUploads):
        few.begin(2, None)
    few.begin(1, None)


def test_an_idle_upload_makes_room_the_longest_idle_first(store):
    clock = Ticking()
    uploads = Uploads(store, 1000, clock)
    begun = []
    for number in range(AT_ONCE):
        clock.now = float(number)
        begun.append(uploads.begin(10, None))
    clock.now = IDLE
    with pytest.raises(TooManyUploads):
        uploads.begin(10, None)
    uploads.append(begun[0], 0, b"1")  # not idle any more
    clock.now = IDLE + 1.5
    uploads.begin(10, None)
    with pytest.raises(NotFound):
        uploads.append(begun[1], 0, b"1")
    for alive in (begun[0], *begun[2:]):
        assert uploads.append(alive, int(alive == begun[0]), b"2")[1] is None
    with pytest.raises(TooManyUploads):
        uploads.begin(10, None)
    clock.now = IDLE * 3
    uploads.begin(1000, None)
    assert not left_over(store)


def test_uploads_follow_their_rules(store):
    uploads = Uploads(store, 10**6)
    data = fits_bytes(np.random.default_rng(0).random((20, 30), dtype=np.float32))
    good = uploads.begin(len(data), hashlib.sha256(data).hexdigest())
    assert uploads.append(good, 0, data[:-10]) == (len(data) - 10, None)
    with pytest.raises(WrongOffset) as told:
        uploads.append(good, 0, data[:5])
    assert told.value.members == {"offset": len(data) - 10}
    with pytest.raises(BadUpload):
        uploads.append(good, len(data) - 10, bytes(11))
    offset, facts = uploads.append(good, len(data) - 10, data[-10:])
    assert offset == len(data)
    assert store.frame(facts.id)[1].read_bytes() == data
    bad = uploads.begin(3, "0" * 64)
    with pytest.raises(DigestMismatch):
        uploads.append(bad, 0, b"abc")
    with pytest.raises(NotFound):
        uploads.append(bad, 0, b"abc")
    assert not left_over(store)
