"""What is given to members and what they give back: distinct texts, vectors, graph, map, topics, verdicts and picks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal, cast

import numpy as np

from engine.registry import Json
from indexes import GRID

TopicLevel = Literal["topic", "group", "area"]


@dataclass(frozen=True)
class DistinctTexts:
    """Distinct texts (or given vectors): identical rows share one, so they cannot fill each other's neighbour lists.

    In a graph each is a node. of_row: int32 (n,), its number for each row, -1 for a row without text. first: int64
    (m,), the first row of each. count: int32 (m,), rows of each.
    """

    identity: str
    of_row: np.ndarray
    first: np.ndarray
    count: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True)
class Vectors:
    """Exact vectors of distinct texts. grid: int16 (m, d), value = integer / 2048, unit rows up to rounding."""

    key: str
    identity: str
    grid: np.ndarray
    texts: DistinctTexts
    notes: Mapping[str, Json]

    def floats(self, texts: np.ndarray | slice) -> np.ndarray:
        """float32 (k, d) of some of them."""
        return self.grid[texts].astype(np.float32) / np.float32(GRID)


@dataclass(frozen=True)
class Graph:
    """The k nearest neighbours of each node.

    neighbours: int32 (m, k), -1 where there are fewer; similarity: float32 (m, k).
    """

    identity: str
    neighbours: np.ndarray
    similarity: np.ndarray
    notes: Mapping[str, Json]


@dataclass(frozen=True)
class Map:
    """A place in the plane for each distinct text.

    x, y: float32 (m,); trust: float32 (m,), share of the true neighbours that are near, 0 to 1. Of 15, among as many as
    `notes` say under `among`; where they say nothing, among the nearest 15.
    """

    key: str
    identity: str
    x: np.ndarray
    y: np.ndarray
    trust: np.ndarray
    texts: DistinctTexts
    notes: Mapping[str, Json]


@dataclass(frozen=True)
class Topics:
    """Clusters in two levels. topic, area: int32 (m,), -1 is noise; names and area_names: by number.

    Where there are many, groups stand between: `group_of`, `group_names`.
    """

    key: str
    identity: str
    topic: np.ndarray
    area: np.ndarray
    names: Mapping[int, str]
    area_names: Mapping[int, str]
    texts: DistinctTexts
    notes: Mapping[str, Json]

    @property
    def group_of(self) -> dict[int, int]:
        """The group between a topic and its area, by topic; empty where there are few topics."""
        stored = cast(Mapping[str, int], self.notes.get("group_of", {}))
        return {int(topic): group for topic, group in stored.items() if int(topic) in self.names}

    @property
    def group_names(self) -> dict[int, str]:
        stored = cast(Mapping[str, str], self.notes.get("group_names", {}))
        there = set(self.group_of.values())
        return {int(group): name for group, name in stored.items() if int(group) in there}

    def level(self, level: TopicLevel) -> tuple[np.ndarray, Mapping[int, str]]:
        """One level of the tree: the number of each text, int32 (m,), -1 is none, and what each number is called."""
        if level == "topic":
            return self.topic, self.names
        if level == "area":
            return self.area, self.area_names
        most = max(int(np.max(self.topic, initial=-1)), *self.group_of, -1)
        group_of = np.full(most + 2, -1, np.int32)  # noise reads the last place
        group_of[list(self.group_of)] = list(self.group_of.values())
        return group_of[self.topic], self.group_names


@dataclass(frozen=True)
class Pairs:
    """Rows that are each other's duplicates; every pair that is said here was verified.

    Rows that are equal for the kind of pairs share a node: a pair of similarity 1 each, that none of them has to be
    written down for, so that what is stored never grows with the square of a group. of_row: int32 (n,), the node of
    each row, -1 for one that is compared with nothing. first, second: int32 (p,), the pairs of different nodes, each
    once; similarity: float32 (p,). spans: int32 (p, 4), where both lie in their texts (start, end in the first, start,
    end in the second), for kinds that find parts of texts. value: what a kind says of each row, (n,), where that is not
    the size of its group. crowded: bool (m,), nodes that were not compared with all that they might be like, because
    those are too many. sizes: int32 (m,), where of two nodes only the smaller may go for the larger, of equal ones the
    later. notes: what else is known: `lowest`, the similarity below which nobody looked; its recall.
    """

    of_row: np.ndarray
    first: np.ndarray
    second: np.ndarray
    similarity: np.ndarray
    spans: np.ndarray | None = None
    value: np.ndarray | None = None
    crowded: np.ndarray | None = None
    sizes: np.ndarray | None = None
    notes: Mapping[str, Json] = field(default_factory=dict)

    def arrays(self) -> dict[str, np.ndarray]:
        """What is stored, by name."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "notes"}
        return {name: array for name, array in found.items() if array is not None}

    @property
    def lowest(self) -> float:
        """The similarity down to which pairs were looked for; 0 where a kind knows only equal rows."""
        return cast(float, self.notes.get("lowest", 0.0))

    @cached_property
    def edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each node those that may go for it: starts int64 (nodes + 1,); nodes int32, similarity float32 (e,)."""
        from scipy.sparse import coo_array

        nodes = int(max(self.of_row.max(initial=-1), self.second.max(initial=-1))) + 1
        stays = np.concatenate([self.first, self.second])
        goes = np.concatenate([self.second, self.first])
        like = np.concatenate([self.similarity, self.similarity])
        if self.sizes is not None:
            fits = self.sizes[stays] - (stays > goes) >= self.sizes[goes]
            stays, goes, like = stays[fits], goes[fits], like[fits]
        whole = coo_array((like, (stays, goes)), shape=(nodes, nodes)).tocsr()
        return whole.indptr.astype(np.int64), whole.indices.astype(np.int32), whole.data.astype(np.float32)


@dataclass(frozen=True)
class Verdict:
    """What a filter says. keep: bool, one a row given; words: position among those rows -> what was judged."""

    keep: np.ndarray
    words: Callable[[int], str]


@dataclass(frozen=True)
class Picked:
    """What a selector says.

    rows: int64 in pick order, without the rows already kept; notes: evidence to show (radius, bound …).
    """

    rows: np.ndarray
    notes: Mapping[str, Json] = field(default_factory=dict)
