import errno
import hashlib
import os
import re
from pathlib import Path

import pytest

from bridge.errors import FileTrouble, UnreadableImage
from bridge.store import Store
from bridge.store.errors import NoRoom
from bridge.store.lock import FileLock
from tests.unit.stores import RECORD, add, image, keep, left_over, opening


@pytest.fixture
def open_store(tmp_path):
    with opening(tmp_path) as make:
        yield make


def test_a_frame_is_found_by_its_bytes_even_after_closing(open_store, tmp_path):
    data = image()
    store = open_store()
    facts = add(store, data)
    assert (facts.width, facts.height, facts.channels) == (30, 20, 1)
    found, path = store.frame(facts.id)
    assert found == facts
    assert path.read_bytes() == data
    assert open_store().frame(facts.id) == (facts, path)
    assert not left_over(store)


def test_a_result_is_found_by_its_key_even_after_closing(open_store):
    store = open_store()
    kept = keep(store, "k")
    assert store.result("k") == kept
    assert open_store().result("k") == kept
    assert kept.record == RECORD
    assert set(kept.planes) == {"mask", "clean_flat"}
    assert store.result("other") is None


def test_a_signal_plane_is_a_frame_that_comes_and_goes_with_its_result(open_store):
    store = open_store(capacity=10**9)
    kept = keep(store, "k")
    assert kept.planes["mask"].frame is None
    facts, path = store.frame(kept.planes["clean_flat"].frame)
    assert path == kept.planes["clean_flat"].path
    assert facts.full_scale == 65535.0
    path.write_bytes(b"damaged")
    assert store.frame(facts.id) is None
    assert store.result("k") is None


def test_an_unfinished_result_leaves_nothing(open_store):
    store = open_store()

    def give_up():
        with store.draft("k") as draft:
            draft.add("mask", image())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert store.result("k") is None
    assert not left_over(store)
    assert not list((store.folder / "results").iterdir())


def test_the_first_of_two_equal_results_stays(open_store):
    one, two = open_store(), open_store()
    first = keep(one, "k", seed=1)
    assert keep(two, "k", seed=2).planes == first.planes
    assert one.result("k") == two.result("k") == first


@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_what_is_damaged_is_noticed_and_dropped(open_store, damage):
    store = open_store()
    facts = add(store, image())
    kept = keep(store, "k")
    for path in (store.frame(facts.id)[1], kept.planes["mask"].path):
        if damage == "gone":
            path.unlink()
        else:
            data = bytearray(path.read_bytes())
            data[-1] ^= 1
            path.write_bytes(data if damage == "flip" else data[:-1])
    assert store.frame(facts.id) is None
    assert store.result("k") is None
    assert add(store, image()) == facts
    assert keep(store, "k") == kept
    assert store.result("k") == kept


def test_the_longest_unused_goes_first(open_store):
    size = len(image())
    store = open_store(capacity=3 * size)
    frames = [add(store, image(seed)).id for seed in range(3)]
    assert store.frame(frames[0]) is not None  # used again: now the second is the oldest
    frames.append(add(store, image(3)).id)
    assert [store.frame(one) is not None for one in frames] == [True, False, True, True]
    assert len(list((store.folder / "frames").iterdir())) == 3
    assert not left_over(store)


def test_a_glance_is_no_use(open_store):
    store = open_store(capacity=5 * len(image()))
    kept, other = keep(store, "old"), keep(store, "new", seed=1)
    assert store.glance("old") == kept
    assert store.glance("nothing") is None
    add(store, image(2))
    add(store, image(3))
    assert store.glance("old") is None
    assert store.glance("new") == other
    other.planes["mask"].path.unlink()
    assert store.glance("new") is None


def test_a_result_goes_as_a_whole(open_store):
    store = open_store(capacity=3 * len(image()))
    frame = keep(store, "k").planes["clean_flat"].frame
    for seed in range(3):
        add(store, image(seed))
    assert store.result("k") is None
    assert store.frame(frame) is None
    assert not list((store.folder / "results").iterdir())


def test_what_anyone_holds_stays_for_everyone(open_store):
    size = len(image())
    one, two = open_store(capacity=4 * size), open_store(capacity=4 * size)
    held = add(one, image(1)).id
    signal = keep(one, "k").planes["clean_flat"].frame
    with one.hold("frame", held), one.hold("frame", signal):
        for seed in range(2, 8):
            add(two, image(seed))
        assert two.frame(held) is not None
        assert two.result("k") is not None
    for seed in range(8, 14):
        add(two, image(seed))
    assert two.frame(held) is None
    assert two.result("k") is None


def test_something_larger_than_the_store_is_kept_until_the_next(open_store):
    store = open_store(capacity=10)
    first, second = (image(seed) for seed in (1, 2))
    assert store.frame(add(store, first).id) is not None
    assert store.frame(add(store, second).id) is not None
    assert store.frame(hashlib.sha256(first).hexdigest()) is None


def test_a_frame_that_cannot_be_read_leaves_nothing(open_store):
    store = open_store()
    for data in (b"", b"no image", image()[:3000], b"II*\0" + bytes(200)):
        with pytest.raises(UnreadableImage):
            add(store, data)
    assert not left_over(store)
    assert not list((store.folder / "frames").iterdir())


def test_a_full_disk_is_told(open_store, monkeypatch):
    store = open_store()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with store.draft("k") as draft, monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(NoRoom, match="full"):
            draft.add("mask", image())


@pytest.mark.skipif(os.name != "posix", reason="other systems keep rights another way")
def test_the_store_is_its_owners_alone(open_store):
    store = open_store()
    add(store, image())
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert (store.folder / "frames").stat().st_mode & 0o777 == 0o700


def test_a_lock_excludes_even_its_own_process_and_is_given_back(tmp_path):
    one, two = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert one.acquire()
    assert not one.acquire()
    assert not two.acquire()
    one.release()
    assert two.acquire()
    two.release()
    two.release()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileTrouble, match=re.escape(str(tmp_path / "file" / "store"))):
        Store(tmp_path / "file" / "store", 10**9)
