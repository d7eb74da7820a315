"""Row keys: the same row keeps its key wherever it stands."""

import datetime
import hashlib
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from engine.dataset import content, store_keys
from engine.dataset.dataset import Dataset
from engine.dataset.row_keys import RowKeys


def test_equal_rows_get_a_running_number(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"text": "same text"}, {"text": "other text"}, {"text": "same text"}, {"text": "same text"}])
    first, other, second, third = data.keys(data.rows())
    assert (second, third) == (f"{first}#2", f"{first}#3")
    assert len(first) == 16 and other != first
    assert data.rows_of([third, other, "nothing", first]).tolist() == [3, 1, -1, 0]


def test_ids_are_the_keys_and_repeated_ids_get_a_number(open_rows: Callable[..., Dataset]) -> None:
    rows = [{"i": "x", "text": "a text"}, {"i": "y", "text": "b text"}, {"i": "x", "text": "c text"}]
    data = open_rows(rows, id="i")
    assert data.keys(data.rows()) == ["x", "y", "x#2"]
    assert data.rows_of(["x#2", "y", "x"]).tolist() == [2, 1, 0]


def test_an_id_that_looks_like_a_repeated_one_has_a_key_of_its_own(open_rows: Callable[..., Dataset]) -> None:
    ids = ["a", "a", "a#2", "a#2", "a#2#1", "b#1", "pr#12", "c#"]
    data = open_rows([{"i": i, "text": f"text {n}"} for n, i in enumerate(ids)], id="i")
    keys = data.keys(data.rows())
    assert keys == ["a", "a#2", "a#2#1", "a#2#2", "a#2#1#1", "b#1#1", "pr#12#1", "c#"]
    assert len(set(keys)) == len(ids)
    assert data.rows_of(keys).tolist() == list(range(len(ids)))
    # As they were written before the two were told apart.
    assert data.rows_of(["pr#12", "b#1", "a#2"]).tolist() == [6, 5, 1]


def test_a_row_without_an_id_is_known_by_its_content(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"i": "x", "text": "a text"}, {"i": None, "text": "b text"}], id="i")
    assert data.keys(data.rows()) == ["x", f"{int(data.content(np.array([1]))[0]):016x}"]


def test_content_does_not_depend_on_order_of_columns_width_of_numbers_or_a_new_empty_column() -> None:
    text = pa.array(["a", "b"], pa.large_string())
    plain = content.hashes([("n", pa.array([1, 2])), ("t", text)])
    turned = content.hashes([("t", text), ("n", pa.array([1.0, 2.0]))])
    widened = content.hashes([("t", text), ("n", pa.array(["1", "2"], pa.large_string())), ("new", pa.nulls(2))])
    assert plain.tolist() == turned.tolist() == widened.tolist()
    assert plain[0] != plain[1]


def test_a_row_has_the_same_name_whatever_the_types_of_its_columns() -> None:
    when = datetime.datetime(2020, 1, 1, 10, tzinfo=datetime.UTC)
    typed = [
        ("whole", pa.array([2.0, -0.0])),
        ("price", pa.array([19.9, 1e5])),
        ("fair", pa.array([True, None])),
        ("day", pa.array([datetime.date(2020, 1, 1), None])),
        ("time", pa.array([when, None], pa.timestamp("us", "UTC"))),
    ]
    spelled = {
        "whole": ["2.0", "-0.0"],
        "price": ["19.90", "1e5"],
        "fair": ["TRUE", None],
        "day": ["2020-01-01", None],
        "time": ["2020-01-01T10:00:00Z", None],
    }
    texts = [(key, pa.array(cells, pa.large_string())) for key, cells in spelled.items()]
    assert content.hashes(typed, whatever_type=True).tolist() == content.hashes(texts, whatever_type=True).tolist()
    timed = [column for column in typed if column[0] != "day"]  # a day counts as its midnight
    assert content.hashes(timed, whatever_type=True).tolist() == content.hashes(timed).tolist()
    assert content.hashes(texts).tolist() != content.hashes(typed).tolist()


def test_a_code_is_no_number() -> None:
    one, two = content.hashes([("a", pa.array(["007", "7"], pa.large_string()))], whatever_type=True)
    assert one != two


def test_values_cannot_slide_from_one_column_into_the_next() -> None:
    one = content.hashes([("a", pa.array(["x1:y"], pa.large_string())), ("b", pa.array([""], pa.large_string()))])
    two = content.hashes([("a", pa.array(["x"], pa.large_string())), ("b", pa.array(["1:y"], pa.large_string()))])
    assert one.tolist() != two.tolist()


def test_missing_and_empty_differ() -> None:
    hashes = content.hashes([("a", pa.array(["", None], pa.large_string()))])
    assert hashes[0] != hashes[1]


def test_the_content_hash_is_frozen() -> None:
    # Marks are kept by these keys: a change here would lose them all.
    columns = [("n", pa.array([1])), ("f", pa.array([0.5])), ("t", pa.array(["é"])), ("l", pa.array([["a", None]]))]
    written = 'f\x1f3:0.5l\x1f10:["a",null]n\x1f1:1t\x1f2:é'.encode()
    assert int.from_bytes(hashlib.blake2b(written, digest_size=8).digest()) == 4801259774909915976
    assert content.hashes(columns).tolist() == [4801259774909915976]


def test_keys_are_made_once_for_a_revision(small_dataset: Dataset) -> None:
    first = store_keys(small_dataset)
    again = store_keys(Dataset.load(small_dataset.store))
    assert first.identity == again.identity
    assert len(small_dataset.store.artefacts("keys")) == 1


def test_looking_at_keys_writes_nothing_and_stored_ones_are_the_same(small_dataset: Dataset) -> None:
    before = sorted(small_dataset.store.folder.rglob("*"))
    looked = small_dataset.keys(small_dataset.rows())
    assert small_dataset.rows_of(looked).tolist() == small_dataset.rows().tolist()
    assert sorted(small_dataset.store.folder.rglob("*")) == before
    store_keys(small_dataset)
    again = Dataset.load(small_dataset.store)
    assert again.keys(again.rows()) == looked


def test_keys_of_no_rows_are_none(small_dataset: Dataset) -> None:
    assert small_dataset.keys(np.empty(0, np.int64)) == []
    assert small_dataset.rows_of([]).tolist() == []


def test_keys_made_from_the_content_alone_are_still_found() -> None:
    content_, name = np.array([5, 6, 6], np.uint64), np.array([7, 8, 8], np.uint64)
    keys = RowKeys(content_, name, np.array([0, 0, 1], np.int32), None)
    assert keys.of_rows(np.arange(3)) == ["0000000000000007", "0000000000000008", "0000000000000008#2"]
    assert keys.rows_of(["0000000000000005", "0000000000000006#2", "0000000000000007"]).tolist() == [0, 2, 0]
