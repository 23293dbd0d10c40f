"""Tests of what tests share: made once, whoever asks, and never had when it could not be made."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.once import once


class Factory:
    """A run of its own."""

    def __init__(self, folder):
        self.folder = folder / "run" / "worker"
        self.folder.mkdir(parents=True)

    def getbasetemp(self):
        return self.folder


@pytest.mark.parametrize("worker", [None, "gw0"])
def test_it_is_made_once_and_all_wait_for_it(tmp_path, monkeypatch, worker):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    if worker:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
    factory, made = Factory(tmp_path), []

    def make(folder):
        made.append(folder)
        (folder / "file").write_bytes(b"whole")

    def ask(_):
        folder = once(factory, "dear", make)
        assert (folder / "file").read_bytes() == b"whole"
        return folder

    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(ask, range(12)))
    assert folders == set(made)
    assert len(made) == 1
    assert made[0].parent == (factory.folder.parent if worker else factory.folder)


def test_what_fails_fails_for_all(tmp_path):
    factory = Factory(tmp_path)

    def make(folder):
        raise ValueError("of the maker")

    with pytest.raises(ValueError, match="of the maker"):
        once(factory, "dear", make)
    with pytest.raises(AssertionError, match="could not be made"):
        once(factory, "dear", make)


def test_nobody_waits_for_ever(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    factory = Factory(tmp_path)
    (factory.folder / "dear").mkdir()
    with pytest.raises(AssertionError, match="is not made"):
        once(factory, "dear", lambda folder: None, seconds=0)
