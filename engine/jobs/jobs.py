"""Long work in a process of its own: started once, watched from anywhere, stopped in two seconds, taken up again."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

from engine.dataset import bytes_words
from engine.errors import EngineError, NotFound
from engine.jobs.files import (
    Order,
    Process,
    State,
    read_order,
    read_process,
    read_state,
    write_order,
    write_process,
    write_state,
)
from engine.progress import words
from engine.registry import Json
from engine.store import Store, alone, digest_of

GRACE = 1.5
"""Seconds that a job has to stop by itself before it is killed."""

LAUNCH = 10.0
"""Seconds after which a process that was to start, and was never written down, counts as gone."""

_FEW = 2
"""Parts of a stage: a bar of so few stands still, then jumps."""

_IN_BYTES = ("Checking the source", "Reading", "Counting")
"""Stages of opening, whose progress is bytes."""

_ENDED = {
    "done": "Done.",
    "cancelled": "Stopped. What is finished is kept.",
    "stopped": "Its process ended without a word. What is finished is kept.",
    "failed": "It failed.",
}

_ROOT = Path(__file__).resolve().parents[2]
_STARTED: list[subprocess.Popen[bytes]] = []  # polled, so that a child that has ended does not stay as a zombie


@dataclass(frozen=True)
class Job(State):
    """A job as the panel shows it: its state, what was asked for, and its id.

    status: `stopped` means that its process is gone without a word (a kill, a restart of the machine); resume it.
    """

    id: str = ""
    title: str = ""
    work: Mapping[str, Json] = field(default_factory=dict)

    @property
    def can_resume(self) -> bool:
        return self.status in ("stopped", "cancelled", "failed")

    @property
    def words(self) -> str:
        """How it stands, in a line: the stage with what is counted and the time left, or how it ended."""
        if self.status != "running":
            nothing = self.status == "done" and self.result.get("nothing")
            return "Nothing to do: all is there." if nothing else self.error or _ENDED[self.status]
        part = f"part {self.item + 1} of {self.items}: " if self.items > 1 else ""
        number = bytes_words if self.stage in _IN_BYTES else "{:,}".format
        counted = f", {number(self.done)} of {number(self.total)}" if self.share is not None else " …"
        left = f" · about {words(self.seconds_left)} left" if self.seconds_left and self.seconds_left >= 1 else ""
        stage = self.stage[:1].lower() + self.stage[1:]
        said = f"{part}{stage}{counted}{left}"
        return said[:1].upper() + said[1:]

    @property
    def share(self) -> float | None:
        """How much of its stage is done, 0 to 1; None where nobody knows, as while a model is loaded."""
        return min(1.0, self.done / self.total) if self.status == "running" and self.total > _FEW else None


def start(store: Store, work: Mapping[str, Json], title: str = "") -> str:
    """Start work in its own process and return the job's id; an identical job that is running is attached to.

    work: {"do": "build" | "prepare" | "export" | "open", …}, see `engine.jobs.work`; beside it "allowed", the folders
    that files may be read from (left out: any). The process lives on when the one that started it ends. Not forked: a
    fork of a server with threads may hang.
    """
    with alone(store.jobs_folder / ".lock"):
        for job in all_jobs(store):
            if job.status == "running" and _asked(job.work) == _asked(work):
                return job.id
        now = datetime.now(UTC)
        name = f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        folder = store.jobs_folder / name
        write_order(folder, Order(dict(work), title or str(work.get("do", ""))))
        _launch(store, name)
    return name


def resume(store: Store, id: str) -> str:
    """Take up a job that was stopped, cancelled or failed; finished parts are not done again. Returns the job's id."""
    with alone(store.jobs_folder / ".lock"):
        job = state(store, id)
        if job.status == "done":
            raise EngineError(f"The job {job.title!r} is finished; there is nothing to resume.")
        if job.status == "running":
            return id
        for other in all_jobs(store):
            if other.status == "running" and _asked(other.work) == _asked(job.work):
                return other.id
        _launch(store, id)
    return id


def cancel(store: Store, id: str) -> Job:
    """Stop a job within about two seconds: asked first, killed then. What it has finished is kept."""
    process = _process(_folder(store, id))
    if process is not None:
        process.terminate()
        try:
            process.wait(GRACE)
        except psutil.TimeoutExpired:
            _kill_all(process)
    _reap()
    folder = _folder(store, id)
    found = read_state(folder)
    if found.status == "running":
        write_state(folder, replace(found, status="cancelled", updated=_now()))
    return state(store, id)


def state(store: Store, id: str) -> Job:
    """How a job stands now."""
    folder = _folder(store, id)
    order, found = read_order(folder), read_state(folder)
    if found.status == "running" and not _launching(folder) and _process(folder) is None:
        found = read_state(folder)  # it may have ended between the two looks
        if found.status == "running":
            found = replace(found, status="stopped")
    if found.status != "running":
        found = replace(found, seconds_left=None)
    return Job(**vars(found), id=id, title=order.title, work=order.work)


def all_jobs(store: Store) -> list[Job]:
    """All jobs, newest first."""
    found = store.jobs_folder.glob("*/work.json") if store.jobs_folder.exists() else ()
    return [state(store, p.parent.name) for p in sorted(found, reverse=True)]


def log(store: Store, id: str, last: int = 20_000) -> str:
    """The last characters that the job wrote."""
    path = _folder(store, id) / "log.txt"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - last))
        return file.read().decode("utf-8", "replace")


def wait(store: Store, id: str, seconds: float = 3600.0) -> Job:
    """Wait until a job is no longer running, at most so many seconds; for the command line and tests."""
    end = time.monotonic() + seconds
    while (job := state(store, id)).status == "running" and time.monotonic() < end:
        time.sleep(0.05)
    return job


def _folder(store: Store, id: str) -> Path:
    folder = store.jobs_folder / id
    if Path(id).name != id or not (folder / "work.json").exists():
        raise NotFound(f"There is no job {id!r} here. `winnow jobs` lists those that are.")
    return folder


def _asked(work: Mapping[str, Json]) -> str:
    """What makes two jobs the same: all but the folders that they may read."""
    return digest_of({key: value for key, value in work.items() if key != "allowed"})


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _launch(store: Store, id: str) -> None:
    folder = store.jobs_folder / id
    (folder / "process.json").unlink(missing_ok=True)
    write_state(folder, State(started=_now()))
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if p),
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "log.txt").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "engine.jobs.work", str(store.folder.resolve()), id],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    _STARTED.append(process)
    started = psutil.Process(process.pid).create_time()
    write_process(folder, Process(process.pid, started))


def _process(folder: Path) -> psutil.Process | None:
    """The job's process, if it is that very process and still alive: numbers of processes are given out again."""
    _reap()
    found = read_process(folder)
    if found is None:
        return None
    try:
        process = psutil.Process(found.pid)
        same = abs(process.create_time() - found.process_started) < 1.0
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _launching(folder: Path) -> bool:
    """Whether the process is only just being started, and has not been written down yet."""
    if (folder / "process.json").exists() or not (folder / "state.json").exists():
        return False
    return time.time() - (folder / "state.json").stat().st_mtime < LAUNCH


def _reap() -> None:
    _STARTED[:] = [p for p in _STARTED if p.poll() is None]


def _kill_all(process: psutil.Process) -> None:
    """Kill the job and the workers that it started: it leads a session of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(GRACE)
    except (ProcessLookupError, psutil.TimeoutExpired):
        pass
