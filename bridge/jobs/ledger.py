"""The jobs as they are remembered from one start of the bridge to the next."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Final

from bridge.jobs.errors import Interrupted
from bridge.jobs.job import Job
from bridge.store.database import Database
from bridge.store.errors import DamagedStore, NoRoom
from bridge.store.facts import canonical

log = logging.getLogger(__name__)

KEPT: Final = 500
"""How many jobs are remembered."""

SCHEMA: Final = "CREATE TABLE IF NOT EXISTS jobs (number INTEGER PRIMARY KEY, job TEXT NOT NULL)"


class Ledger:
    """The table of jobs in one SQLite file; the newest `KEPT` stay."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, SCHEMA)
        self._late: dict[int, Job] = {}

    def add(self, job: Job) -> None:
        """Remember a new job; raise `NoRoom` or `DamagedStore` if that cannot be."""
        self._write([*self._late.values(), job])

    def update(self, job: Job) -> None:
        """Remember ``job`` as it is now; if that cannot be, with the next that is remembered.

        Work that is done is not lost over its entry.
        """
        self._late[job.number] = job
        try:
            self._write(list(self._late.values()))
        except (NoRoom, DamagedStore) as trouble:
            log.warning("job %s is not in the books yet: %s", job.id, trouble.slug)

    def load(self) -> list[Job]:
        """Return the jobs remembered, oldest first; what had not finished has failed now."""
        rows = self._database.rows("SELECT job FROM jobs ORDER BY number")
        known = {field.name for field in fields(Job)}
        # what another version remembered differently is forgotten
        found = [json.loads(row["job"]) for row in rows]
        jobs = [Job(**values) for values in found if set(values) == known]
        return [job if job.finished else self._interrupted(job) for job in jobs]

    def close(self) -> None:
        """Let the file go."""
        self._database.close()

    def _write(self, jobs: list[Job]) -> None:
        with self._database.write() as connection:
            for job in jobs:
                values = (job.number, canonical(asdict(job)))
                connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", values)
            newest = max(job.number for job in jobs)
            connection.execute("DELETE FROM jobs WHERE number <= ?", (newest - KEPT,))
        self._late.clear()

    def _interrupted(self, job: Job) -> Job:
        problem = Interrupted("The bridge ended before this job did; ask for it again.")
        failed = replace(
            job, state="failed", stage="", message=problem.detail, problem=problem.problem()
        )
        self.update(failed)
        return failed
