"""The numbers of the overview, counted by hand."""

import math
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from engine.dataset.dataset import Dataset
from engine.look.overview import overview, summarise


def test_every_column_of_twelve_rows(small_dataset: Dataset) -> None:
    found = overview(small_dataset).summaries
    assert {k: (s.missing, s.empty, s.distinct) for k, s in found.items()} == {
        "id": (0, 0, 12),
        "text": (1, 1, 10),
        "length": (1, 0, 9),
        "price": (2, 0, 10),
        "kind": (1, 0, 4),
        "label": (0, 0, 4),
        "day": (1, 0, 11),
        "likes": (5, 1, 7),
    }


def test_frequent_values_come_most_first_and_ties_in_order_of_appearance(small_dataset: Dataset) -> None:
    assert summarise(small_dataset, "kind").frequent == [("animal", 3), ("food", 3), ("space", 3), ("empty", 2)]
    assert summarise(small_dataset, "text").frequent[0] == ("The cat sat on the mat", 2)


def test_frequent_numbers_too_come_in_order_of_appearance(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"text": "some text", "n": n} for n in (9, 3, 9, 3, 5)])
    assert summarise(data, "n").frequent == [("9", 2), ("3", 2), ("5", 1)]


def test_extremes_are_rows(small_dataset: Dataset) -> None:
    price = summarise(small_dataset, "price")
    assert [(e.row, e.number) for e in price.lowest] == [(11, -1.0), (10, 0.0), (0, 1.5)]
    assert [(e.row, e.value) for e in price.highest] == [(8, "30.0"), (7, "20.0"), (6, "10.0")]
    text = summarise(small_dataset, "text")
    assert [(e.row, e.number) for e in text.highest[:2]] == [(6, 28), (7, 26)]
    assert (text.lowest[0].row, text.lowest[0].value) == (9, "Ünïcödé wörds, too")


def test_the_middle_is_the_median(small_dataset: Dataset) -> None:
    assert summarise(small_dataset, "price").middle == 3.5
    assert math.isnan(summarise(small_dataset, "price").histogram.edges[0]) is False


def test_repeats_are_counted_in_rows_and_in_texts(small_dataset: Dataset) -> None:
    found = overview(small_dataset).repeats
    assert (found.rows.tolist(), found.texts.tolist(), found.distinct_texts) == ([], [2], 9)


def test_a_histogram_counts_every_value_once(small_dataset: Dataset) -> None:
    for key, of in (("price", "values"), ("day", "date"), ("text", "characters"), ("likes", "members")):
        summary = summarise(small_dataset, key)
        assert summary.histogram.of == of
        assert summary.histogram.counts.sum() == 12 - summary.missing


def test_small_integers_get_a_bar_each(open_rows: Callable[..., Dataset]) -> None:
    h = summarise(open_rows([{"text": "some text", "n": n} for n in (1, 1, 3)]), "n").histogram
    assert (h.edges.tolist(), h.counts.tolist(), h.log) == ([0.5, 1.5, 2.5, 3.5], [2, 0, 1], False)


def test_values_over_orders_of_magnitude_are_drawn_on_a_log_scale(open_rows: Callable[..., Dataset]) -> None:
    h = summarise(open_rows([{"text": "some text", "n": n} for n in (0, 1, 2, 3, 100_000)]), "n").histogram
    assert h.log and h.edges[0] == 0 and h.edges[1] == 1 and h.edges[-1] == 100_000
    assert (h.counts.sum(), h.counts[0]) == (5, 1)


def test_one_value_only_is_one_bar(open_rows: Callable[..., Dataset]) -> None:
    h = summarise(open_rows([{"text": "some text", "n": 7}] * 2), "n").histogram
    assert (h.edges.tolist(), h.counts.tolist()) == ([6.5, 7.5], [2])


def test_integer_codes_look_like_categories_and_amounts_do_not(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows(
        [{"text": "some text", "code": i % 3, "amount": i * 37, "votes": (i % 4) * 100} for i in range(60)]
    )
    assert [summarise(data, k).looks_like for k in ("code", "amount", "votes")] == ["categories", "", ""]


def test_delimited_text_looks_like_lists_and_prose_does_not(open_rows: Callable[..., Dataset]) -> None:
    tags = ["red; blue", "blue", "red; green", "green; blue; red", "red; blue"] * 4
    prose = [f"Well, this is number {i}, and it goes on for a while, as texts do." for i in range(20)]
    data = open_rows([{"text": p, "tags": t} for p, t in zip(prose, tags, strict=True)])
    assert (summarise(data, "tags").looks_like, summarise(data, "tags").delimiter) == ("list", ";")
    assert summarise(data, "text").looks_like == ""


def test_a_column_of_nothing_but_missing_values(open_rows: Callable[..., Dataset]) -> None:
    s = summarise(open_rows([{"text": "some text", "n": None}]), "n")
    assert (s.missing, s.distinct, s.frequent, s.histogram, s.lowest) == (1, 0, [], None, [])


def test_distinct_values_agree_with_arrow_on_many_rows(open_rows: Callable[..., Dataset]) -> None:
    rng = np.random.default_rng(0)
    rows = [{"text": f"word {i}", "x": float(i)} for i in rng.integers(0, 3000, 60_000).tolist()]
    data = open_rows(rows)
    assert summarise(data, "text").distinct == len(pa.compute.unique(data.column("text")))
    assert summarise(data, "x").distinct == len({r["x"] for r in rows})
