"""The stored index of a large corpus: taken again, and refused and built again when it is not what was written."""

import numpy as np
import pytest

import indexes
from engine.building.build import build
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.progress import quiet
from tests.engine.small import corpus, embedded


@pytest.fixture
def data(tmp_path, monkeypatch) -> Dataset:
    """3,000 rows with vectors in 50 bunches, for which inverted lists are chosen as for a large corpus."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(50, 16))[rng.integers(0, 50, 3000)] + 0.3 * rng.normal(size=(3000, 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    monkeypatch.setattr(indexes, "choose", lambda m, d: indexes.Choice("ivf", "cpu", "as if it were large"))
    return embedded(corpus(tmp_path, {"n": list(range(3000))}), vectors, graph=False)


def graph_of(data: Dataset) -> Dataset:
    return build(data, {"graph@given": spec("graph", on="given")}, quiet)


def without_graph(data: Dataset) -> Dataset:
    data.store.remove("graph", data.added["graph@given"].identity)
    return Dataset.load(data.store)


def test_the_index_of_a_large_corpus_is_stored_and_taken_again(data, monkeypatch) -> None:
    data = graph_of(data)
    first = np.array(data.graph("given").neighbours)
    assert "index.bin" in data.added["index@given"].arrays
    assert data.added["index@given"].notes["recall"] >= 0.95
    monkeypatch.setattr(indexes, "build_index", None)
    assert (graph_of(without_graph(data)).graph("given").neighbours == first).all()


@pytest.mark.parametrize("harm", ["a changed byte", "cut short", "of other vectors"])
def test_an_index_that_is_not_what_was_written_is_refused_and_built_again(data, harm) -> None:
    data = graph_of(data)
    first = np.array(data.graph("given").neighbours)
    path = data.added["index@given"].file("index.bin")
    body = bytearray(path.read_bytes())
    if harm == "of other vectors":
        grid = np.asarray(data.embedding("given").grid)[::-1].copy()
        path.unlink()
        indexes.save_index(indexes.build_ivf(grid, nprobe=4, seed=0), path, vectors_digest="another")
    else:
        body[len(body) // 2] ^= 255
        path.write_bytes(body if harm == "a changed byte" else body[: len(body) // 2])
    data = graph_of(without_graph(data))
    assert (data.graph("given").neighbours == first).all()
    sound = data.added["index@given"]
    sound.verify()


def test_a_graph_says_which_kind_of_index_found_it_and_one_of_another_kind_is_another_graph(data, monkeypatch) -> None:
    found = graph_of(data).added["graph@given"]
    lists = found.origin.facts["index"]
    assert lists["kind"] == "ivf" and lists["breadth"].endswith("lists")
    monkeypatch.setattr(indexes, "choose", lambda m, d: indexes.Choice("exact", "cpu", "as if it were small"))
    # The one that is there goes on answering; only one that is made anew is another.
    assert graph_of(data).added["graph@given"].identity == found.identity
    again = graph_of(without_graph(graph_of(data))).added["graph@given"]
    assert again.origin.facts["index"] == {"kind": "exact", "breadth": ""}
    assert again.identity != found.identity
