"""What comes over the wire from groups: only what is there is answered, and only what is in a group is judged, once."""

from pathlib import Path

import numpy as np
import pytest

from engine.pairs import grouped
from tests.engine.small import corpus, with_pairs
from ui.reader.book import Standing
from ui.reader.groups import Act, Judged, Shelf, answer_to


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Shelf, list[Act]]:
    data = with_pairs(corpus(tmp_path, {"text": ["a", "b", "c", "d"]}), [(0, 1, 0.9), (0, 2, 0.8)], lowest=0.7)
    done: list[Act] = []

    def act(what: Act) -> str:
        done.append(what)
        return f"{what.kind} {what.row}"

    found = grouped(data.pairs("made"), 0.7)
    made = Shelf(
        data, found, np.array([0]), "digest",
        lambda rows: [Standing()] * len(rows), lambda rows: [Judged()] * len(rows), lambda rows: rows > 9, act,
    )  # fmt: skip
    return made, done


def test_a_group_comes_with_the_row_that_stays_first_and_then_the_least_similar(shelf: tuple[Shelf, list[Act]]) -> None:
    found = answer_to({"ask": "group", "at": 0, "list": "digest", "to": 30}, shelf[0], [])
    assert (found["stays"], found["size"]) == (0, 3)
    rows = found["rows"]
    assert isinstance(rows, list) and [(r["row"], r["similarity"]) for r in rows] == [(0, 1.0), (2, 0.8), (1, 0.9)]
    listed = answer_to({"ask": "groups", "from": 0, "to": 60, "list": "digest"}, shelf[0], [])
    assert listed == {"groups": [[0, 3, 0.8, "a", False]]}


WRONG = [
    *(None, {}, {"kind": "burn"}, {"kind": "keep", "stays": -1, "row": 0}, {"kind": "keep", "stays": 0, "row": 3}),
    {"kind": "all", "stays": "0", "row": 0},
]


@pytest.mark.parametrize("told", WRONG)
def test_what_means_nothing_or_is_of_no_group_is_said_and_not_done(
    told: object, shelf: tuple[Shelf, list[Act]]
) -> None:
    assert answer_to({"ask": "act", "act": told}, shelf[0], [])["wrong"] is True
    assert shelf[1] == []


def test_an_act_that_was_sent_twice_is_done_once(shelf: tuple[Shelf, list[Act]]) -> None:
    done: list[tuple[object, str]] = []
    wire = {"ask": "act", "act": {"id": 7, "kind": "apart", "stays": 0, "row": 2}}
    assert [answer_to(wire, shelf[0], done), answer_to(wire, shelf[0], done)] == [{"said": "apart 2"}] * 2
    assert len(shelf[1]) == 1 and shelf[1][0].rows.tolist() == [0, 2, 1]


def test_a_question_of_other_groups_gets_an_empty_answer(shelf: tuple[Shelf, list[Act]]) -> None:
    assert answer_to({"ask": "group", "at": 0, "list": "old"}, shelf[0], []) == {}
    assert answer_to({"ask": "group", "at": 5, "list": "digest"}, shelf[0], []) == {}
    assert answer_to({"ask": "find", "stays": 1}, shelf[0], []) == {"at": -1}
