"""The graph among the texts left: the stored one where it serves, else one of their own, made once and kept."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import indexes
from engine.dataset.dataset import Dataset
from engine.dataset.unused import unreferenced
from engine.errors import Cancelled
from engine.vectors import neighbours_left
from engine.vectors.graph_left import GraphLeft, _choice, neighbours_left_seconds
from tests.engine.small import circle, corpus, embedded

ANGLES = [c * 10 + t for c in range(12) for t in (0, 1, 2)]
ONE_OF_EACH = np.arange(0, 36, 3)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """Twelve bundles of three; each text's two neighbours are its own twins. Every graph is worth keeping."""
    monkeypatch.setattr("engine.vectors.graph_left.KEPT_FROM", 0)
    return embedded(corpus(tmp_path, {"n": ANGLES}), circle(ANGLES), k=2)


def left(data: Dataset, nodes: np.ndarray = ONE_OF_EACH, **given: Callable[[str, int, int], None]) -> GraphLeft:
    return neighbours_left(Dataset.load(data.store), "given", nodes, **given)


@pytest.fixture
def never_made(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """After it is called, no graph can be made."""

    def never() -> None:
        monkeypatch.setattr(indexes, "knn_graph", None)

    return never


def test_where_the_stored_graph_serves_it_is_taken(data: Dataset, never_made) -> None:
    never_made()
    found = left(data, np.array([5, 3, 4]))
    assert found.notes is None
    assert [sorted(row) for row in found.neighbours.tolist()] == [[1, 2], [0, 2], [0, 1]]


def test_where_few_neighbours_are_left_it_is_as_if_the_others_had_never_been_there(data: Dataset) -> None:
    found = left(data)
    neighbours, similarity = indexes.knn_graph(indexes.Exact(data.embedding("given").grid[ONE_OF_EACH]), k=2)
    assert found.neighbours.tolist() == neighbours.tolist()
    assert found.similarity.tolist() == similarity.tolist()
    assert found.notes is not None and found.notes["kind"] == "exact"


def test_a_graph_is_made_once_whatever_the_order_of_its_texts(data: Dataset, never_made) -> None:
    first = left(data)
    never_made()
    again = left(data, ONE_OF_EACH[::-1])
    assert (11 - again.neighbours[::-1]).tolist() == first.neighbours.tolist()
    assert again.similarity[::-1].tolist() == first.similarity.tolist()
    assert again.notes == first.notes


def test_what_is_promised_is_nothing_where_none_is_made_and_nothing_once_it_is_kept(data: Dataset) -> None:
    assert neighbours_left_seconds(data, "given", np.array([3, 4, 5])) == 0.0
    assert neighbours_left_seconds(data, "given", ONE_OF_EACH) > 0.0
    left(data)
    assert neighbours_left_seconds(data, "given", ONE_OF_EACH) == 0.0
    assert neighbours_left_seconds(data, "given", ONE_OF_EACH, kept=False) > 0.0


def test_a_graph_that_is_not_what_was_written_is_made_again(data: Dataset) -> None:
    first = left(data)
    (folder,) = (data.store.folder / "graph_left").iterdir()
    np.save(folder / "neighbours.npy", np.zeros((12, 2), np.int32))
    assert left(data).neighbours.tolist() == first.neighbours.tolist()


def test_of_many_graphs_those_used_last_stay(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.vectors.graph_left.KEPT", 2)
    for size in (4, 5, 6):
        left(data, ONE_OF_EACH[:size])
    kept = [len(a.array("neighbours")) for a in data.store.artefacts("graph_left")]
    assert sorted(kept) == [5, 6]


def test_who_watches_may_stop_it_and_nothing_half_made_stays(data: Dataset) -> None:
    def stop(what: str, done: int, total: int) -> None:
        assert what == "Finding neighbours among the rows left"
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        left(data, progress=stop)
    assert not data.store.artefacts("graph_left")


def test_how_a_graph_is_made_follows_from_its_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: range(64))
    monkeypatch.setattr(sys.modules["indexes.choose"], "gpu_seen", lambda: "torch-gpu")
    monkeypatch.setattr(sys.modules["indexes.choose"], "available_memory", lambda: 1 << 20)
    assert [_choice(m, 384).kind for m in (100_000, 200_000)] == ["exact", "ivf"]


def test_a_graph_that_nobody_used_for_a_week_may_go(data: Dataset) -> None:
    left(data)
    (folder,) = (data.store.folder / "graph_left").iterdir()
    assert unreferenced(data.store) == []
    week = time.time() - 8 * 86400
    os.utime(folder, (week, week))
    (loose,) = unreferenced(data.store)
    assert (loose.path, loose.why) == (
        folder, "a neighbour graph of rows left not used for 8 days; made again when asked for",
    )  # fmt: skip
