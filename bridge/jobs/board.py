"""The jobs: asked for, queued, run one after another by one thread, cancelled, remembered."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from bridge import pipeline
from bridge.engines.base import Run
from bridge.engines.estimate import Estimate
from bridge.errors import Cancelled
from bridge.frame import Frame
from bridge.io import read_image
from bridge.jobs.errors import QueueFull, Stopping, UnknownFrame, told
from bridge.jobs.job import Job
from bridge.jobs.ledger import KEPT, Ledger
from bridge.jobs.operations import ON_FILES, ON_FRAME, OPERATIONS, Operate
from bridge.jobs.paid import Paid
from bridge.jobs.watch import Watch
from bridge.jobs.work import Work
from bridge.machine import give_back_memory
from bridge.store import Store, StoredResult
from bridge.store.errors import NotFound

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Active:
    """What an unfinished job needs; ``held`` keeps its images from eviction."""

    work: Work
    held: ExitStack
    cancel: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The job board; every method may be called from any thread.

    Parameters
    ----------
    store
        Where images come from and results go.
    path
        The file that remembers the jobs.
    queue_length
        How many may wait.
    operations, clock, new_id
        What work means, seconds since the epoch, where ids come from.
    """

    def __init__(
        self,
        store: Store,
        path: Path,
        *,
        queue_length: int = 32,
        operations: Mapping[str, Operate] = OPERATIONS,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._store = store
        self._paid = Paid(store)
        self._ledger = Ledger(path)
        self._queue_length = queue_length
        self._operations = operations
        self._clock = clock
        self._new_id = new_id
        self._changed = threading.Condition()
        self._jobs = {job.id: job for job in self._ledger.load()}
        self._active: dict[str, _Active] = {}
        self._waiting: deque[str] = deque()
        self._stopping = False
        self._worker = threading.Thread(target=self._run_all, name="worker", daemon=True)
        self._worker.start()

    def submit(self, work: Work) -> Job:
        """Return the job that does ``work``: one that is at it or has done it, or a new one.

        Raises
        ------
        BadOption, EngineUnavailable, MaskGeometry, UnsupportedFrame
            As `Work.check`.
        QueueFull
            With ``retry_after_ms``.
        Stopping
            After `stop`.
        """
        work.check()
        key = work.key
        with self._changed:
            if self._stopping:
                raise Stopping("The bridge is shutting down.")
            known = self._store.result(key) is not None
            for job in reversed(self._jobs.values()):
                active = self._active.get(job.id)
                underway = active is not None and not active.cancel.is_set()
                if job.key == key and (underway or (known and job.state == "succeeded")):
                    return job
            if not known and len(self._waiting) >= self._queue_length:
                raise QueueFull(
                    f"{len(self._waiting)} jobs are waiting already; try again later.",
                    retry_after_ms=2000,
                )
            job = self._new_job(work, key)
            if known:
                return self._change(job, state="succeeded", progress=1.0, message="Done")
            with self._hold(work) as held:
                queued = self._change(job)
                self._active[job.id] = _Active(work, held.pop_all())
            self._waiting.append(job.id)
            return queued

    def estimate(self, work: Work) -> Estimate:
        """Return what ``work`` costs at most, nothing if it is done; nothing is sent."""
        if not work.costs or self._store.result(work.key) is not None:
            return Estimate()
        frame = self._read(work.flat.id, "The image")
        return pipeline.estimate(
            frame,
            work.options,
            detecting=work.mask is None,
            inpainting=work.operation == "correct",
        )

    def get(self, identity: str) -> Job:
        """Return a job as it stands; raise `NotFound` if there is none."""
        with self._changed:
            return self._find(identity)

    def wait(self, identity: str, seconds: float) -> Job:
        """Return a job at its next change of state or stage, or after ``seconds``.

        A finished job is returned at once, and so is any job once the board stops.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            before = self._find(identity)
            while True:
                job = self._find(identity)
                left = deadline - time.monotonic()
                moved = (job.state, job.stage) != (before.state, before.stage)
                if job.finished or moved or left <= 0 or self._stopping:
                    return job
                self._changed.wait(left)

    def cancel(self, identity: str) -> Job:
        """Stop a job: at once if it waits, at its next step if it runs; return it."""
        with self._changed:
            job = self._find(identity)
            if identity in self._waiting:
                self._waiting.remove(identity)
                return self._finish(job, state="cancelled", message="Cancelled")
            if identity in self._active:
                self._active[identity].cancel.set()
                return self._change(job, message="Stopping")
            return job

    def listing(self) -> list[Job]:
        """Return the jobs, newest first."""
        with self._changed:
            return list(reversed(self._jobs.values()))

    def result(self, job: Job) -> StoredResult | None:
        """Return what a job yielded; None if it has not succeeded, or the store let it go."""
        return self._store.result(job.key) if job.state == "succeeded" else None

    def glance(self, job: Job) -> StoredResult | None:
        """Return what `result` would, for show: see `Store.glance`."""
        return self._store.glance(job.key) if job.state == "succeeded" else None

    def stop(self, timeout: float = 60.0) -> None:
        """Cancel everything, wake everyone who waits, and wait for the worker to end."""
        with self._changed:
            self._stopping = True
            for identity in list(self._active):
                self.cancel(identity)
            self._changed.notify_all()
        deadline = time.monotonic() + timeout
        self._worker.join(timeout)
        self._paid.settle(max(0.0, deadline - time.monotonic()))
        self._ledger.close()

    def _run_all(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopping:
                    self._changed.wait()
                if self._stopping:
                    return
                identity = self._waiting.popleft()
                job = self._change(self._find(identity), state="running", message="Starting")
            self._run(job, self._active[identity])

    def _run(self, job: Job, active: _Active) -> None:
        started = self._clock()
        watch = Watch(active.work.options.seed, self._teller(job.id), active.cancel, self._paid)
        outcome: dict[str, object]
        try:
            self._operate(active.work, watch)
            outcome = {"state": "succeeded", "progress": 1.0, "message": "Done"}
        except Cancelled:
            outcome = {"state": "cancelled", "message": "Cancelled"}
        except Exception as error:
            told_as = told(error)
            outcome = {
                "state": "failed", "message": told_as.detail, "problem": told_as.problem(),
            }  # fmt: skip
        give_back_memory()
        took = self._clock() - started
        log.info("job %s %s %s, %.1f s", job.id, job.operation, outcome["state"], took)
        with self._changed:
            self._finish(self._find(job.id), **outcome)

    def _operate(self, work: Work, run: Run) -> None:
        run.check_cancelled()
        run.progress("read", 0.0)
        if work.operation in ON_FILES:
            ON_FILES[work.operation](work, run, self._store)
            return
        frame = self._read(work.flat.id, "The image")
        if work.operation in ON_FRAME:
            ON_FRAME[work.operation](work, frame, run, self._store)
            return
        mask = self._read(work.mask.id, "The mask") if work.mask else None
        bias = self._read(work.bias.id, "The master bias") if work.bias else None
        self._operations[work.operation](frame, work.options, run, self._store, mask, bias)

    def _read(self, identity: str, name: str) -> Frame:
        found = self._store.frame(identity)
        if found is None:
            raise UnknownFrame(f"{name} is no longer in the store; send it again.")
        return read_image(found[1], name=name)

    def _teller(self, identity: str) -> Callable[[str, float, str], None]:
        def tell(stage: str, progress: float, message: str) -> None:
            with self._changed:
                job = self._find(identity)
                if self._active[identity].cancel.is_set():
                    message = "Stopping"
                self._change(job, stage=stage, progress=progress, message=message)

        return tell

    def _find(self, identity: str) -> Job:
        if identity not in self._jobs:
            raise NotFound("No job has this id.")
        return self._jobs[identity]

    def _new_job(self, work: Work, key: str) -> Job:
        finished = [job.id for job in self._jobs.values() if job.finished]
        for identity in finished[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[identity]
        newest = max((job.number for job in self._jobs.values()), default=0)
        return Job(
            id=self._new_id(),
            number=newest + 1,
            operation=work.operation,
            key=key,
            frame=work.frame.id if work.frame else None,
            mask=work.mask.id if work.mask else None,
            options=work.how,
            created=self._clock(),
        )

    def _hold(self, work: Work) -> ExitStack:
        with ExitStack() as held:
            for facts in (work.frame, work.mask, work.bias):
                if facts is not None:
                    held.enter_context(self._store.hold("frame", facts.id))
            if work.stack is not None:
                held.enter_context(work.stack.held(self._store))
            if work.correction is not None:
                held.enter_context(self._store.hold("result", work.correction))
            return held.pop_all()

    def _finish(self, job: Job, **changes: object) -> Job:
        after = self._change(job, stage="", **changes)
        self._active.pop(job.id).held.close()
        return after

    def _change(self, job: Job, **changes: object) -> Job:
        """Put a job's new snapshot on the board; who waits is woken if it moved."""
        before = self._jobs.get(job.id)
        after = replace(job, **changes)  # type: ignore[arg-type]
        if before is None:
            self._ledger.add(after)
        elif before.state != after.state:
            self._ledger.update(after)
        self._jobs[job.id] = after
        if before is None or (before.state, before.stage) != (after.state, after.stage):
            self._changed.notify_all()
        return after
