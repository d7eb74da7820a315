"""Answers of annotators: each keeps its own, what they agree on holds, where they differ somebody settles it."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.marks import Answer, Desk, answer, answers, bring_in, settle, settled, unanswer
from tests.engine.small import corpus


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_what_all_say_holds_and_what_they_differ_on_is_open_until_it_is_settled(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "a", "b", "a"]})
    answer(data, rows(0, 1, 2), "label", "x", annotator="ada", seconds=1.5)
    answer(data, rows(1), "label", "y", annotator="bo")
    answer(data, rows(0), "label", "x", annotator="bo")
    answer(data, rows(3), "label", None, annotator="bo")
    answer(data, rows(2), "other", "z", annotator="bo")
    found = settled(data, "label")
    assert (found.rows.tolist(), found.labels) == ([0, 2], ("x", "x"))
    assert (found.open.tolist(), found.unsure.tolist()) == ([1], [3])
    settle(data, rows(1), "label", "y")
    assert settled(data, "label").labels == ("x", "y", "x")
    assert [(a.row, a.annotator, a.label) for a in answers(data, "label") if a.row == 1] == [
        (1, "", "y"), (1, "ada", "x"), (1, "bo", "y"),
    ]  # fmt: skip
    assert answers(data, "label")[0].seconds == 1.5 and answers(data, "label")[0].at.endswith("+00:00")
    assert unanswer(data, rows(1), "label") == 1 and settled(data, "label").open.tolist() == [1]


def test_one_who_could_not_tell_does_not_stand_against_one_who_could(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a"]})
    answer(data, rows(0), "label", None, annotator="ada")
    answer(data, rows(0), "label", "x", annotator="bo")
    assert settled(data, "label").labels == ("x",)


def test_undo_takes_back_ones_own_last_answer_and_gives_the_one_before(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b"]})
    answer(data, rows(0), "label", "x", annotator="ada", who="1")
    answer(data, rows(0), "label", "y", annotator="ada", who="1")
    answer(data, rows(1), "label", "z", annotator="bo", who="2")
    Desk(data.store, "1").undo()
    assert settled(Dataset.load(data.store), "label").labels == ("x", "z")


@pytest.mark.parametrize("label", ["", "  ", "x" * 201])
def test_an_answer_is_a_label_of_some_letters(tmp_path: Path, label: str) -> None:
    data = corpus(tmp_path, {"label": ["a"]})
    with pytest.raises(EngineError):
        answer(data, rows(0), "label", label, annotator="ada")
    with pytest.raises(EngineError, match="not a name for an annotator"):
        answer(data, rows(0), "label", "x", annotator=" ")


def test_a_label_is_kept_as_it_is_written(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": [" spaced ", "עברית", "<b>"]})
    for row, label in enumerate(data.strings("label", data.rows())):
        answer(data, rows(row), "label", label, annotator="ada")
    assert settled(data, "label").labels == (" spaced ", "עברית", "<b>")


def test_answers_from_elsewhere_keep_their_annotator_and_their_time_and_go_with_one_undo(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "a"]})
    answer(data, rows(0), "label", "x", annotator="ada", seconds=2.0)
    given = [
        Answer(0, "x", "ada", "2020-01-01T00:00:00Z"),  # says what stands here: its time and seconds stay
        Answer(1, "y", "ada", "2020-01-01T02:00:00+02:00"),
        Answer(1, "z", "bo", ""),
    ]
    assert bring_in(data, "label", given, who="1") == 2
    assert bring_in(data, "label", given, who="1") == 0
    first, second, third = answers(data, "label")
    assert (first.seconds, second.seconds, second.at) == (2.0, None, "2020-01-01T00:00:00+00:00")
    assert third.label == "z" and settled(data, "label").open.tolist() == [1]
    Desk(data.store, "1").undo()
    assert [a.row for a in answers(data, "label")] == [0]
    with pytest.raises(EngineError, match="200 is the most"):
        bring_in(data, "label", [Answer(2, "x", "ada", ""), Answer(2, "x" * 201, "bo", "")])
    assert len(answers(data, "label")) == 1
