"""Long work in a process of its own; and what must not happen to a dataset while some runs."""

from engine.jobs.datasets import Deleted, delete, deleted, deleted_one, rename, restore
from engine.jobs.jobs import Job, all_jobs, cancel, log, resume, start, state
