"""What the page Choose begins with: from what the data offers, and said why."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.dataset.record import change_record
from engine.look.groups import both_ends, group_columns, groups
from engine.look.offers import balanced, offer, suggested
from engine.recipe.selectors import SELECTORS
from tests.engine.small import clustered, corpus, embedded, with_signal

N = 60


def with_roles(data: Dataset, **roles: str) -> Dataset:
    change_record(
        data.store,
        lambda record: replace(
            record, columns=tuple(replace(c, role=roles.get(c.key, c.role)) for c in record.columns)
        ),
    )
    return Dataset.load(data.store)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Sixty rows: an id of its own for each, a link of its own for each, a split of two values, a label of six."""
    columns = {
        "id": [f"r{i}" for i in range(N)],
        "link": [f"http://a.example/{i}" for i in range(N)],
        "split": ["train" if i % 3 else "test" for i in range(N)],
        "intent": [f"intent {i % 6}" for i in range(N)],
    }
    return with_roles(corpus(tmp_path, columns), id="id", intent="label")


def test_the_label_is_balanced_and_the_id_never(data: Dataset) -> None:
    assert balanced(data) == "intent"
    assert group_columns(data) == ["intent", "split"]
    found = offer(data, SELECTORS["stratified"], data.n)
    assert found.values["column"] == "intent"
    assert "by intent, the label of 6 values" in found.why


def test_without_a_label_the_finest_category_is_balanced(data: Dataset) -> None:
    assert balanced(with_roles(data, intent="")) == "intent"


def test_topics_are_seen_after_the_label_and_balanced_where_nothing_else_is_there(
    data: Dataset, tmp_path: Path
) -> None:
    made = clustered(embedded(data, np.eye(N)), [i % 4 for i in range(N)])
    assert group_columns(made)[:2] == ["intent", "topic@given"]
    assert balanced(with_roles(made, intent="")) == "intent"
    bare = embedded(corpus(tmp_path, {"text": [f"text {i}" for i in range(N)]}), np.eye(N))
    assert balanced(clustered(bare, [i % 4 for i in range(N)])) == "topic@given"


def test_where_nothing_repeats_nothing_is_balanced(tmp_path: Path) -> None:
    assert balanced(corpus(tmp_path, {"name": [f"n{i}" for i in range(N)]})) == ""
    assert "column" not in offer(corpus(tmp_path, {"name": ["a"] * 300}), SELECTORS["stratified"], 300).values


def test_what_is_suggested_is_what_the_data_has_all_for(data: Dataset, tmp_path: Path) -> None:
    assert suggested(data) == "stratified"
    assert suggested(embedded(data, np.eye(N))) == "facility_location"
    assert suggested(embedded(corpus(tmp_path, {"text": list("abc")}), np.eye(3), graph=False)) == ""


def test_the_newest_vectors_are_offered(data: Dataset) -> None:
    made = embedded(embedded(data, np.eye(N), key="old"), np.eye(N)[::-1], key="young")
    found = offer(made, SELECTORS["farthest"], 15_700)
    assert found.values == {"budget": {"amount": 2000, "unit": "rows"}, "embedding": "young", "leave_out_odd": 2.0}
    assert found.why == (
        "2,000 rows are about 13% of the 15,700 that are left; by young, the newest vectors; leave out odd: 2.0"
    )


def test_odd_rows_are_offered_to_be_left_out_only_where_the_graph_is_there_and_columns_that_may_be_left_out_are(
    data: Dataset,
) -> None:
    bare = embedded(with_signal(data, "words", np.arange(N)), np.eye(N), graph=False)
    assert "leave_out_odd" not in offer(bare, SELECTORS["farthest"], N).values
    assert set(offer(bare, SELECTORS["per_topic"], N).values) == {"budget", "embedding"}


def test_the_best_are_taken_by_a_signal_rather_than_by_a_number_of_the_source(tmp_path: Path) -> None:
    numbers = corpus(tmp_path, {"year": [1, 2, 3]})
    assert offer(numbers, SELECTORS["top"], 3).values["column"] == "year"
    assert offer(with_signal(numbers, "words", np.array([1, 2, 3])), SELECTORS["top"], 3).values["column"] == "words"


def test_both_ends_are_who_gains_most_and_who_loses_most(tmp_path: Path) -> None:
    kind = ["a"] * 5 + ["b"] * 3 + ["c"] * 2 + ["d"] * 6
    data = corpus(tmp_path, {"kind": kind})
    chosen = np.array([0, 8, 9, 10])  # one of a, two of c, one of d: c gains, d and b lose
    found = groups(data, "kind", chosen, data.rows())
    assert [found.names[i] for i in both_ends(found, 1)] == ["c", "b"]
    assert [found.names[i] for i in both_ends(found, 2)] == ["c", "a", "d", "b"]


def test_groups_that_lose_every_row_are_counted_and_the_first_six_named(data: Dataset) -> None:
    kept = np.flatnonzero(data.codes("intent")[0] != 2)
    assert groups(data, "intent", kept).loss() == "1 group loses every row: intent 2"
    assert groups(data, "link", np.arange(53)).loss() == (
        "7 groups lose every row: " + ", ".join(f"http://a.example/{i}" for i in range(53, 59)) + " …"
    )
    assert groups(data, "intent", data.rows()).loss() == ""
