"""What is remembered of files stays right, and stays bounded."""

import hashlib
import os

from bridge.store import seals


def test_a_file_is_read_again_only_when_it_was_touched(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(seals, "sha256_of", lambda path: read.append(path) or "digest")
    path = tmp_path / "file"
    path.write_bytes(b"one")
    known = seals.Seals()
    assert known.whole(path, "digest")
    assert known.whole(path, "digest")
    assert len(read) == 1
    os.utime(path, ns=(1, 1))
    assert known.whole(path, "digest")
    assert len(read) == 2
    assert not known.whole(path, "another digest")
    path.unlink()
    assert not known.whole(path, "digest")


def test_evicted_files_do_not_pile_up(tmp_path, monkeypatch):
    monkeypatch.setattr(seals, "MOST", 5)
    known = seals.Seals()
    digest = hashlib.sha256(b"").hexdigest()
    for number in range(23):
        path = tmp_path / str(number)
        path.write_bytes(b"")
        assert known.whole(path, digest)
        path.unlink()
    assert len(known._seen) <= 5
