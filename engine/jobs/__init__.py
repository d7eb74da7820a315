"""Long work in a process of its own."""

from engine.jobs.jobs import Job, all_jobs, cancel, log, resume, start, state
