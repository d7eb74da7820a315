"""What a file of labels would bring: each person's answer beside those that are here, and nothing lost in silence."""

import json

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import Answer, Arrived, answers_in, arrived, left_json
from engine.marks import answer, answers, bring_in, settle, settled
from tests.engine.small import corpus

OLD, NEW = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return corpus(tmp_path_factory.mktemp("arriving"), {"label": ["x", "y", None, "x", "y", "y"]})


def said(found: Arrived) -> list[tuple[int, str | None, str]]:
    return [(one.row, one.label, one.annotator) for one in found.new]


def test_each_persons_answer_comes_once_and_those_who_differ_wait_to_be_settled(data: Dataset) -> None:
    a, b, c, *_ = data.keys(data.rows())
    answer(data, np.array([1]), "label", "y", annotator="Cy")
    answer(data, np.array([2]), "label", "x", annotator="Cy")
    settle(data, np.array([2]), "label", "x")
    file = [
        *(Answer(a, "x", "7", OLD), Answer(a, "y", "7", NEW), Answer(b, "x", "Ann", OLD)),
        *(Answer(c, "y", "Ann", OLD), Answer("gone", "x", "Ann", OLD), Answer(a, "ham", "Ann", OLD)),
        Answer(a, "x", "n" * 300, OLD),
    ]
    found = arrived(data, "label", file)
    assert sorted(said(found)) == [(0, "y", "7"), (1, "x", "Ann"), (2, "y", "Ann")]
    assert [one.label for one in found.repeated] == ["x"]
    assert sorted(one.why for one in found.left) == ["label unknown", "name unfit", "row unknown"]
    assert [(d.trouble, d.here) for d in found.differing] == [("people differ", ""), ("already corrected", "x")]
    assert bring_in(data, "label", found.new) == 3
    assert settled(data, "label").open.tolist() == [1]
    again = arrived(data, "label", file)
    assert again.new == () and len(again.same) == 3 and len(again.left) == 3
    # Nothing of what is left is lost: it can be corrected and brought again.
    assert [x.label for x in answers_in(left_json(again.left)).answers] == [x.answer.label for x in again.left]
    assert said(arrived(data, "label", file, renamed={"ham": "x"})) == [(0, "x", "Ann")]


def test_the_later_answer_of_a_person_stands_and_one_without_a_time_only_where_it_is_asked_for(data: Dataset) -> None:
    a, b, c, *_ = data.keys(data.rows())
    answer(data, np.arange(3), "label", "y", annotator="Ann")
    file = [Answer(a, "x", "Ann", OLD), Answer(b, "x", "Ann", NEW), Answer(c, "x", "Ann")]
    found = arrived(data, "label", file)
    assert said(found) == [(1, "x", "Ann")] and [one.why for one in found.left] == ["answered here"] * 2
    assert ["is not later" in one.words for one in found.left] == [True, False]
    # Of several in one file each person's are put in time where all of theirs for a row say when.
    both = [Answer(c, "x", "Bo", NEW), Answer(c, "y", "Bo", OLD), Answer(c, "y", "Cy", NEW), Answer(c, "x", "Cy")]
    assert said(arrived(data, "label", both)) == [(2, "x", "Bo"), (2, "x", "Cy")]
    dated = arrived(data, "label", file[2:], undated=True)
    assert said(dated) == [(2, "x", "Ann")] and dated.left == ()


def test_answers_without_a_name_are_by_several_whom_nobody_knows_or_by_one_who_is_named(data: Dataset) -> None:
    (a,) = data.keys(np.array([0]))
    file = [Answer(a, "x"), Answer(a, "y"), Answer(a, "x")]
    found = arrived(data, "label", file)
    assert said(found) == [(0, "x", "unnamed"), (0, "y", "unnamed 2"), (0, "x", "unnamed 3")]
    assert found.differing[0].trouble == "people differ"
    bring_in(data, "label", found.new)
    assert len(arrived(data, "label", file).same) == 3 and len(answers(data, "label")) == 3
    assert said(arrived(data, "label", [*file, Answer(a, "y")])) == [(0, "y", "unnamed 4")]
    assert said(arrived(data, "label", file[:2], annotator="Bo")) == [(0, "y", "Bo")]


def test_a_label_is_known_as_it_is_written_then_without_blanks_then_without_an_apostrophe(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = corpus(tmp_path_factory.mktemp("blanks"), {"label": [" bill", "bill", "-parcel", "'q"] * 2})
    keys = data.keys(np.arange(6))
    file = [Answer(k, label) for k, label in zip(keys, (" bill", "bill ", "'-parcel", "'q", "q", "new"), strict=True)]
    found = arrived(data, "label", file, new=["new"])
    assert [one.label for one in found.new] == [" bill", "bill", "-parcel", "'q", "new"]
    assert [one.answer.label for one in found.left] == ["q"]


def test_a_file_of_another_dataset_is_refused_with_the_way_out(data: Dataset) -> None:
    with pytest.raises(EngineError, match=r"None of its 2 keys .*'k1'.*another dataset. Open that one"):
        arrived(data, "label", [Answer("k1", "x"), Answer("k2", "x")])
    assert arrived(data, "label", []).new == ()
    assert json.loads(left_json([])) == []
