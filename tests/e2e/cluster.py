"""A real Dask cluster of processes on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.http.support import until

ROOT = Path(__file__).parents[2]
SECONDS = 60


class Cluster:
    """A scheduler, and workers that come and go; ``environ`` beside what this process has."""

    def __init__(self, folder: Path, ended: ExitStack, **environ: str) -> None:
        self._folder, self._ended = folder, ended
        self._environ = {**os.environ, **environ}
        self.log = folder / "log"
        self._facts = folder / "scheduler.json"
        self._start("scheduler", "--port=0", "--no-dashboard", "--host=127.0.0.1")
        self.address = until(self._address, bool, SECONDS)

    def worker(self, name: str, home: Path | None = None) -> tuple[subprocess.Popen[bytes], Path]:
        """Start a worker; return its process, and its state folder."""
        home = home or self._folder / name
        process = self._start(
            "worker", "--nthreads=1", "--no-nanny", "--no-dashboard", f"--name={name}",
            f"--local-directory={self._folder / 'scratch'}", FLATBRIDGE_HOME=str(home),
        )  # fmt: skip
        return process, home

    def _start(self, what: str, *options: str, **environ: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}"]
        log = self.log.open("ab")
        process = subprocess.Popen(
            [*command, *options, "--scheduler-file", self._facts],
            cwd=ROOT, env={**self._environ, **environ}, stdout=log, stderr=log,
        )  # fmt: skip
        log.close()
        self._ended.callback(process.wait, SECONDS)
        self._ended.callback(process.kill)
        return process

    def _address(self) -> str:
        try:
            return str(json.loads(self._facts.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            return ""
