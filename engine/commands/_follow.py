"""Long work in a process of its own, followed on the terminal; stopping here stops it there."""

import argparse
import time
from collections.abc import Mapping

from engine.building import cost, plan
from engine.commands.answer import Answer
from engine.dataset import Dataset, bytes_words
from engine.errors import Cancelled, EngineError
from engine.jobs import Job, cancel, start, state
from engine.progress import Progress, words
from engine.registry import Cost, Json
from engine.store import Spec, Store

Specs = Mapping[str, Spec]


def add_background(parser: argparse.ArgumentParser) -> None:
    """The flag to start work and not to wait for it."""
    parser.add_argument(
        "--background", action="store_true", help="start it and return; `winnow jobs` shows how far it is"
    )


def built(
    args: argparse.Namespace,
    data: Dataset,
    specs: Specs,
    progress: Progress,
    *,
    place: bool = False,
    anew: bool = False,
) -> Answer:
    """Build specs in a job and wait for it; an identical job that is running is joined.

    place: new rows may go on the maps that are there. anew: maps on which rows were placed so are drawn again.
    """
    placed = [(k, m) for k, m in specs.items() if anew and k in data.added and "placed" in data.added[k].notes]
    missing = steps(data, specs) + placed
    if not missing:
        return Answer({"built": [], "there": list(specs)}, f"All there already: {', '.join(specs)}.")
    work: dict[str, Json] = {"do": "build", "items": [[key, made.json()] for key, made in specs.items()]}
    work |= {"place": True} if place and not anew else {}
    id = start(data.store, work, f"Build {', '.join(specs)}")
    if args.background:
        return Answer({"job": id}, f"Started as job {id}. Follow it with `winnow jobs {data.name} --follow {id}`.")
    follow(data.store, id, progress)
    keys: list[Json] = [key for key, _ in missing]
    return Answer({"job": id, "built": keys}, f"Done: {', '.join(map(str, keys))}.")


def planned(data: Dataset, specs: Specs) -> Answer:
    """What building would take."""
    missing = steps(data, specs)
    costs = {key: cost(data, made) for key, made in missing}
    whole = sum(costs.values(), Cost(0.0))
    lines = [f"{key}: {words(c.seconds)}, {bytes_words(c.disk)} of disk" for key, c in costs.items()]
    value: dict[str, Json] = {
        "rows": data.n,
        "builds": list(costs),
        "seconds": round(whole.seconds, 1),
        "memory": whole.memory,
        "disk": whole.disk,
    }
    together = f"{data.n:,} rows. {'Together ' + whole.words() if missing else 'Nothing to do: all is there'}."
    return Answer(value, "\n".join([*lines, together]))


def steps(data: Dataset, specs: Specs) -> list[tuple[str, Spec]]:
    """What has to be built, in order, without what is there."""
    return [(k, m) for k, m in plan(specs, {**data.columns, **data.added}) if k not in data.added]


def follow(store: Store, id: str, progress: Progress) -> Job:
    """Report a job's progress until it ends; an interrupt here stops the job. Raises `EngineError` where it failed."""
    try:
        while (job := state(store, id)).status == "running":
            progress(job.stage, job.done, job.total)
            time.sleep(0.2)
    except KeyboardInterrupt:
        cancel(store, id)
        raise Cancelled("Stopped. What was finished is kept; the same command goes on from there.") from None
    if job.status == "done":
        progress(job.stage, max(job.done, job.total), job.total)
        return job
    if job.status == "cancelled":
        raise Cancelled("The job was stopped from elsewhere. What was finished is kept; the same command goes on.")
    said = job.error or "its process is gone without a word"
    raise EngineError(f"{said} (job {id}; `winnow jobs {store.folder.name} --log {id}` shows what it wrote)")
