"""winnow jobs: long work, wherever it was started."""

import argparse
from collections.abc import Sequence

from engine.commands._flags import add_dataset, store, table
from engine.commands._follow import follow
from engine.commands.answer import Answer
from engine.jobs import Job, all_jobs, cancel, log, resume
from engine.progress import Progress
from engine.registry import Json

EXAMPLE = "winnow jobs tickets --cancel 20260131-101500-a1b2c3"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, and what to do with one of its jobs."""
    add_dataset(parser)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--follow", metavar="JOB", help="wait for a job and show how far it is")
    one.add_argument("--cancel", metavar="JOB", help="stop a job within two seconds; what is finished is kept")
    one.add_argument("--resume", metavar="JOB", help="take up a job that was stopped, and wait for it")
    one.add_argument("--log", metavar="JOB", help="what a job wrote")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """All jobs, or one."""
    at = store(args)
    if args.log:
        written = log(at, args.log)
        return Answer({"job": args.log, "log": written}, written.rstrip())
    if args.cancel:
        return _one(cancel(at, args.cancel))
    if args.follow or args.resume:
        return _one(follow(at, resume(at, args.resume) if args.resume else args.follow, progress))
    found = all_jobs(at)
    rows = [[j.id, j.title, j.status, j.words] for j in found]
    text = table(["job", "title", "status", "how far"], rows) if found else "No job has run yet."
    return Answer({"jobs": [_json(j) for j in found]}, text)


def _one(job: Job) -> Answer:
    return Answer(_json(job), f"{job.id} ({job.title}): {job.status}. {job.words}")


def _json(job: Job) -> dict[str, Json]:
    return {
        "id": job.id,
        "title": job.title,
        "status": job.status,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "seconds_left": job.seconds_left,
        "error": job.error,
        "result": dict(job.result),
    }
