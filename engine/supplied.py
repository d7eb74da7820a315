"""Vectors that the person brought, checked and put on the grid: distinct vectors are the nodes."""

import hashlib

import numpy as np

from engine.chunks import new_grid
from engine.dataset import Dataset
from engine.embedders._law import Supplied
from engine.embedders.grid import first_bad, to_grid
from engine.errors import EngineError
from engine.nodes import publish
from engine.progress import Progress
from engine.registry import Json
from engine.store import Artefact, digest_of


def embed_given(data: Dataset, given: Supplied, asked: dict[str, Json], key: str, progress: Progress) -> Artefact:
    """Check the person's vectors block by block, put them on the grid, and keep the distinct ones."""
    dimension = given.dimension(data)
    facts = given.facts(data)
    made_by: dict[str, Json] = {"member": asked["member"], "version": asked["version"], "facts": facts}
    node_spec = made_by | {"rows": data.fingerprint}
    nodes_identity = digest_of(node_spec)
    spec = asked | {"nodes": nodes_identity, "facts": facts, "embedder": digest_of(made_by)}
    there = data.store.find("vectors", digest_of(spec))
    if there:
        return there
    folder = data.store.workbench("vectors", digest_of(spec))
    rows = new_grid(folder / "rows.npy", data.n, dimension)
    hashes = np.zeros((data.n, 2), np.uint64)
    start = 0
    progress("checking vectors", 0, data.n)
    for vectors, present in given.blocks(data):
        bad = first_bad(vectors[present])
        if bad:
            row = start + int(np.flatnonzero(present)[bad[0]])
            raise EngineError(
                f"The vector of row {row:,} {bad[1]}. Mend it, or leave it out (an empty list cell), and embed again."
            )
        grid = np.zeros(vectors.shape, np.int16)
        grid[present] = to_grid(vectors[present])
        rows[start : start + len(grid)] = grid
        hashes[start : start + len(grid)][present] = _vector_hashes(grid[present])
        start += len(grid)
        progress("checking vectors", start, data.n)
    texts = publish(data, "given vectors", node_spec, hashes)
    first = texts.array("first")
    draft = data.store.draft("vectors")
    distinct_rows = new_grid(draft / "grid.npy", len(first), dimension)
    for at in range(0, len(first), 65536):
        distinct_rows[at : at + 65536] = rows[first[at : at + 65536]]
    if isinstance(distinct_rows, np.memmap):
        distinct_rows.flush()
    else:
        np.save(draft / "grid.npy", distinct_rows)
    notes: dict[str, Json] = {"dimension": dimension, "facts": facts, **texts.notes}
    return data.store.publish("vectors", key, spec, {}, notes, draft=draft)


def _vector_hashes(grid: np.ndarray) -> np.ndarray:
    """uint64 (k, 2): 128 bits of BLAKE2 of each vector's bytes."""
    body = np.ascontiguousarray(grid, "<i2")
    joined = b"".join(hashlib.blake2b(row.data, digest_size=16).digest() for row in body)
    return np.frombuffer(joined, "<u8").reshape(-1, 2)
