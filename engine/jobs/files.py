"""The files of a job: what was asked for, how far it is, and which process does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.registry import Json
from engine.store import FORMAT, plain, read, read_json, write_json

Status = Literal["running", "done", "failed", "cancelled", "stopped"]


@dataclass(frozen=True)
class Order:
    """work.json. work: {"do": name, …}, see `engine.jobs.work`; title: on the screen."""

    work: Mapping[str, Json]
    title: str
    format: int = FORMAT


@dataclass(frozen=True)
class State:
    """state.json: how far it is.

    item of items: which part of the work, from 0; stage: what it does now, done of total. seconds_left: of everything,
    None while unknown. started, updated: ISO 8601, UTC. result: what the work returned. error: the message.
    """

    status: Status = "running"
    stage: str = "starting"
    done: int = 0
    total: int = 0
    item: int = 0
    items: int = 1
    seconds_left: float | None = None
    started: str = ""
    updated: str = ""
    result: Mapping[str, Json] = field(default_factory=dict)
    error: str = ""
    format: int = FORMAT


@dataclass(frozen=True)
class Process:
    """process.json. process_started: its creation time, as numbers of processes are given out again."""

    pid: int
    process_started: float
    format: int = FORMAT


def read_order(folder: Path) -> Order:
    """What was asked for."""
    return read(Order, read_json(folder / "work.json", "job"), "a job")


def read_state(folder: Path) -> State:
    """How far it is; a fresh one before anything was written."""
    path = folder / "state.json"
    return read(State, read_json(path, "state of a job"), "the state of a job") if path.exists() else State()


def read_process(folder: Path) -> Process | None:
    """Which process does it; None before it was written down."""
    path = folder / "process.json"
    return read(Process, read_json(path, "process of a job"), "the process of a job") if path.exists() else None


def write_order(folder: Path, order: Order) -> None:
    write_json(folder / "work.json", plain(order))


def write_state(folder: Path, state: State) -> None:
    write_json(folder / "state.json", plain(state))


def write_process(folder: Path, process: Process) -> None:
    write_json(folder / "process.json", plain(process))
