"""Work in chunks that survives a kill: a plan written before the first chunk, each finished chunk a whole file."""

import fcntl
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from engine.registry import Json
from engine.store import FORMAT, Store, new_array, write_bytes, write_json
from engine.vectors.embedders._law import Embedded
from engine.vectors.embedders.grid import join

SEED = 0


@dataclass(frozen=True)
class Plan:
    """Which texts are embedded in which chunk, and which vectors are taken from earlier work.

    todo: int64, the nodes to embed, in a seeded random order, so that any first chunks are a fair sample.
    size: nodes a chunk. taken: int64 (r, 3): node, number of the source, node there. sources: identities of vectors.
    about: what the plan belongs to (key, nodes, dimension), as JSON.
    """

    folder: Path
    todo: np.ndarray
    size: int
    taken: np.ndarray
    sources: tuple[str, ...]
    about: dict[str, Json]

    @property
    def chunks(self) -> int:
        return -(-len(self.todo) // self.size)

    def nodes(self, chunk: int) -> np.ndarray:
        """The nodes of a chunk, int64, ascending."""
        return np.sort(self.todo[chunk * self.size : (chunk + 1) * self.size])

    def file(self, chunk: int) -> Path:
        return self.folder / f"chunk-{chunk:06d}.npz"

    def done(self) -> list[int]:
        """The chunks that are finished."""
        return [c for c in range(self.chunks) if self.file(c).exists()]


def planned(
    folder: Path, total: int, size: int, about: dict[str, Json], known: Callable[[], tuple[np.ndarray, tuple[str, ...]]]
) -> Plan:
    """The plan that is there, or a new one, written whole before any work.

    known: finds what earlier vectors hold, as `taken` and `sources`; asked for a new plan only.
    """
    there = read_plan(folder)
    if there:
        return there
    taken, sources = known()
    todo = np.setdiff1d(np.arange(total, dtype=np.int64), taken[:, 0], assume_unique=True)
    todo = np.random.default_rng(SEED).permutation(todo)
    for name, array in (("todo.npy", todo), ("taken.npy", taken)):
        _write(folder / name, lambda f, a=array: np.save(f, a))  # type: ignore[misc]
    record: dict[str, Json] = {"format": FORMAT, "size": size, "sources": list(sources), "about": about}
    write_json(folder / "plan.json", record)  # last: without it the plan is not there
    return Plan(folder, todo, size, taken, sources, about)


def read_plan(folder: Path) -> Plan | None:
    """The plan in a workbench, or None before it is written."""
    try:
        record = cast(dict[str, Json], json.loads((folder / "plan.json").read_bytes()))
    except FileNotFoundError:
        return None
    return Plan(
        folder,
        np.load(folder / "todo.npy"),
        cast(int, record["size"]),
        np.load(folder / "taken.npy"),
        tuple(cast(list[str], record["sources"])),
        cast(dict[str, Json], record["about"]),
    )


@contextmanager
def alone(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a workbench for this process; while another one has it, call `waiting`, which may raise `Cancelled`.

    The lock goes with the process that holds it, so a kill leaves none behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(0.2)
        yield
    finally:
        os.close(handle)


def write_chunk(plan: Plan, chunk: int, result: Embedded) -> None:
    """Keep a finished chunk: a reader sees all of it or nothing. Its vectors are on the grid, int16."""
    _write(plan.file(chunk), lambda f: np.savez(f, grid=result.vectors, tokens=result.tokens, cut=result.cut))


def read_chunk(plan: Plan, chunk: int) -> Embedded:
    """A finished chunk; the vectors are on the grid, int16."""
    with np.load(plan.file(chunk), allow_pickle=False) as file:
        return Embedded(file["grid"], file["tokens"], file["cut"])


def new_grid(path: Path, rows: int, dimension: int) -> np.ndarray:
    """A new array on disk; in memory when it is empty, which cannot be mapped."""
    if rows * dimension == 0:
        return np.zeros((rows, dimension), np.int16)
    return new_array(path, (rows, dimension), np.int16)


@dataclass(frozen=True)
class Preview:
    """Vectors that are done while the rest is still being embedded. nodes: int64, ascending; grid: int16 (k, d)."""

    key: str
    texts: str
    total: int
    nodes: np.ndarray
    grid: np.ndarray


def unfinished(store: Store) -> list[str]:
    """Identities of embeddings that have a plan and are not published yet, whether a process works on them or not."""
    return [i for i, folder in store.workbenches("vectors").items() if (folder / "plan.json").exists()]


def embedded_so_far(store: Store, identity: str) -> Preview | None:
    """What is done of an embedding, a fair sample of the corpus.

    None before anything is done, and once it is published.
    """
    folder = store.workbenches("vectors").get(identity)
    plan = read_plan(folder) if folder else None
    if plan is None:
        return None
    parts, grids = [], []
    for number, name in enumerate(plan.sources):
        source = store.find("vectors", name)
        mine = plan.taken[plan.taken[:, 1] == number]
        if source:
            parts.append(mine[:, 0])
            grids.append(source.array("grid")[mine[:, 2]])
    for chunk in plan.done():
        parts.append(plan.nodes(chunk))
        grids.append(read_chunk(plan, chunk).vectors)
    if not parts:
        return None
    nodes, grid = np.concatenate(parts), join(grids, cast(int, plan.about["dimension"]))
    order = np.argsort(nodes)
    return Preview(
        str(plan.about["key"]), str(plan.about["nodes"]), cast(int, plan.about["total"]), nodes[order], grid[order]
    )


def _write(path: Path, save: Callable[[io.BytesIO], object]) -> None:
    body = io.BytesIO()
    save(body)
    write_bytes(path, body.getvalue())
