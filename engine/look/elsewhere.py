"""Rows of other datasets that are like a few examples: more to learn from where a set is small."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from engine.dataset import Dataset, Examples, examples
from engine.errors import EngineError
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import plain
from engine.vectors import comparable
from indexes import GRID, to_float

COPY = 0.95
"""Similarity to an example from which a row is taken for a copy of it, as efficacy takes it."""
BLOCK = 1 << 13
By = Literal["mean", "nearest"]
Kind = Literal["parquet", "jsonl"]


@dataclass(frozen=True)
class Helper:
    """A row of another dataset. example: the text of the one that it is most like; wanted: the target of that;
    similarity: to it, -1 to 1."""

    dataset: str
    row: int
    key: str
    text: str
    similarity: float
    example: str
    wanted: str


@dataclass(frozen=True)
class Searched:
    """A dataset that was to be looked through. texts: different ones that were; embedding: whose vectors were compared;
    why_not: why nothing was, with the way out, "" where all is well."""

    dataset: str
    texts: int
    embedding: str
    why_not: str = ""


@dataclass(frozen=True)
class Elsewhere:
    """What other datasets have for some examples. found: the best first, each text once. copies: rows 0.95 alike or
    more, the most similar first; they are in `found` only where that was asked for."""

    name: str
    examples: int
    found: tuple[Helper, ...]
    copies: tuple[Helper, ...]
    searched: tuple[Searched, ...]

    def json(self) -> dict[str, Json]:
        """All of it, for programs."""
        return {name: plain(value) for name, value in vars(self).items()}

    def table(self) -> pa.Table:
        """The rows found as a table that can be opened as a dataset: the text, where it comes from, what it is like."""
        columns = {
            "text": "text", "source_dataset": "dataset", "source_key": "key", "wanted": "wanted",
            "similarity": "similarity", "example": "example",
        }  # fmt: skip
        return pa.table({name: [getattr(one, of) for one in self.found] for name, of in columns.items()})

    def written(self, kind: Kind) -> bytes:
        """The same as a file."""
        if kind == "parquet":
            import pyarrow.parquet as pq

            with pa.BufferOutputStream() as sink:
                pq.write_table(self.table(), sink)
                return bytes(sink.getvalue())
        import orjson

        return b"".join(orjson.dumps(row) + b"\n" for row in self.table().to_pylist())


def elsewhere(
    data: Dataset,
    wanted: str,
    others: Sequence[Dataset],
    *,
    most: int = 200,
    by: By = "mean",
    copies: bool = False,
    progress: Progress = quiet,
) -> Elsewhere:
    """Find the rows of other datasets that are most like some examples, by the vectors of the same model.

    wanted: a ref of examples with vectors (`examples_ref`). by: rows go by their mean similarity to the examples of the
    target that suits them best, or by the nearest example; equal ones by dataset and row. most: so many are found, each
    text once. copies: whether rows that are examples themselves, or 0.95 alike, are among them. Similarities are exact.
    The first half of retrieval-augmented data augmentation (Seo et al. 2024), which then writes new texts after these.
    Raises `EngineError` where the examples have no vectors, or no other dataset can be looked through.
    """
    seeds = examples(data, wanted)
    searched = [_comparable(other, seeds) for other in others]
    if not any(one.embedding for one in searched):
        why = " ".join(f"{one.dataset}: {one.why_not}" for one in searched) or "There is none beside this one."
        raise EngineError(f"No other dataset can be looked through. {why}")
    near = []
    for at, (other, one) in enumerate(zip(others, searched, strict=True)):
        progress("Looking through other datasets", at, len(others))
        near.append(_nearest(other, one.embedding, seeds) if one.embedding else _Near.none())
    progress("Looking through other datasets", len(others), len(others))
    similarity = np.concatenate([one.similarity for one in near])
    score = np.concatenate([one.mean for one in near]) if by == "mean" else similarity
    of = np.repeat(np.arange(len(others)), [len(one.similarity) for one in near])
    node = np.concatenate([np.arange(len(one.similarity)) for one in near])

    def helper(place: int) -> Helper:
        at = int(of[place])
        return _helper(others[at], searched[at], int(node[place]), near[at], seeds)

    alike = [helper(place) for place in np.argsort(-similarity, kind="stable")[: int((similarity >= COPY).sum())]]
    said, taken = set(seeds.texts), set[str]()
    found: list[Helper] = []
    for place in np.argsort(-score, kind="stable").tolist():
        if len(found) == most:
            break
        if similarity[place] >= COPY and not copies:
            continue
        row = helper(place)
        if row.text.strip() and row.text not in taken and (copies or row.text not in said):
            taken.add(row.text)
            found.append(row)
    return Elsewhere(seeds.name, len(seeds.texts), tuple(found), tuple(alike), tuple(searched))


@dataclass(frozen=True)
class _Near:
    """Of each distinct text of a dataset: similarity float32 (m,) to its most similar example, which int64 (m,) that
    is; mean float64 (m,), similarity to all examples of the target that suits it best."""

    similarity: np.ndarray
    which: np.ndarray
    mean: np.ndarray

    @staticmethod
    def none() -> "_Near":
        return _Near(np.zeros(0, np.float32), np.zeros(0, np.int64), np.zeros(0))


def _comparable(other: Dataset, seeds: Examples) -> Searched:
    """The newest embedding of a dataset that can be compared with the examples, or why there is none."""
    keys = other.keys_of("embedding")
    for key in reversed(keys):
        if comparable(other, key, seeds.identity, seeds.embedder, seeds.vectors.shape[1]):
            return Searched(other.name, len(other.embedding(key).texts), key)
    why = f"Its vectors ({', '.join(keys)}) are of another model." if keys else "It has no vectors."
    return Searched(
        other.name, 0, "", f"{why} Embed both by one model that comes ready: winnow embed {other.name} "
        "--embedder sentence.",
    )  # fmt: skip


def _nearest(other: Dataset, embedding: str, seeds: Examples) -> _Near:
    vectors, wanted, names = other.embedding(embedding), to_float(seeds.vectors), list(seeds.set_names())
    mine = np.array([names.index(name) for name in seeds.sets])
    # Sums over whole numbers, which are exact whatever their order.
    whole = np.stack([seeds.vectors[mine == at].astype(np.int64).sum(axis=0) for at in range(len(names))])
    size = np.bincount(mine) * float(GRID) ** 2
    found = _Near(*(np.empty(len(vectors.grid), kind) for kind in (np.float32, np.int64, np.float64)))
    for start in range(0, len(vectors.grid), BLOCK):
        part = slice(start, start + BLOCK)
        alike = vectors.floats(part) @ wanted.T
        found.which[part], found.similarity[part] = alike.argmax(axis=1), alike.max(axis=1)
        found.mean[part] = (vectors.grid[part].astype(np.float64) @ whole.T.astype(np.float64) / size).max(axis=1)
    return found


def _helper(other: Dataset, one: Searched, node: int, near: _Near, seeds: Examples) -> Helper:
    row, example = other.embedding(one.embedding).texts.first[node : node + 1], int(near.which[node])
    return Helper(
        one.dataset, int(row[0]), other.keys(row)[0], other.texts(row)[0], float(near.similarity[node]),
        seeds.texts[example], seeds.sets[example],
    )  # fmt: skip
