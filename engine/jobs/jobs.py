"""Long work in a process of its own: started once, watched from anywhere, stopped in two seconds, taken up again."""

import fcntl
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

import psutil

from engine.errors import EngineError, NotFound, writing
from engine.registry import Json
from engine.store import Store, digest_of, read_json, write_json

GRACE = 1.5
"""Seconds that a job has to stop by itself before it is killed."""

LAUNCH = 10.0
"""Seconds after which a process that was to start, and was never written down, counts as gone."""

Status = Literal["running", "done", "failed", "cancelled", "stopped"]

_ROOT = Path(__file__).resolve().parents[2]
_STARTED: list[subprocess.Popen[bytes]] = []  # polled, so that a child that has ended does not stay as a zombie


@dataclass(frozen=True)
class Job:
    """A job as the panel shows it.

    status: `stopped` means that its process is gone without a word (a kill, a restart of the machine); resume it.
    item of items: which part of the work, from 0; stage: what it does now, done of total. seconds_left: of everything,
    None while unknown.
    started, updated: ISO 8601, UTC. result: what the work returned. error: the message for the person.
    """

    id: str
    title: str
    work: Mapping[str, Json]
    status: Status
    stage: str
    done: int
    total: int
    item: int
    items: int
    seconds_left: float | None
    started: str
    updated: str
    result: Mapping[str, Json]
    error: str

    @property
    def can_resume(self) -> bool:
        return self.status in ("stopped", "cancelled", "failed")


def start(store: Store, work: Mapping[str, Json], title: str = "") -> str:
    """Start work in its own process and return the job's id; an identical job that is running is attached to.

    work: {"do": "build" | "prepare" | "export" | "open", …}, see `engine.jobs.work`. The process lives
    on when the one that started it ends. Not forked: a fork of a server with threads may hang.
    """
    digest = digest_of(dict(work))
    with _alone(store):
        for job in all_jobs(store):
            if job.status == "running" and digest_of(dict(job.work)) == digest:
                return job.id
        now = datetime.now(UTC)
        name = f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        folder = store.jobs_folder / name
        write_json(folder / "work.json", {"format": 1, "work": dict(work), "title": title or str(work.get("do", ""))})
        _launch(store, name)
    return name


def resume(store: Store, id: str) -> str:
    """Take up a job that was stopped, cancelled or failed; finished parts are not done again. Returns the job's id."""
    with _alone(store):
        job = state(store, id)
        if job.status == "done":
            raise EngineError(f"The job {job.title!r} is finished; there is nothing to resume.")
        if job.status == "running":
            return id
        for other in all_jobs(store):
            if other.status == "running" and digest_of(dict(other.work)) == digest_of(dict(job.work)):
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
    found = _read_state(folder)
    if found.get("status") == "running":
        write_json(folder / "state.json", {**found, "status": "cancelled", "updated": _now()})
    return state(store, id)


def state(store: Store, id: str) -> Job:
    """How a job stands now."""
    folder = _folder(store, id)
    about = read_json(folder / "work.json", "job")
    found = _read_state(folder)
    status = cast(Status, found.get("status", "running"))
    if status == "running" and not _launching(folder) and _process(folder) is None:
        found = _read_state(folder)  # it may have ended between the two looks
        status = cast(Status, found.get("status", "running"))
        status = "stopped" if status == "running" else status
    work = cast(dict[str, Json], about["work"])
    return Job(
        id=id,
        title=str(about["title"]),
        work=work,
        status=status,
        stage=str(found.get("stage", "starting")),
        done=cast(int, found.get("done", 0)),
        total=cast(int, found.get("total", 0)),
        item=cast(int, found.get("item", 0)),
        items=cast(int, found.get("items", 1)),
        seconds_left=cast(float | None, found.get("seconds_left")) if status == "running" else None,
        started=str(found.get("started", "")),
        updated=str(found.get("updated", "")),
        result=cast(dict[str, Json], found.get("result", {})),
        error=str(found.get("error", "")),
    )


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


def _read_state(folder: Path) -> dict[str, Json]:
    return read_json(folder / "state.json", "state of a job") if (folder / "state.json").exists() else {}


def _now() -> str:
    return datetime.now(UTC).isoformat()


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """One starter at a time, also across processes. The lock goes with its holder, so a crash leaves none behind."""
    with writing(store.jobs_folder):
        store.jobs_folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(store.jobs_folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _launch(store: Store, id: str) -> None:
    folder = store.jobs_folder / id
    (folder / "process.json").unlink(missing_ok=True)
    write_json(folder / "state.json", {"format": 1, "status": "running", "stage": "starting", "started": _now()})
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
    write_json(folder / "process.json", {"format": 1, "pid": process.pid, "process_started": started})


def _process(folder: Path) -> psutil.Process | None:
    """The job's process, if it is that very process and still alive: numbers of processes are given out again."""
    _reap()
    if not (folder / "process.json").exists():
        return None
    found = read_json(folder / "process.json", "process of a job")
    try:
        process = psutil.Process(cast(int, found["pid"]))
        same = abs(process.create_time() - cast(float, found["process_started"])) < 1.0
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
