"""Several threads and processes on one store, some of which die."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bridge.store import Store
from tests.unit.stores import add, image, keep, left_over, opening

ROOT = Path(__file__).parents[2]


@pytest.fixture
def open_store(tmp_path):
    with opening(tmp_path) as make:
        yield make


CRASH = """
import sys, os
from pathlib import Path
from bridge.store import Store
store = Store(Path(sys.argv[1]), 10**9)
with store.draft("k") as draft, store.hold("result", "old"):
    draft.add("mask", b"half")
    store.scratch().write_bytes(b"half a frame")
    os._exit(9)
"""


def test_what_a_dead_process_left_is_cleaned_and_what_a_living_one_has_is_not(open_store, tmp_path):
    living = open_store(capacity=10**9)
    keep(living, "old")
    mine = living.scratch()
    mine.write_bytes(b"mine")
    command = [sys.executable, "-c", CRASH, str(living.folder)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    assert len(left_over(living)) == 3
    stray = living.folder / "results" / "stray"
    stray.mkdir()
    (stray / "mask.fits").write_bytes(b"moved, but never written down")
    later = open_store(capacity=1)
    assert left_over(later) == [mine]
    assert not stray.exists()
    assert later.result("k") is None
    add(later, image())
    assert later.result("old") is None  # the dead process holds nothing any more


RACE = """
import sys, hashlib
from pathlib import Path
import numpy as np
from bridge.io import fits_bytes
from bridge.store import Record, Store
with Store(Path(sys.argv[1]), 40_000) as store:
    for seed in range(12):
        data = fits_bytes(np.random.default_rng(seed).random((20, 30), dtype=np.float32))
        path = store.scratch()
        path.write_bytes(data)
        facts = store.add_frame(path, hashlib.sha256(data).hexdigest())
        with store.draft(f"k{seed}") as draft:
            draft.add("mask", data)
            made = draft.finish(Record({}))
        found = store.frame(facts.id)
        assert found is None or found[0] == facts
"""


def test_two_processes_share_one_store(tmp_path):
    command = [sys.executable, "-W", "error", "-c", RACE, str(tmp_path / "store")]
    running = [
        subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in running:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    with Store(tmp_path / "store", 40_000) as store:
        files = list(store.folder.glob("[fr]*/**/*.fits"))
        assert 0 < sum(path.stat().st_size for path in files) <= 40_000


def test_threads_share_one_store(open_store):
    store = open_store(capacity=50_000)
    errors = []
    barrier = threading.Barrier(4)

    def work(start):
        try:
            barrier.wait()
            for seed in range(start, start + 6):
                facts = add(store, image(seed % 8))
                with store.hold("frame", facts.id):
                    found = store.frame(facts.id)
                    assert found is None or found[1].exists()
                keep(store, f"k{seed % 5}", seed % 5)
        except Exception as trouble:
            errors.append(trouble)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
