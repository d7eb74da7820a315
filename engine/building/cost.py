"""What slow work will cost in time, memory and disk, said before it starts; from rates that were measured."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset, texts_spec
from engine.progress import words
from engine.registry import Json
from engine.store import digest_of

MEGABYTE = 1 << 20

# Seconds on two cores of a server of 2024 at 63,666 texts of 408 characters; good to a factor of two or so.
SENTENCE_CHARACTERS_A_SECOND = {"openvino": 36_000.0, "torch": 14_000.0, "cuda": 3_000_000.0}  # for each core
SENTENCE_CHARACTERS_READ = 1000  # 256 tokens, the limit of the default model
SENTENCE_START = 12.0
LEXICAL_TEXTS_A_SECOND = 11_000.0
LEXICAL_START = 12.0
GIVEN_ROWS_A_SECOND = 120_000.0
PAIRS_A_SECOND = 2.6e8  # compared vectors of 384 dimensions
GRAPH_TEXTS_A_SECOND = 3_600.0  # above the size at which inverted lists take over
GRAPH_EXACT_MOST = 200_000
MAP_TEXTS_A_SECOND, MAP_START = 5_000.0, 8.0
CLUSTER_TEXTS_A_SECOND, CLUSTER_START = 12_000.0, 2.0
TOKENS_A_SECOND_ROWS = 5_000.0
SIGNAL_ROWS_A_SECOND = 100_000.0
PICK_PRODUCTS_A_SECOND, PICK_START = 2.5e10, 0.5  # numbers compared while picking by vectors


@dataclass(frozen=True)
class Cost:
    """seconds; memory: bytes at the peak; disk: bytes that stay."""

    seconds: float
    memory: int
    disk: int

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other: times and disk add up, the larger peak counts."""
        return Cost(self.seconds + other.seconds, max(self.memory, other.memory), self.disk + other.disk)

    def words(self) -> str:
        """As the card says it.

        >>> Cost(300, 900 << 20, 47 << 20).words()
        'about 5 min, 900 MB of memory, 47 MB of disk'
        """
        sizes = (f"{max(1, round(b / MEGABYTE)):,} MB" for b in (self.memory, self.disk))
        return f"about {words(self.seconds)}, {next(sizes)} of memory, {next(sizes)} of disk"


def cost(data: Dataset, made: Mapping[str, Json]) -> Cost:
    """The cost of one spec, without what it stands on."""
    family, member = str(made["family"]), str(made["member"])
    params = cast(dict[str, Json], made["params"])
    if family == "embedding":
        return embedding_cost(data, member, params)
    m = distinct_count(data)
    on = data.added.get(str(made.get("on", "")))
    dimension = cast(int, on.notes.get("dimension", 384)) if on else 384
    vectors = m * dimension * 2
    base = 300 * MEGABYTE
    if family in ("graph", "index"):
        exact = m * m / PAIRS_A_SECOND * dimension / 384
        seconds = exact if m <= GRAPH_EXACT_MOST else m / GRAPH_TEXTS_A_SECOND
        return Cost(seconds, base + 2 * vectors + m * 240, m * 240 if family == "graph" else 0)
    if family == "map":
        return Cost(MAP_START + m / MAP_TEXTS_A_SECOND, base + vectors * 2 + m * 600, m * 12)
    if family == "clusters":
        return Cost(CLUSTER_START + m / CLUSTER_TEXTS_A_SECOND, base + vectors * 2, m * 8)
    rate = TOKENS_A_SECOND_ROWS if member == "tokens" else SIGNAL_ROWS_A_SECOND
    disk = data.n * 8 if family == "signal" else int(data.n * mean_characters(data))
    return Cost(data.n / rate + 0.2, base + data.n * 16, disk)


def picking_seconds(data: Dataset, embedding: str, rows: int, picks: float) -> float:
    """Roughly how long a selector takes that compares texts: each pick with each of the rows that are left.

    Without an embedding there is nothing to compare, and it is done at once.
    """
    if embedding not in data.added:
        return 0.0
    dimension = cast(int, data.added[embedding].notes.get("dimension", 384))
    return PICK_START + min(picks, rows) * rows * dimension / PICK_PRODUCTS_A_SECOND


def embedding_cost(data: Dataset, member: str, params: Mapping[str, Json]) -> Cost:
    """The cost of an embedding: by its own rate on this dataset where there is one, else by rates from elsewhere."""
    m = distinct_count(data)
    ran = [a for a in data.store.artefacts("vectors") if a.spec.get("member") == member]
    same = [
        a for a in ran if a.spec.get("params") == dict(params) and cast(float, a.notes.get("texts_a_second", 0)) > 0
    ]
    dimension = cast(int, ran[-1].notes.get("dimension", 384)) if ran else {"lexical": 256}.get(member, 384)
    disk = m * dimension * 2 + data.n * 4 + m * 28
    if same:
        start = SENTENCE_START if member == "sentence" else 0.0
        seconds = start + m / cast(float, same[-1].notes["texts_a_second"])
    elif member == "lexical":
        seconds = LEXICAL_START * min(1.0, m / 10_000) + m / LEXICAL_TEXTS_A_SECOND
    elif member == "given":
        seconds = data.n / GIVEN_ROWS_A_SECOND
    else:
        seconds = SENTENCE_START + m * mean_characters(data, SENTENCE_CHARACTERS_READ) / _characters_a_second(params)
    memory = {"lexical": 900, "given": 300}.get(member, 1300) * MEGABYTE + data.n * 40
    return Cost(seconds, memory, disk)


def _characters_a_second(params: Mapping[str, Json]) -> float:
    """Of the default model. A GPU is looked for by its device file: asking PyTorch takes seconds."""
    if params.get("device") != "cpu" and os.path.exists("/dev/nvidia0"):
        return SENTENCE_CHARACTERS_A_SECOND["cuda"]
    runtime = "torch" if params.get("runtime") == "torch" else "openvino"
    return SENTENCE_CHARACTERS_A_SECOND[runtime] * (os.cpu_count() or 1)


def distinct_count(data: Dataset) -> int:
    """How many distinct texts there are; the number of rows while nobody has looked."""
    found = data.store.find("texts", digest_of(texts_spec(data)))
    return cast(int, found.notes["nodes"]) if found else data.n


def mean_characters(data: Dataset, most: int = 1 << 40) -> float:
    """Mean length of a text, from 256 rows spread evenly; longer ones count as `most`."""
    if not data.n:
        return 0.0
    rows = np.unique(np.linspace(0, data.n - 1, 256).astype(np.int64))
    return float(np.mean([min(len(t), most) for t in data.texts(rows)]))
