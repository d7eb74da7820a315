"""What the page Clean offers."""

from pathlib import Path

from engine.building import build
from tests.engine.small import corpus
from ui.clean.signals import begins, scores


def test_real_numbers_are_offered_before_whole_ones_and_what_names_rows_comes_last(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"id": [1, 2], "text": ["a", "b"], "turns": [3, 4], "price": [0.5, 1.5], "user_id": [7, 7]})
    assert scores(data) == ["price", "turns", "id", "user_id"]


def test_sizes_of_groups_come_after_what_the_corpus_says_itself(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"id": [1, 2], "text": ["a", "a"], "price": [0.5, 1.5]}), ["exact", "characters"])
    assert scores(data) == ["characters", "price", "exact_copies", "id"]


def test_a_page_where_every_score_is_cut_begins_with_a_score_and_not_with_the_id(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"id": [1, 2], "text": ["a", "b"], "turns": [3, 4], "price": [0.5, 1.5]})
    ordered = scores(data)
    assert [ordered[begins(data, ordered, cut)] for cut in ((), ("price",), ("price", "turns"))] == [
        "price",
        "turns",
        "price",
    ]
