"""What the computer is given back."""

import platform
import subprocess
import sys

import pytest

from bridge.machine import give_back_memory
from tests.http.support import ROOT

HOARD = """
from bridge.machine import give_back_memory

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

blocks = [bytearray(60_000) for _ in range(2000)]
last = bytearray(60_000)  # lies behind them: the C library gives back by itself only what is last
del blocks
before = resident()
give_back_memory()
print(before - resident())
"""


def test_it_may_be_called_on_any_system():
    give_back_memory()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_what_was_freed_goes_back_to_the_system():
    done = subprocess.run(
        [sys.executable, "-c", HOARD], cwd=ROOT, check=True, capture_output=True, timeout=60
    )
    assert int(done.stdout) > 50_000  # kB, of 120 MB
