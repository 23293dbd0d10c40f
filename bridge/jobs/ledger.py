"""The jobs as they are remembered from one start of the bridge to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Final

from bridge.jobs.errors import Interrupted
from bridge.jobs.job import Job
from bridge.store.database import Database
from bridge.store.facts import canonical

KEPT: Final = 500
"""How many jobs are remembered."""

SCHEMA: Final = "CREATE TABLE IF NOT EXISTS jobs (number INTEGER PRIMARY KEY, job TEXT NOT NULL)"


class Ledger:
    """The table of jobs in one SQLite file; the newest `KEPT` stay."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, SCHEMA)

    def save(self, job: Job) -> None:
        """Remember ``job`` as it is now."""
        with self._database.write() as connection:
            values = (job.number, canonical(asdict(job)))
            connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", values)
            connection.execute("DELETE FROM jobs WHERE number <= ?", (job.number - KEPT,))

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

    def _interrupted(self, job: Job) -> Job:
        problem = Interrupted("The bridge ended before this job did; ask for it again.")
        failed = replace(
            job, state="failed", stage="", message=problem.detail, problem=problem.problem()
        )
        self.save(failed)
        return failed
