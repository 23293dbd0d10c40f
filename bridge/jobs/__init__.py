"""What runs: one piece of work after another, watched, cancelled, remembered."""

from bridge.jobs.board import Jobs
from bridge.jobs.job import Job, State
from bridge.jobs.operations import OPERATIONS, correct, detect
from bridge.jobs.work import Work

__all__ = ["OPERATIONS", "Job", "Jobs", "State", "Work", "correct", "detect"]
