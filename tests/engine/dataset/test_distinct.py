"""Distinct texts: identical rows share a node."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.dataset.dataset import Dataset
from engine.dataset.distinct import distinct, distinct_texts, hashes_of, store_texts, text_batches, texts_with_breaks
from engine.dataset.record import change_record
from engine.dataset.typed_artefacts import DistinctTexts
from engine.text.row_text import TextView
from tests.engine.small import corpus


def stored(data: Dataset) -> DistinctTexts:
    """The distinct texts as they are read back from disk, whatever is in memory."""
    store_texts(data)
    return distinct_texts(Dataset.load(data.store))


def test_equal_texts_share_a_node_numbered_by_first_appearance(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["b", "a", "b", "c", "a", "b"]})
    for found in (distinct_texts(data), stored(data)):
        assert found.of_row.tolist() == [0, 1, 0, 2, 1, 0]
        assert found.first.tolist() == [0, 1, 3]
        assert found.count.tolist() == [3, 2, 1]
    assert store_texts(data).notes == {"texts": 3, "rows_without": 0, "repeats": 3}


def test_a_row_without_text_has_no_node(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "", None, " \n\t", "a"]})
    for found in (distinct_texts(data), stored(data)):
        assert found.of_row.tolist() == [0, -1, -1, -1, 0]
    assert store_texts(data).notes["rows_without"] == 3


def test_a_space_more_is_another_text(tmp_path: Path) -> None:
    assert distinct_texts(corpus(tmp_path, {"text": ["a", "a "]})).of_row.tolist() == [0, 1]


def test_no_rows_and_no_texts_give_no_nodes(tmp_path: Path) -> None:
    for texts in ([], ["", ""]):
        data = corpus(tmp_path, {"text": texts})
        assert len(distinct_texts(data)) == len(stored(data)) == 0
        assert store_texts(data).array("hash").shape == (0, 2)


def test_distinct_agrees_with_a_dictionary() -> None:
    random = np.random.default_rng(3)
    hashes = random.integers(0, 4, (500, 2)).astype(np.uint64)
    numbers: dict[tuple[int, int], int] = {}
    expected = [-1 if not h.any() else numbers.setdefault((int(h[0]), int(h[1])), len(numbers)) for h in hashes]
    of_row, first, count = distinct(hashes)
    assert of_row.tolist() == expected
    assert first.tolist() == [expected.index(i) for i in range(len(numbers))]
    assert count.tolist() == [expected.count(i) for i in range(len(numbers))]


def test_hashes_stand_for_the_text_alone() -> None:
    once, twice = hashes_of(["x", "y", "\ud800"]), hashes_of(["y"])
    assert once[1].tolist() == twice[0].tolist()
    assert len({tuple(h) for h in once.tolist()}) == 3


def test_it_is_found_once_and_then_read(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    asked: list[str] = []
    first = store_texts(data, lambda stage, done, total: asked.append(stage))
    assert asked
    asked.clear()
    assert store_texts(data, lambda stage, done, total: asked.append(stage)).identity == first.identity
    assert distinct_texts(data, lambda stage, done, total: asked.append(stage)).identity == first.identity
    assert asked == []


def test_looking_writes_nothing_and_finds_what_is_stored_afterwards(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "a"]})
    before = sorted(data.store.folder.rglob("*"))
    asked: list[str] = []
    looked = [distinct_texts(data, lambda stage, done, total: asked.append(stage)) for _ in range(2)]
    assert asked == ["reading texts"] * 2  # the second look takes what the first one found
    assert sorted(data.store.folder.rglob("*")) == before
    assert {found.identity for found in looked} == {store_texts(data).identity}


def test_texts_come_in_batches_in_row_order(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    assert list(text_batches(data, 2)) == [(0, ["a", "b"]), (2, ["c"])]


def test_the_answer_of_a_pair_is_marked_where_it_begins(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"q": ["who", "what", ""], "a": ["me", "", "that"]}, text="q")
    view = TextView("pair", ("q", "a"), share=0.25)
    change_record(data.store, lambda record: replace(record, text_view=view))
    texts, breaks = texts_with_breaks(Dataset.load(data.store), np.array([0, 1, 2]))
    assert texts == ["who\n\nme", "what", "that"]
    assert breaks == [5, -1, -1]


def test_the_hash_of_a_text_is_frozen() -> None:
    # It is on disk, and known texts are found by it.
    assert hashes_of(["a", "", "é"]).tolist() == [
        [9189440641721877287, 9099881824081077545],
        [0, 0],
        [9564274702767141332, 15830374989782911718],
    ]


def test_distinct_tells_hashes_apart_that_share_one_half() -> None:
    hashes = np.array([[7, 2], [7, 1], [0, 0], [7, 2], [3, 1], [7, 1]], np.uint64)
    of_row, first, count = distinct(hashes)
    assert of_row.tolist() == [0, 1, -1, 0, 2, 1]
    assert first.tolist() == [0, 1, 4]
    assert count.tolist() == [2, 2, 1]
