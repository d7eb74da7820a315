"""Work in chunks that survives a kill: a plan written before the first chunk, each finished chunk a whole file."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.store import FORMAT, Store, new_array, plain, read, read_json, write_bytes, write_json
from engine.vectors.embedders._protocols import Embedded
from engine.vectors.embedders.usable import join

SEED = 0


@dataclass(frozen=True)
class Purpose:
    """What a plan belongs to. key: of the embedding; texts: identity of the distinct texts, and how many there are."""

    key: str
    texts: str
    total: int
    dimension: int


@dataclass(frozen=True)
class _Written:
    """plan.json, beside the arrays of the plan."""

    size: int
    sources: tuple[str, ...]
    purpose: Purpose
    format: int = FORMAT


@dataclass(frozen=True)
class Plan:
    """Which texts are embedded in which chunk, and which vectors are taken from earlier work.

    todo: int64, the texts to embed, in a seeded random order, so that any first chunks are a fair sample.
    size: texts a chunk. taken: int64 (r, 3): text, number of the source, text there. sources: identities of embeddings.
    """

    folder: Path
    todo: np.ndarray
    size: int
    taken: np.ndarray
    sources: tuple[str, ...]
    purpose: Purpose

    @property
    def chunks(self) -> int:
        return -(-len(self.todo) // self.size)

    def texts(self, chunk: int) -> np.ndarray:
        """The texts of a chunk, int64, ascending."""
        return np.sort(self.todo[chunk * self.size : (chunk + 1) * self.size])

    def file(self, chunk: int) -> Path:
        return self.folder / f"chunk-{chunk:06d}.npz"

    def done(self) -> list[int]:
        """The chunks that are finished."""
        return [c for c in range(self.chunks) if self.file(c).exists()]


def planned(folder: Path, size: int, purpose: Purpose, known: Callable[[], tuple[np.ndarray, tuple[str, ...]]]) -> Plan:
    """The plan that is there, or a new one, written whole before any work.

    known: finds what earlier vectors hold, as `taken` and `sources`; asked for a new plan only.
    """
    there = read_plan(folder)
    if there:
        return there
    taken, sources = known()
    todo = np.setdiff1d(np.arange(purpose.total, dtype=np.int64), taken[:, 0], assume_unique=True)
    todo = np.random.default_rng(SEED).permutation(todo)
    for name, array in (("todo.npy", todo), ("taken.npy", taken)):
        _write(folder / name, lambda f, a=array: np.save(f, a))  # type: ignore[misc]
    # Last: without it the plan is not there.
    write_json(folder / "plan.json", plain(_Written(size, sources, purpose)))
    return Plan(folder, todo, size, taken, sources, purpose)


def read_plan(folder: Path) -> Plan | None:
    """The plan in a workbench, or None before it is written."""
    if not (folder / "plan.json").exists():
        return None
    found = read(_Written, read_json(folder / "plan.json", "plan"), "a plan")
    todo, taken = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("todo", "taken"))
    return Plan(folder, todo, found.size, taken, found.sources, found.purpose)


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
    """Vectors that are done while the rest is still being embedded. numbers: of texts, int64; grid: int16 (k, d)."""

    purpose: Purpose
    numbers: np.ndarray
    grid: np.ndarray


def unfinished(store: Store) -> list[str]:
    """Identities of embeddings that have a plan and are not published yet, whether a process works on them or not."""
    return [i for i, folder in store.workbenches("embedding").items() if (folder / "plan.json").exists()]


def embedded_so_far(store: Store, identity: str) -> Preview | None:
    """What is done of an embedding, a fair sample of the corpus.

    None before anything is done, and once it is published.
    """
    folder = store.workbenches("embedding").get(identity)
    plan = read_plan(folder) if folder else None
    if plan is None:
        return None
    parts, grids = [], []
    for number, name in enumerate(plan.sources):
        source = store.find("embedding", name)
        mine = plan.taken[plan.taken[:, 1] == number]
        if source:
            parts.append(mine[:, 0])
            grids.append(source.array("grid")[mine[:, 2]])
    for chunk in plan.done():
        parts.append(plan.texts(chunk))
        grids.append(read_chunk(plan, chunk).vectors)
    if not parts:
        return None
    numbers, grid = np.concatenate(parts), join(grids, plan.purpose.dimension)
    order = np.argsort(numbers)
    return Preview(plan.purpose, numbers[order], grid[order])


def _write(path: Path, save: Callable[[io.BytesIO], object]) -> None:
    body = io.BytesIO()
    save(body)
    write_bytes(path, body.getvalue())
