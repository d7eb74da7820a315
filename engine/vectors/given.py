"""Vectors that the person brought, checked and put on the grid: distinct vectors are the nodes."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from engine.dataset import Dataset, store_distinct
from engine.errors import EngineError, writing
from engine.progress import Progress
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, alone, digest_of
from engine.vectors.embedders._protocols import Supplied
from engine.vectors.embedders.usable import first_bad
from indexes import to_grid

BLOCK = 16384


def embed_given(data: Dataset, given: Supplied, spec: Spec, key: str, progress: Progress) -> Artefact:
    """Check the person's vectors block by block, put them on the grid, and keep the distinct ones."""
    dimension = given.dimension(data)
    facts: dict[str, Json] = {"model": given.facts(data)}
    texts = Origin(Spec("texts", spec.member, spec.version), data.fingerprint, facts=facts)
    embedder = digest_of([spec.member, spec.version, facts])
    origin = Origin(spec, data.fingerprint, None, {"texts": texts.identity}, facts=facts | {"embedder": embedder})
    there = data.store.made(origin)
    if there:
        return there
    folder = data.store.workbench("embedding", origin.identity)
    with alone(folder / ".lock", lambda: progress("waiting for another process that embeds this", 0, data.n)):
        return data.store.made(origin) or _taken(
            data, given, origin, texts, dimension, folder / "rows.npy", key, progress
        )


def _taken(
    data: Dataset,
    given: Supplied,
    origin: Origin,
    of_texts: Origin,
    dimension: int,
    path: Path,
    key: str,
    progress: Progress,
) -> Artefact:
    hashes = _checked(data, given, dimension, path, progress)
    texts = store_distinct(data, "given vectors", of_texts, hashes)
    first = texts.array("first")
    notes: dict[str, Json] = {"dimension": dimension, "facts": origin.facts["model"], **texts.notes}
    with data.store.drafting("embedding") as draft:
        if len(first) == data.n:
            path.replace(draft / "grid.npy")
        else:
            _write(draft / "grid.npy", (len(first), dimension), _chosen(path, first))
        return data.store.publish(key, origin, {}, notes, draft=draft)


def _checked(data: Dataset, given: Supplied, dimension: int, path: Path, progress: Progress) -> np.ndarray:
    """Write the vectors of all rows on the grid; returns their hashes, uint64 (n, 2), (0, 0) for a row without one."""
    hashes = np.zeros((data.n, 2), np.uint64)

    def blocks() -> Iterator[np.ndarray]:
        start = 0
        progress("checking vectors", 0, data.n)
        for vectors, present in given.blocks(data):
            bad = first_bad(vectors[present])
            if bad:
                row = start + int(np.flatnonzero(present)[bad[0]])
                raise EngineError(
                    f"The vector of row {row:,} {bad[1]}. Mend it, or leave it out (no list in its cell), "
                    "and embed again."
                )
            grid = np.zeros(vectors.shape, np.int16)
            grid[present] = to_grid(vectors[present])
            hashes[start : start + len(grid)][present] = _vector_hashes(grid[present])
            start += len(grid)
            yield grid
            progress("checking vectors", start, data.n)

    _write(path, (data.n, dimension), blocks())
    return hashes


def _chosen(path: Path, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Some rows of an array on disk, in blocks; mapped anew for each, so that what was read does not stay in memory."""
    for at in range(0, len(rows), BLOCK):
        yield np.load(path, mmap_mode="r", allow_pickle=False)[rows[at : at + BLOCK]]


def _write(path: Path, shape: tuple[int, int], blocks: Iterable[np.ndarray]) -> None:
    """Write an int16 array of this shape as it comes."""
    with writing(path), path.open("wb") as out:
        np.lib.format.write_array_header_1_0(out, {"descr": "<i2", "fortran_order": False, "shape": shape})
        for block in blocks:
            out.write(np.ascontiguousarray(block, "<i2").data)
        out.flush()
        os.fsync(out.fileno())


def _vector_hashes(grid: np.ndarray) -> np.ndarray:
    """uint64 (k, 2): 128 bits of BLAKE2 of each vector's bytes."""
    body = np.ascontiguousarray(grid, "<i2")
    joined = b"".join(hashlib.blake2b(row.data, digest_size=16).digest() for row in body)
    return np.frombuffer(joined, "<u8").reshape(-1, 2)
