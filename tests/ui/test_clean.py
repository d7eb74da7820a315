"""What the page Clean offers."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.building import build
from tests.engine.small import corpus
from tests.ui.served import rest, served
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


@pytest.mark.browser
@pytest.mark.slow
def test_beside_a_cut_what_the_score_counts_is_marked_in_the_texts(tmp_path: Path, chromium: Browser) -> None:
    texts = ["Click <b>here</b> to log in\nNews\nClick <b>here</b> to log in", "The first line\nand the second"]
    data = build(corpus(tmp_path, {"text": texts}), ["repeated_share"])
    page = chromium.new_page(viewport={"width": 1440, "height": 1300})
    with served(tmp_path, tmp_path) as address:
        page.goto(f"{address}/clean?dataset={data.name}")
        rest(page)
        page.get_by_label("At most").fill("0.2")
        page.get_by_label("At most").press("Enter")
        page.get_by_text("What the score counts is marked in the texts.").wait_for()
        page.locator(".reader .row", has_text="The first line").wait_for()
        page.locator(".reader mark").first.wait_for()
        assert page.locator(".reader mark").all_inner_texts() == ["Click <b>here</b> to log in"]
        assert page.locator(".reader .row", has_text="News").inner_text().count("to log in") == 2
    page.close()
