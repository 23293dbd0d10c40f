"""Books that cannot be read or written are told of in one sentence that names the file."""

import os
import sqlite3

import pytest

from bridge.jobs.ledger import Ledger
from bridge.store import Store
from bridge.store.database import Database
from bridge.store.errors import DamagedStore, NoRoom
from tests.unit.stores import add, image, opening

SCHEMA = "CREATE TABLE IF NOT EXISTS t (a)"


def filled(path):
    database = Database(path, SCHEMA)
    with database.write() as connection:
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 200,)] * 500)
    database.close()


def test_garbage_instead_of_an_index(tmp_path):
    (tmp_path / "store").mkdir()
    index = tmp_path / "store" / "index.sqlite"
    index.write_bytes(b"garbage" * 1000)
    with pytest.raises(DamagedStore) as told:
        Store(tmp_path / "store", 10**9)
    assert str(index) in told.value.detail
    assert told.value.detail.count("\n") == 0
    assert index.read_bytes() == b"garbage" * 1000
    index.unlink()
    Store(tmp_path / "store", 10**9).close()


def test_garbage_instead_of_the_jobs(tmp_path):
    (tmp_path / "jobs.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(DamagedStore, match=r"jobs\.sqlite"):
        Ledger(tmp_path / "jobs.sqlite")


def test_a_page_overwritten(tmp_path):
    path = tmp_path / "file"
    filled(path)
    data = bytearray(path.read_bytes())
    data[4096:20480] = os.urandom(16384)
    path.write_bytes(data)
    database = Database(path, SCHEMA)
    with pytest.raises(DamagedStore, match="malformed"):
        database.rows("SELECT * FROM t")
    database.close()


@pytest.mark.parametrize("kind", ["folder", "another schema"])
def test_what_is_there_is_no_index(tmp_path, kind):
    path = tmp_path / "store" / "index.sqlite"
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    if kind == "another schema":
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE holds (something)")
        other.close()
    with pytest.raises(DamagedStore, match=r"index\.sqlite"):
        Store(path.parent, 10**9)


def test_a_full_disk_leaves_the_books_as_they_were(tmp_path):
    with opening(tmp_path) as make:
        store = make()
        kept = add(store, image())
        database = store._database
        ((pages,),) = database.rows("PRAGMA page_count")
        database.rows(f"PRAGMA max_page_count = {pages}")

        def fill():
            for seed in range(1, 200):
                add(store, image(seed))

        with pytest.raises(NoRoom, match="full"):
            fill()
        database.rows("PRAGMA max_page_count = 1000000")
        assert store.frame(kept.id) is not None
        assert store.frame(add(store, image(300)).id) is not None
