"""Put each mistake into a copy of the script and see that its test fails: ``[-j N] [WORD]``.

Prints what went unnoticed; ends with 1 if anything did.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.pixinsight.mistake import SCRIPT, Mistake
from tests.pixinsight.mistakes import MISTAKES

HERE = Path(__file__).parent
SECONDS = 240  # one test, on a busy machine
PASSED, FAILED = 0, 1  # what pytest ends with


def outcome(tests: Iterable[str], script: Path) -> tuple[int, str]:
    """Run tests against a copy of the script; return pytest's code and what it printed."""
    paths = [str(HERE / test) for test in tests]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *paths],
        cwd=HERE.parents[1], env={**os.environ, "SCRIPT_UNDER_TEST": str(script)},
        capture_output=True, text=True, encoding="utf-8", timeout=SECONDS * len(paths), check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def unnoticed(mistake: Mistake) -> str:
    """Return why a mistake went unnoticed; nothing if its test failed."""
    with tempfile.TemporaryDirectory() as folder:
        code, printed = outcome([mistake.test], mistake.put(Path(folder) / "pjsr"))
    if code == FAILED:
        return ""
    return f"{mistake.test} passed" if code == PASSED else printed[-2000:]


def main() -> int:
    """Try them; return 1 if one went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="only mistakes whose words hold this")
    parser.add_argument("-j", dest="jobs", type=int, default=2, help="how many at a time")
    given = parser.parse_args()
    chosen = [mistake for mistake in MISTAKES if given.word in mistake.what]
    code, printed = outcome(sorted({mistake.test for mistake in chosen}), SCRIPT)
    if code != PASSED:
        print(f"The tests fail without any mistake:\n{printed[-2000:]}")
        return 1
    started = time.monotonic()
    with ThreadPoolExecutor(given.jobs) as pool:
        results = list(zip(chosen, pool.map(unnoticed, chosen), strict=True))
    missed = [(mistake, why) for mistake, why in results if why]
    for mistake, why in missed:
        print(f"unnoticed: {mistake.what} ({mistake.file}): {why}")
    print(f"{len(chosen) - len(missed)} of {len(chosen)} mistakes noticed, "
          f"{time.monotonic() - started:.0f} s")  # fmt: skip
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
